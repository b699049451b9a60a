// SPDX-License-Identifier: BSD-3-Clause
/* Shared libraries, searched as ld.so(8) and musl's loader do. */
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/rootfs.h>

static const char *const default_dirs[] = { "/lib/x86_64-linux-gnu",
					    "/usr/lib/x86_64-linux-gnu",
					    "/lib64",
					    "/usr/lib64",
					    "/lib",
					    "/usr/lib",
					    NULL };
static const char *const musl_dirs[] = { "/lib", "/usr/local/lib", "/usr/lib", NULL };
static const char *const hwcaps[] = { "x86-64-v2", "x86-64-v3", "x86-64-v4" };

/* ---- /etc/ld.so.conf ---- */

static void read_conf(struct uc_rootfs *r, const char *path, int depth);

static void conf_include(struct uc_rootfs *r, const char *from, const char *pattern, int depth)
{
	char *dir = uc_path_dir(from);
	char *full = pattern[0] == '/' ? uc_xstrdup(pattern) : uc_path_join(dir, pattern);
	struct uc_vec files = { 0 };

	uc_root_glob(r->root, full, &files);
	for (size_t i = 0; i < files.n; i++) read_conf(r, files.v[i], depth + 1);
	uc_vec_free(&files);
	free(full);
	free(dir);
}

static void conf_line(struct uc_rootfs *r, const char *from, char *line, int depth)
{
	char *save, *word;

	line[strcspn(line, "#")] = 0;
	word = strtok_r(line, " \t\r,:", &save);
	if (word && !strcmp(word, "include")) {
		while ((word = strtok_r(NULL, " \t\r", &save))) conf_include(r, from, word, depth);
		return;
	}
	for (; word; word = strtok_r(NULL, " \t\r,:", &save))
		if (word[0] == '/') uc_vec_add_once(&r->confdirs, word);
}

