// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <unicore/link.h>
#include <unicore/msg.h>

#include "trim.h"

/* What the platforms differ in: where control enters, what must be there, alignment in the file (a
 * process is mapped from it, a machine's firmware copies it). */
static const struct platform {
	const char *name, *entry, *root, *page_size;
} platforms[] = {
	{ UC_PLATFORM_KVM, "uc_pvh_entry", "uc_pvh_note", "max-page-size=64" },
	{ UC_PLATFORM_LINUX, "uc_linux_entry", "uc_linux_entry", "max-page-size=4096" },
};

#define WRAP "__wrap_"
#define GATE "uc_call_gate"

struct job {
	const struct platform *platform;
	struct uc_link *l;
	struct uc_systab tab;
	struct uc_ulibs ulibs;
	struct uc_map handlers, wraps, gate;
	struct uc_vec calls, parts;
	char *work; /* generated scripts, below outdir */
};

/* The image's calls, what the kernel makes in their name, and what they have in common. */
static void collect_calls(struct job *j)
{
	bool path = false, restarts = false;

	for (unsigned nr = 0; nr < j->tab.n && j->l->calls; nr++) {
		if (!j->tab.name[nr] || !uc_vec_has(j->l->calls, j->tab.name[nr])) continue;
		uc_vec_add(&j->calls, j->tab.name[nr]);
		path |= j->tab.path[nr];
		restarts |= j->tab.restarts[nr];
	}
	if (restarts) uc_vec_add_once(&j->calls, UC_CALL_RESTART);
	if (path) uc_vec_add(&j->calls, UC_CALLS_PATH);
	uc_parts_needed(&j->tab, j->l->calls, &j->parts);
	j->l->choice.calls = j->l->calls ? &j->calls : NULL;
}

static int load_tables(struct job *j)
{
	int rc = uc_systab_installed(j->l->libdir, &j->tab);

	if (!rc) collect_calls(j);
	if (!rc) rc = uc_ulibs_installed(j->l->libdir, &j->ulibs);
	if (!rc) rc = uc_ulibs_choose(&j->ulibs, &j->l->choice);
	return rc;
}

/* What a µlib says by its symbols: the calls that it implements; which functions its own stand in
 * for (__wrap_NAME, as ld's --wrap has it); that all calls go through it. */
static int read_names(struct job *j, const char *archive)
{
	int rc = uc_archive_names(archive, UC_HANDLER, &j->handlers);

	if (!rc) rc = uc_archive_names(archive, WRAP, &j->wraps);
	if (!rc) rc = uc_archive_names(archive, GATE, &j->gate);
	return rc;
}

static int find_handlers(struct job *j)
{
	for (size_t i = 0; i < j->ulibs.n; i++) {
		struct uc_ulib *u = &j->ulibs.v[i];
		char *path;
		int rc;

		if (!u->chosen) continue;
		path = uc_path_join(j->l->libdir, u->archive);
		rc = read_names(j, path);
		if (rc)
			rc = uc_fail(UC_ST_UNAVAILABLE, path, "run make, or reinstall unicore",
				     "%s", rc == -EINVAL ? "it is not an archive" : strerror(-rc));
		free(path);
		if (rc) return rc;
		uc_vec_add(&j->l->ulibs, u->name);
	}
	return 0;
}

/* Splits the wanted calls into those that a µlib implements and the rest, in order of their
 * numbers. */
static void select_calls(struct job *j)
{
	for (unsigned nr = 0; nr < j->tab.n; nr++) {
		const char *name = j->tab.name[nr];

		if (!name || (j->l->calls && !uc_vec_has(&j->calls, name))) continue;
		if (uc_map_get(&j->handlers, name)) uc_vec_add(&j->l->linked, name);
		else if (j->l->calls) uc_vec_add(&j->l->missing, name);
	}
}

static void warn_about_handlers(struct job *j)
{
	for (size_t i = 0; i < j->handlers.n; i++)
		if (uc_systab_number(&j->tab, j->handlers.e[i].key) < 0)
			uc_note(1, "uc_sys_%s is no system call in syscalls.tab",
				j->handlers.e[i].key);
	for (size_t i = 0; !j->l->quiet && i < j->l->missing.n; i++)
		uc_warn(j->l->missing.v[i],
			"wanted, but no micro-library implements this system call; "
			"it will fail with ENOSYS");
}

/* A table inside .rodata: offset of each handler (or of the gate before them) from the table, 0
 * where there is none. */
