// SPDX-License-Identifier: BSD-3-Clause
/*
 * Caches that packages make on installation by programs of their own: which modules a library has,
 * compiled settings. The programs run from the unpacked root, with its loader and libraries.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <unicore/deb.h>
#include <unicore/msg.h>

#define LIBS "/usr/lib/x86_64-linux-gnu"

/* {}: the folder of the unpacked root. `what` must exist; `out` is taken from standard output if
 * printed is set. Paths of the root in it are made absolute ones of the image. */
static const struct trigger {
	const char *program, *what, *arg, *env, *out;
	bool printed;
} triggers[] = {
	{ LIBS "/gdk-pixbuf-2.0/gdk-pixbuf-query-loaders", LIBS "/gdk-pixbuf-2.0/2.10.0/loaders",
	  NULL, "GDK_PIXBUF_MODULEDIR={}" LIBS "/gdk-pixbuf-2.0/2.10.0/loaders",
	  LIBS "/gdk-pixbuf-2.0/2.10.0/loaders.cache", true },
	{ LIBS "/glib-2.0/glib-compile-schemas", "/usr/share/glib-2.0/schemas",
	  "{}/usr/share/glib-2.0/schemas", NULL, "/usr/share/glib-2.0/schemas/gschemas.compiled",
	  false },
	{ LIBS "/glib-2.0/gio-querymodules", LIBS "/gio/modules", "{}" LIBS "/gio/modules", NULL,
	  LIBS "/gio/modules/giomodule.cache", false },
	{ "/usr/sbin/libgvc6-config-update", LIBS "/graphviz", "-c",
	  "GVBINDIR={}" LIBS "/graphviz", LIBS "/graphviz/config6a", false },
	{ "/usr/bin/update-mime-database", "/usr/share/mime/packages", "{}/usr/share/mime", NULL,
	  "/usr/share/mime/mime.cache", false },
};

static char *with_root(const char *text, const char *dir)
{
	const char *at = text ? strstr(text, "{}") : NULL;

	if (!at) return text ? uc_xstrdup(text) : NULL;
	return uc_xasprintf("%.*s%s%s", (int)(at - text), text, dir, at + 2);
}

static int run_program(const struct trigger *t, const char *dir, struct uc_buf *out)
{
	char *ld = uc_xasprintf("%s/usr/lib64/ld-linux-x86-64.so.2", dir);
	char *libs = uc_xasprintf("%s" LIBS, dir), *exe = uc_xasprintf("%s%s", dir, t->program);
	char *arg = with_root(t->arg, dir), *env = with_root(t->env, dir);
	const char *argv[] = { "env", "-i", env ? env : "LC_ALL=C", ld, "--library-path",
			       libs,  exe,  arg,                    NULL };
	struct uc_buf err = { 0 };
	int rc = uc_run(argv, NULL, out, &err);

	if (rc)
		uc_note(1, "%s failed, so %s is not made: %.*s", t->program, t->out,
			(int)(err.n < 400 ? err.n : 400), err.p ? err.p : "");
	uc_buf_free(&err);
	free(ld);
	free(libs);
	free(exe);
	free(arg);
	free(env);
	return rc;
}

static void without_root(const struct uc_buf *b, const char *dir, struct uc_buf *out)
{
	size_t n = strlen(dir), from = 0;

	for (const char *p; from < b->n && (p = memmem(b->p + from, b->n - from, dir, n));) {
		uc_buf_add(out, b->p + from, (size_t)(p - b->p) - from);
		from = (size_t)(p - b->p) + n;
	}
	uc_buf_add(out, b->p + from, b->n - from);
}

static void run_trigger(const struct trigger *t, const char *dir)
{
	char *file = uc_xasprintf("%s%s", dir, t->out);
	struct uc_buf text = { 0 }, clean = { 0 };

	if (!run_program(t, dir, &text)) {
		if (!t->printed) {
			uc_buf_free(&text);
			if (uc_file_read(file, 1u << 24, &text)) text = (struct uc_buf){ 0 };
		}
		if (text.n) {
			without_root(&text, dir, &clean);
			if (uc_file_write(file, clean.p, clean.n, 0644))
				uc_note(1, "%s cannot be written", t->out);
		}
	}
	uc_buf_free(&text);
	uc_buf_free(&clean);
	free(file);
}

static bool there(const char *dir, const char *path)
{
	char *host = uc_xasprintf("%s%s", dir, path);
	bool yes = access(host, R_OK) == 0;

	free(host);
	return yes;
}

void uc_deb_triggers(const char *dir)
{
	for (size_t i = 0; i < sizeof(triggers) / sizeof(*triggers); i++)
		if (there(dir, triggers[i].program) && there(dir, triggers[i].what))
			run_trigger(&triggers[i], dir);
}