static void read_conf(struct uc_rootfs *r, const char *path, int depth)
{
	char *canon, *host, *save, *line;
	struct uc_buf b;

	if (depth > 8 || uc_root_lookup(r->root, path, false, NULL, &canon, NULL)) return;
	host = uc_root_host(r->root, canon);
	if (!uc_file_read(host, 1 << 20, &b)) {
		for (line = strtok_r(b.p, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
			conf_line(r, path, line, depth);
		uc_buf_free(&b);
	}
	free(host);
	free(canon);
}

/* ---- candidates ---- */

/* Reads just the candidate's kind; what is no use is remembered for the report of a missing
 * library. */
static bool native_elf(struct uc_rootfs *r, const char *canon)
{
	char *host = uc_root_host(r->root, canon);
	const char *why;
	struct uc_elf e;
	enum uc_elf_result res = uc_elf_read(host, &e, &why);
	bool ok = res == UC_ELF_OK && uc_elf_is_native(&e);

	if (!ok) {
		if (res == UC_ELF_OK) why = "it is for another kind of machine";
		free(r->unusable);
		r->unusable = uc_xasprintf("%s cannot be used: %s", canon, why);
	}
	if (res == UC_ELF_OK) uc_elf_free(&e);
	free(host);
	return ok;
}

bool uc_rootfs_usable(struct uc_rootfs *r, const char *path, char **canon)
{
	struct stat st;
	bool ok;

	if (uc_root_lookup(r->root, path, false, NULL, canon, &st)) return false;
	ok = S_ISREG(st.st_mode);
	/* The loader passes over libraries of another architecture and goes on searching. */
	if (ok && !uc_map_get(&r->objects, *canon)) ok = native_elf(r, *canon);
	if (!ok) {
		free(*canon);
		*canon = NULL;
	}
	return ok;
}

static bool take(struct uc_rootfs *r, struct uc_object *o, const char *path)
{
	char *canon;

	if (!uc_rootfs_usable(r, path, &canon)) return false;
	/* As the requester's, before pick would register it as a plug-in. */
	uc_rootfs_object(r, canon, o, o->optional);
	free(canon);
	return uc_rootfs_pick(r, path) == 0;
}

/* Builds for newer processors beside the baseline: which one is used is known in the guest only. */
static bool take_hwcaps(struct uc_rootfs *r, struct uc_object *o, const char *dir, const char *name)
{
	bool any = false;

	for (size_t i = 0; i < sizeof(hwcaps) / sizeof(*hwcaps); i++) {
		char *path = uc_xasprintf("%s/glibc-hwcaps/%s/%s", dir, hwcaps[i], name);

		any |= take(r, o, path);
		free(path);
	}
	return any;
}

static bool take_from(struct uc_rootfs *r, struct uc_object *o, const char *dir, const char *name,
		      bool global)
{
	char *path = uc_path_join(dir, name);
	bool variants = !o->musl && take_hwcaps(r, o, dir, name), found = take(r, o, path);

	if (found && global && !variants && !o->musl && !uc_map_get(r->cache, name))
		*uc_map_put(r->cache, name) = uc_xstrdup(path);
	free(path);
	return found || variants;
}

/* $ORIGIN, $LIB and $PLATFORM, with or without braces; lib is the value of $LIB. */
static char *expand(const char *text, size_t n, const char *origin, const char *lib)
{
	const struct {
		const char *name, *value;
	} vars[] = {
		{ "ORIGIN", origin },
		{ "LIB", lib },
		{ "PLATFORM", "x86_64" },
	};
	struct uc_buf b = { 0 };

	for (size_t i = 0; i < n; i++) {
		bool brace = text[i] == '$' && i + 1 < n && text[i + 1] == '{', done = false;

		for (size_t v = 0; text[i] == '$' && v < 3 && !done; v++) {
			size_t len = strlen(vars[v].name), at = i + 1 + brace;

			if (at + len + brace > n || strncmp(text + at, vars[v].name, len) ||
			    (brace && text[at + len] != '}'))
				continue;
			uc_buf_str(&b, vars[v].value);
			i = at + len + brace - 1;
			done = true;
		}
		if (!done) uc_buf_add(&b, text + i, 1);
	}
	uc_buf_add(&b, "", 0);
	return b.p;
}

static bool take_from_list(struct uc_rootfs *r, struct uc_object *o, const struct uc_object *owner,
			   const char *list, const char *name)
{
	static const char *const libs[] = { "lib/x86_64-linux-gnu", "lib64", "lib" };
	char *origin = uc_path_dir(owner->path);
	bool found = false;

	while (list && *list && !found) {
		size_t n = strcspn(list, ":");
		bool has_lib = memmem(list, n, "LIB", 3) != NULL;

		for (size_t i = 0; i < (has_lib ? 3 : 1) && n && !found; i++) {
			char *dir = expand(list, n, origin, libs[i]);

			if (dir[0] == '/') found = take_from(r, o, dir, name, false);
			free(dir);
		}
		list += n + (list[n] == ':');
	}
	free(origin);
	return found;
}

static bool by_rpath(struct uc_rootfs *r, struct uc_object *o, const char *name)
{
	if (!o->elf.runpath || o->musl)
		for (const struct uc_object *p = o; p; p = p->requester)
			if (!p->elf.runpath && take_from_list(r, o, p, p->elf.rpath, name))
				return true;
	/* musl searches the run path of everything up to the program. */
	for (const struct uc_object *p = o; p; p = o->musl ? p->requester : NULL)
		if (take_from_list(r, o, p, p->elf.runpath, name)) return true;
	return false;
}

static bool by_dirs(struct uc_rootfs *r, struct uc_object *o, const char *const *dirs,
		    const char *name)
{
	for (; *dirs; dirs++)
		if (take_from(r, o, *dirs, name, true)) return true;
	return false;
}

static bool by_musl(struct uc_rootfs *r, struct uc_object *o, const char *name)
{
	static const char conf[] = "/etc/ld-musl-x86_64.path";
	char *host, *canon, *save, *dir;
	struct uc_buf b;
	bool found = false;

	if (uc_root_lookup(r->root, conf, false, NULL, &canon, NULL))
		return by_dirs(r, o, musl_dirs, name);
	host = uc_root_host(r->root, canon);
	if (!uc_file_read(host, 1 << 16, &b)) {
		for (dir = strtok_r(b.p, ":\n", &save); dir && !found;
		     dir = strtok_r(NULL, ":\n", &save))
			found = take_from(r, o, dir, name, true);
		uc_buf_free(&b);
	}
	uc_rootfs_pick(r, conf);
	free(host);
	free(canon);
	return found;
}

/* musl's loader is its libc; these names never lead to a file. */
static bool musl_itself(const char *name)
{
	static const char *const own[] = { "libc.",  "libpthread.", "librt.",  "libm.",
					   "libdl.", "libutil.",    "libxnet." };

	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		if (uc_has_prefix(name, own[i])) return true;
	return false;
}

/* Debian keeps some libraries in folders of their own and lets update-alternatives link one of
 * them. */
static bool by_alternative(struct uc_rootfs *r, struct uc_object *o, const char *name)
{
	const char *path = r->by_name ? uc_map_get(r->by_name, name) : NULL;
	char *at;

	if (!path || !take(r, o, path)) return false;
	at = uc_xasprintf("/usr/lib/x86_64-linux-gnu/%s", name);
	uc_tree_link(r->tree, at, path, 0, 0);
	if (!uc_map_get(r->cache, name)) *uc_map_put(r->cache, name) = uc_xstrdup(at);
	free(at);
	return true;
}

bool uc_rootfs_library(struct uc_rootfs *r, struct uc_object *o, const char *name)
{
	if (!r->conf_read) {
		r->conf_read = true;
		read_conf(r, "/etc/ld.so.conf", 0);
	}
	if (strchr(name, '/')) {
		char *origin = uc_path_dir(o->path),
		     *path = expand(name, strlen(name), origin, "lib");
		bool found = path[0] == '/' && take(r, o, path);

		free(origin);
		free(path);
		return found;
	}
	if (o->musl && musl_itself(name)) return true;
	if (by_rpath(r, o, name)) return true;
	if (o->musl) return by_musl(r, o, name);
	if (o->elf.nodeflib) return false;
	for (size_t i = 0; i < r->confdirs.n; i++)
		if (take_from(r, o, r->confdirs.v[i], name, true)) return true;
	return by_dirs(r, o, default_dirs, name) || by_alternative(r, o, name);
}
