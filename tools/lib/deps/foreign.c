// SPDX-License-Identifier: BSD-3-Clause
/* Programs of other architectures: libraries and imports as their loader would find them, system
 * calls by linear scan. */
#include <elf.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <unicore/elf.h>
#include <unicore/msg.h>
#include <unicore/scan.h>

#include "internal.h"

static const struct arch {
	uint16_t machine;
	uint8_t bits;
	const char *name, *dirs[9]; /* where libraries are searched */
	uint32_t numbers;           /* whose system calls */
} archs[] = {
	{ EM_AARCH64,
	  64,
	  "aarch64",
	  { "/lib/aarch64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/aarch64-linux-gnu/lib",
	    "/lib64", "/usr/lib64", "/lib", "/usr/lib" },
	  SCMP_ARCH_AARCH64 },
	{ EM_ARM,
	  32,
	  "arm",
	  { "/lib/arm-linux-gnueabihf", "/usr/lib/arm-linux-gnueabihf",
	    "/usr/arm-linux-gnueabihf/lib", "/lib/arm-linux-gnueabi", "/usr/lib/arm-linux-gnueabi",
	    "/lib", "/usr/lib" },
	  SCMP_ARCH_ARM },
	{ EM_386,
	  32,
	  "x86",
	  { "/lib/i386-linux-gnu", "/usr/lib/i386-linux-gnu", "/lib32", "/usr/lib32", "/lib",
	    "/usr/lib" },
	  SCMP_ARCH_X86 },
};

struct closure {
	struct uc_deps *d;
	const struct arch *arch;
	const char *root;
	struct uc_elf *elf; /* of each file */
};

static const struct arch *arch_of(const struct uc_elf *e)
{
	for (size_t i = 0; i < sizeof(archs) / sizeof(*archs); i++)
		if (archs[i].machine == e->machine && archs[i].bits == e->bits && !e->big_endian)
			return &archs[i];
	return NULL;
}

bool uc_deps_is_foreign(const char *root, const char *path)
{
	char *host = uc_path_join(root ? root : "/", path);
	const char *why;
	struct uc_elf e;
	bool yes = uc_elf_read(host, &e, &why) == UC_ELF_OK;

	if (yes) {
		yes = arch_of(&e) != NULL;
		uc_elf_free(&e);
	}
	free(host);
	return yes;
}

/* ---- files ---- */

static bool add(struct closure *c, const char *path, uint32_t by, enum uc_deps_role role)
{
	char *host = uc_path_join(c->root, path), *why;
	struct uc_deps *d = c->d;
	const char *bad;
	struct uc_elf e;

	if (uc_elf_read(host, &e, &bad) != UC_ELF_OK) {
		free(host);
		return false;
	}
	if (arch_of(&e) != c->arch) {
		uc_elf_free(&e);
		free(host);
		return false;
	}
	why = role == UC_DEPS_PROGRAM  ? uc_xstrdup("the program")
	      : role == UC_DEPS_LOADER ? uc_xstrdup("loads the program")
				       : uc_xasprintf("needed by %s", d->files[by].path);
	c->elf = uc_room(c->elf, d->nfiles, sizeof(*c->elf));
	d->files = uc_room(d->files, d->nfiles, sizeof(*d->files));
	c->elf[d->nfiles] = e;
	d->files[d->nfiles++] =
		(struct uc_deps_file){ .path = uc_xstrdup(path),
				       .soname = e.soname ? uc_xstrdup(e.soname) : NULL,
				       .host = host,
				       .why = why,
				       .by = by,
				       .role = role };
	return true;
}

static bool is_there(const struct closure *c, const char *name)
{
	for (size_t i = 0; i < c->d->nfiles; i++)
		if (!strcmp(uc_path_base(c->d->files[i].path), name) ||
		    (c->d->files[i].soname && !strcmp(c->d->files[i].soname, name)))
			return true;
	return false;
}

static bool add_from(struct closure *c, const char *dir, const char *name, uint32_t by)
{
	char *path = uc_path_join(dir, name);
	bool ok = add(c, path, by, UC_DEPS_LIBRARY);

	free(path);
	return ok;
}

static bool add_from_list(struct closure *c, const char *list, const char *name, uint32_t by)
{
	char *copy = list ? uc_xstrdup(list) : NULL, *save, *dir;
	bool found = false;

	for (dir = copy ? strtok_r(copy, ":", &save) : NULL; dir && !found;
	     dir = strtok_r(NULL, ":", &save)) {
		char *origin = uc_path_dir(c->d->files[by].path);
		char *full = uc_has_prefix(dir, "$ORIGIN") ? uc_path_join(origin, dir + 7)
							   : uc_xstrdup(dir);

		found = add_from(c, full, name, by);
		free(full);
		free(origin);
	}
	free(copy);
	return found;
}