static void add_table(struct job *j, const char *table, const char *gate, struct uc_buf *b)
{
	unsigned n = 0;

	uc_buf_printf(b, "%s = .;\n", table);
	for (size_t i = 0; i < j->l->linked.n; i++) {
		unsigned nr = (unsigned)uc_systab_number(&j->tab, j->l->linked.v[i]);

		for (; n < nr; n++) uc_buf_str(b, "LONG(0)\n");
		uc_buf_printf(b, "LONG(%s%s - %s)\n", gate ? gate : UC_HANDLER,
			      gate ? "" : j->l->linked.v[i], table);
		n++;
	}
	uc_buf_printf(b, "%s_len = ABSOLUTE(%u);\n", table, n);
}

static void systable_text(struct job *j, struct uc_buf *b)
{
	if (j->gate.n) {
		add_table(j, "uc_systable_behind", NULL, b);
		uc_buf_str(b, "uc_systable_behind_end = .;\n");
	}
	add_table(j, "uc_systable", j->gate.n ? GATE : NULL, b);
}

static int write_text(struct job *j, const char *name, struct uc_buf *b)
{
	char *path = uc_path_join(j->work, name);
	int rc = uc_file_write(path, b->p ? b->p : "", b->n, 0644);

	if (rc) rc = uc_fail_os(UC_ST_CANTCREAT, path, NULL, -rc, "cannot write it");
	free(path);
	return rc;
}

/* Roots and archives go through a response file: a command line could grow too long. */
static void response_text(struct job *j, struct uc_buf *b)
{
	for (size_t i = 0; i < j->l->linked.n; i++)
		uc_buf_printf(b, "-u " UC_HANDLER "%s\n", j->l->linked.v[i]);
	for (size_t i = 0; i < j->parts.n; i++)
		uc_buf_printf(b, "-u uc_part_%s\n", j->parts.v[i]);
	if (j->gate.n) uc_buf_str(b, "-u " GATE "\n");
	for (size_t i = 0; i < j->wraps.n; i++)
		uc_buf_printf(b, "--wrap=%s\n", j->wraps.e[i].key);
	uc_buf_str(b, "--start-group\n");
	for (size_t i = 0; i < j->ulibs.n; i++) {
		const struct uc_ulib *u = &j->ulibs.v[i];
		bool whole = u->chosen && u->link != UC_ULIB_NEEDED;

		if (u->chosen)
			uc_buf_printf(b, "%s\"%s/%s\"\n%s", whole ? "--whole-archive\n" : "",
				      j->l->libdir, u->archive,
				      whole ? "--no-whole-archive\n" : "");
	}
	uc_buf_str(b, "--end-group\n");
}

static int generate(struct job *j)
{
	struct uc_buf table = { 0 }, response = { 0 };
	int rc;

	systable_text(j, &table);
	response_text(j, &response);
	rc = write_text(j, "systable.ld", &table);
	if (!rc) rc = write_text(j, "inputs", &response);
	uc_buf_free(&table);
	uc_buf_free(&response);
	return rc;
}

static int run_tool(const char *const argv[], const char *what, const char *mend)
{
	struct uc_buf err = { 0 };
	int rc = uc_run(argv, NULL, NULL, &err);

	if (rc < 0)
		rc = uc_fail(UC_ST_UNAVAILABLE, argv[0], "install binutils", "cannot run it: %s",
			     strerror(-rc));
	else if (rc)
		rc = uc_fail(UC_ST_INTERNAL, what, mend, "%s ended with status %d:\n%s", argv[0],
			     rc, err.p ? err.p : "");
	else if (err.n) uc_note(1, "%s: %s", argv[0], err.p);
	uc_buf_free(&err);
	return rc;
}

/* The kernel's script with the generated table named by its path: INCLUDE looks into the current
 * folder first, where anything of the same name may lie. */
static int localise_script(struct job *j)
{
	static const char include[] = "INCLUDE systable.ld";
	char *path = uc_path_join(j->l->libdir, "kernel.ld"), *at;
	struct uc_buf text = { 0 }, out = { 0 };
	int rc = uc_file_read(path, 1 << 20, &text);

	if (rc)
		rc = uc_fail_os(UC_ST_NOINPUT, path, "run make, or reinstall unicore", -rc,
				"cannot read it");
	else if (!(at = strstr(text.p, include)))
		rc = uc_fail(UC_ST_INTERNAL, path, "run make", "it does not include the table");
	if (!rc) {
		uc_buf_add(&out, text.p, (size_t)(at - text.p));
		uc_buf_printf(&out, "INCLUDE \"%s/systable.ld\"", j->work);
		uc_buf_str(&out, at + sizeof(include) - 1);
		rc = write_text(j, "kernel.ld", &out);
	}
	uc_buf_free(&text);
	uc_buf_free(&out);
	free(path);
	return rc;
}

