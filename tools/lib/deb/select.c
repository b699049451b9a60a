// SPDX-License-Identifier: BSD-3-Clause
/*
 * Which files of the packages an image gets (docs/design/0006-rootfs-closure.md). By the
 * libraries' rules shared objects come in through the closure; here it is about everything else.
 */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/deb.h>

bool uc_deb_is_ballast(const char *path)
{
	static const char *const dirs[] = {
		"/usr/share/doc",
		"/usr/share/man",
		"/usr/share/info",
		"/usr/share/locale",
		"/usr/share/lintian",
		"/usr/share/bug",
		"/usr/share/doc-base",
		"/usr/share/help",
		"/usr/share/gtk-doc",
		"/usr/share/menu",
		"/usr/share/applications",
		"/usr/share/bash-completion",
		"/usr/share/zsh",
		"/usr/share/fish",
		"/usr/share/pixmaps",
		"/usr/share/gdb",
		"/usr/share/debconf",
		"/usr/share/apport",
		"/usr/lib/debug",
		"/usr/lib/systemd",
		"/lib/systemd",
		"/etc/init.d",
		"/etc/cron.d",
		"/etc/cron.daily",
		"/etc/cron.weekly",
		"/etc/logrotate.d",
		"/etc/bash_completion.d",
		"/etc/apparmor.d",
		"/usr/lib/tmpfiles.d",
		"/usr/lib/sysusers.d",
		"/var/lib/dpkg",
	};
	if (uc_deb_is_copyright(path)) return false;
	for (size_t i = 0; i < sizeof(dirs) / sizeof(*dirs); i++)
		if (uc_path_below(path, dirs[i])) return true;
	return !fnmatch("*.la.dpkg*", path, 0);
}

bool uc_deb_is_program_path(const char *path)
{
	static const char *const dirs[] = { "/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/",
					    "/usr/games/" };

	for (size_t i = 0; i < sizeof(dirs) / sizeof(*dirs); i++)
		if (uc_has_prefix(path, dirs[i]) && !strchr(path + strlen(dirs[i]), '/'))
			return true;
	return false;
}

static bool is_shared_object(const char *path)
{
	const char *base = uc_path_base(path), *so = strstr(base, ".so");

	return so && (so[3] == 0 || so[3] == '.');
}

static bool has_programs(const struct uc_deb *d)
{
	for (size_t i = 0; i < d->paths.n; i++)
		if (uc_deb_is_program_path(d->paths.v[i])) return true;
	return false;
}

/* What packages have beside what programs need at run time. */
enum extra { NONE, TESTS, DEVELOPMENT, NEXTRAS };

static enum extra extra_of(const char *path)
{
	static const char *const development[] = { "*.a", "/usr/lib/*/pkgconfig/*",
						   "/usr/lib/*/cmake/*", "/usr/share/pkgconfig/*",
						   "/usr/share/aclocal/*" };

	if (!fnmatch("/usr/lib/python3*/test/*", path, 0)) return TESTS;
	if (uc_path_below(path, "/usr/include")) return DEVELOPMENT;
	for (size_t i = 0; i < sizeof(development) / sizeof(*development); i++)
		if (!fnmatch(development[i], path, 0)) return DEVELOPMENT;
	return NONE;
}

/* Extras are wanted if a package that was named has any of the kind. */
static void find_extras(const struct uc_debs *debs, bool *wanted)
{
	for (size_t i = 0; i < debs->n; i++)
		for (size_t k = 0; debs->v[i].wanted && k < debs->v[i].paths.n; k++)
			wanted[extra_of(debs->v[i].paths.v[k])] = true;
	wanted[NONE] = true;
}

/* A package without programs that a wanted one depends on: its data, but its libraries by need
 * only. */
static void take_data(const struct uc_deb *d, const bool *extras, struct uc_input *in)
{
	for (size_t i = 0; i < d->paths.n; i++) {
		const char *path = d->paths.v[i];

		if ((!is_shared_object(path) || extras[DEVELOPMENT]) && !strstr(path, "/gconv/") &&
		    !uc_deb_is_copyright(path) && extras[extra_of(path)])
			uc_vec_add(&in->picks, path);
	}
}

static bool on_search_path(const char *path)
{
	static const char *const dirs[] = { "/usr/lib/x86_64-linux-gnu", "/usr/lib", "/usr/lib64" };
	char *dir = uc_path_dir(path);
	bool yes = false;

	for (size_t i = 0; i < sizeof(dirs) / sizeof(*dirs); i++) yes |= !strcmp(dir, dirs[i]);
	free(dir);
	return yes;
}

/* Libraries in folders of their own, for the case that only update-alternatives would link them. */
static void note_libraries(const struct uc_deb *d, struct uc_input *in)
{
	for (size_t i = 0; i < d->paths.n; i++) {
		const char *path = d->paths.v[i];
		void **slot;

		if (!is_shared_object(path) || on_search_path(path)) continue;
		slot = uc_map_put(&in->by_name, uc_path_base(path));
		if (!*slot) *slot = uc_xstrdup(path);
	}
}

/* ---- which packages give their data: those that are reached from a wanted one without passing a
 * package that only brings tools ---- */

static bool is_called(const struct uc_deb *d, const char *name)
{
	return !strcmp(d->name, name) || uc_vec_has(&d->provides, name);
}

static void reach(const struct uc_debs *debs, size_t i, bool *reached)
{
	const struct uc_deb *d = &debs->v[i];

	if (reached[i] || (!d->wanted && has_programs(d))) return;
	reached[i] = true;
	for (size_t k = 0; k < d->depends.n; k++)
		for (size_t m = 0; m < debs->n; m++)
			if (!reached[m] && is_called(&debs->v[m], d->depends.v[k]))
				reach(debs, m, reached);
}

static void take_all(const struct uc_deb *d, struct uc_input *in)
{
	for (size_t i = 0; i < d->paths.n; i++)
		if (!uc_deb_is_copyright(d->paths.v[i])) uc_vec_add(&in->picks, d->paths.v[i]);
}

static char *copy_of(const char *s) { return s ? uc_xstrdup(s) : NULL; }

static void describe(const struct uc_deb *d, struct uc_input *in)
{
	const char *arch = strrchr(d->file, '_');
	struct uc_package *p = uc_packages_add(&in->packages, d->name, d->version);

	p->arch = arch ? uc_xstrndup(arch + 1, strcspn(arch + 1, ".")) : NULL;
	p->source = copy_of(d->source ? d->source : d->name);
	p->file = copy_of(d->file);
	p->sha256 = copy_of(d->sha256);
	uc_deb_licences(in->root.dir, d->name, &p->licences);
	for (size_t i = 0; i < d->paths.n; i++)
		*uc_map_put(&in->packages.of, d->paths.v[i]) = (void *)in->packages.n;
}

void uc_deb_select(const struct uc_debs *debs, struct uc_input *in)
{
	bool *reached = uc_xzalloc(debs->n * sizeof(*reached)), extras[NEXTRAS] = { 0 };

	find_extras(debs, extras);

	for (size_t i = 0; i < debs->n; i++)
		if (debs->v[i].wanted) reach(debs, i, reached);
	for (size_t i = 0; i < debs->n; i++) {
		const struct uc_deb *d = &debs->v[i];

		note_libraries(d, in);
		describe(d, in);
		if (d->wanted) take_all(d, in);
		else if (reached[i]) take_data(d, extras, in);
	}
	free(reached);
}