static bool add_from_dirs(struct closure *c, const char *name, uint32_t by)
{
	for (size_t i = 0; c->arch->dirs[i]; i++)
		if (add_from(c, c->arch->dirs[i], name, by))
			return true;
	return false;
}

static int add_library(struct closure *c, const char *name, uint32_t by, bool allow_missing)
{
	bool found = is_there(c, name) || add_from_list(c, c->elf[by].rpath, name, by) ||
		     add_from_list(c, c->elf[by].runpath, name, by);

	if (found || add_from_dirs(c, name, by))
		return 0;
	if (allow_missing) {
		uc_warn(name, "needed by %s, but not found", c->d->files[by].path);
		c->d->partial = true;
		return 0;
	}
	return uc_fail(UC_ST_UNAVAILABLE, name,
		       "give the file system that has it with --root, or use --allow-missing",
		       "needed by %s, but not found", c->d->files[by].path);
}

static int close_over(struct closure *c, bool allow_missing)
{
	for (uint32_t i = 0; i < c->d->nfiles; i++) {
		int rc = 0;

		for (size_t k = 0; k < c->elf[i].needed.n && !rc; k++)
			rc = add_library(c, c->elf[i].needed.v[k], i, allow_missing);
		if (rc)
			return rc;
	}
	return 0;
}

/* ---- what they have ---- */

static void add_imports(struct closure *c)
{
	struct uc_deps *d = c->d;
	const struct uc_map *names = &c->elf[0].imported;

	for (size_t i = 0; i < names->n; i++) {
		uint32_t to = NONE;

		for (uint32_t k = 1; k < d->nfiles && to == NONE; k++)
			if (uc_map_get(&c->elf[k].defined, names->e[i].key))
				to = k;
		d->imports = uc_room(d->imports, d->nimports, sizeof(*d->imports));
		d->imports[d->nimports++] = (struct uc_deps_import){
			.name = uc_xstrdup(names->e[i].key), .file = 0, .to = to
		};
	}
}

static struct uc_deps_path place(uint32_t file, uint64_t at)
{
	struct uc_deps_path p = { .v = uc_xzalloc(sizeof(*p.v)), .n = 1 };

	p.v[0] = (struct uc_deps_step){ .file = file, .function = at, .at = at };
	return p;
}

static void add_calls(struct closure *c, uint32_t file, const struct uc_scan *s)
{
	struct uc_deps *d = c->d;

	for (unsigned nr = 0; nr < UC_SCAN_CALLS; nr++) {
		struct uc_deps_call *call;

		if (!s->sites[nr])
			continue;
		call = uc_deps_call(d, nr);
		call->sites += s->sites[nr];
		if (call->via.n)
			continue;
		call->via = place(file, s->at[nr]);
		call->name = seccomp_syscall_resolve_num_arch(c->arch->numbers, (int)nr);
	}
	if (!s->unknown)
		return;
	d->unknown = uc_room(d->unknown, d->nunknown, sizeof(*d->unknown));
	d->unknown[d->nunknown++] = (struct uc_deps_unknown){
		.why = uc_xasprintf("%zu calls by numbers that are not constants", s->unknown),
		.via = place(file, 0),
	};
}

static void scan_files(struct closure *c)
{
	struct uc_scan *s = uc_xmalloc(sizeof(*s));

	for (uint32_t i = 0; i < c->d->nfiles; i++) {
		size_t n;
		uint8_t *data = (uint8_t *)uc_file_map(c->d->files[i].host, &n);

		if (data && uc_code_scan(data, n, s))
			add_calls(c, i, s);
		if (data)
			munmap(data, n);
	}
	free(s);
}

int uc_deps_foreign(struct uc_deps *d, const char *root, const char *path, bool allow_missing)
{
	struct closure c = { .d = d, .root = root ? root : "/" };
	char *real = root ? uc_xstrdup(path) : realpath(path, NULL), *host;
	struct uc_elf e;
	const char *why;
	int rc;

	host = uc_path_join(c.root, real ? real : path);
	if (uc_elf_read(host, &e, &why) == UC_ELF_OK) {
		c.arch = arch_of(&e);
		uc_elf_free(&e);
	}
	free(host);
	if (!c.arch || !add(&c, real ? real : path, 0, UC_DEPS_PROGRAM)) {
		free(real);
		return uc_fail(UC_ST_DATA, path, NULL, "it cannot be read");
	}
	free(real);
	d->arch = c.arch->name;
	if (c.elf[0].interp && !add(&c, c.elf[0].interp, 0, UC_DEPS_LOADER))
		add_from_dirs(&c, uc_path_base(c.elf[0].interp), 0);
	rc = close_over(&c, allow_missing);
	if (!rc) {
		add_imports(&c);
		scan_files(&c);
		uc_deps_sort_calls(d);
		d->partial = true; /* paths are not followed */
		d->analysed = true;
	}
	for (size_t i = 0; i < d->nfiles; i++)
		uc_elf_free(&c.elf[i]);
	free(c.elf);
	return rc;
}