static int run_ld(struct job *j)
{
	char *script = uc_path_join(j->work, "kernel.ld");
	char *inputs = uc_xasprintf("@%s/inputs", j->work);
	const char *name = j->l->name ? j->l->name : "kernel";
	char *kernel = uc_path_join(j->l->outdir, name);
	char *debug = uc_xasprintf("%s.debug", kernel);
	char *map = uc_xasprintf("-Map=%s/map", j->work);
	const char *ld[] = { "ld",
			     "-m",
			     "elf_x86_64",
			     "-static",
			     "-pie",
			     "--no-dynamic-linker",
			     "-z",
			     "text",
			     "-z",
			     "pack-relative-relocs",
			     "-z",
			     "noexecstack",
			     "-z",
			     j->platform->page_size,
			     "--build-id=none",
			     "--gc-sections",
			     "-e",
			     j->platform->entry,
			     "-u",
			     j->platform->root,
			     "-L",
			     j->work,
			     "-T",
			     script,
			     inputs,
			     "-o",
			     debug,
			     j->l->explain ? map : NULL,
			     NULL };
	const char *strip[] = { "objcopy", "--strip-all", debug, kernel, NULL };
	struct stat st;
	int err = 0, rc = run_tool(ld, "linking the kernel",
			  "a micro-library does not fit the others; run make");

	if (!rc) rc = run_tool(strip, "stripping the kernel", NULL);
	if (!rc) err = uc_elf_trim(kernel);
	if (err)
		rc = uc_fail_os(UC_ST_CANTCREAT, kernel, NULL, -err, "cannot shorten it");
	if (!rc && stat(kernel, &st))
		rc = uc_fail_os(UC_ST_CANTCREAT, kernel, NULL, errno,
				"cannot find what was linked");
	if (!rc) j->l->kernel_bytes = (uint64_t)st.st_size;
	free(script);
	free(inputs);
	free(map);
	free(debug);
	free(kernel);
	return rc;
}

static int explain(struct job *j)
{
	char *map = uc_path_join(j->work, "map");
	int rc = uc_members_read(map, &j->l->members);

	if (!rc) rc = uc_members_explain(&j->l->members, &j->l->linked, &j->parts,
					j->platform->entry);
	if (rc)
		rc = uc_fail_os(UC_ST_INTERNAL, map, "run make", -rc,
				"cannot tell what the kernel is made of");
	free(map);
	return rc;
}

int uc_link_kernel(struct uc_link *l)
{
	struct job j = { .l = l, .work = uc_path_join(l->outdir, ".link") };
	int rc = uc_mkdirs(j.work, 0777);

	if (!l->choice.platform) l->choice.platform = UC_PLATFORM_KVM;
	j.platform = &platforms[!strcmp(l->choice.platform, UC_PLATFORM_LINUX)];
	if (rc) rc = uc_fail_os(UC_ST_CANTCREAT, j.work, NULL, -rc, "cannot create it");
	if (!rc) rc = load_tables(&j);
	if (!rc) rc = find_handlers(&j);
	if (!rc) {
		select_calls(&j);
		warn_about_handlers(&j);
		rc = generate(&j);
	}
	if (!rc) rc = localise_script(&j);
	if (!rc) rc = run_ld(&j);
	if (!rc && l->explain) rc = explain(&j);
	/* After a failure the generated scripts help to see why. */
	if (!rc || uc_msg_verbosity < 1) uc_rmtree(j.work);
	uc_systab_free(&j.tab);
	uc_ulibs_free(&j.ulibs);
	uc_map_free(&j.handlers);
	uc_map_free(&j.wraps);
	uc_map_free(&j.gate);
	uc_vec_free(&j.calls);
	uc_vec_free(&j.parts);
	l->choice.calls = NULL;
	free(j.work);
	return rc;
}

void uc_link_free(struct uc_link *l)
{
	uc_vec_free(&l->linked);
	uc_vec_free(&l->missing);
	uc_vec_free(&l->ulibs);
	uc_members_free(&l->members);
}
