// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <unicore/msg.h>
#include <unicore/rootfs.h>

#define SHEBANG_MAX 255 /* as the kernel's BINPRM_BUF_SIZE */

/* The interpreter line of a script without "#!"; NULL if the file is none. Allocated. */
static char *shebang(const struct uc_rootfs *r, const char *canon)
{
	char *host = uc_root_host(r->root, canon), line[SHEBANG_MAX + 1];
	int fd = open(host, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, line, SHEBANG_MAX);

	if (fd >= 0) close(fd);
	free(host);
	if (n < 3 || line[0] != '#' || line[1] != '!') return NULL;
	line[n] = 0;
	line[strcspn(line, "\n")] = 0;
	return uc_xstrdup(line + 2 + strspn(line + 2, " \t"));
}

static char *in_path(const struct uc_rootfs *r, const char *name)
{
	static const char *const dirs[] = { "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin",
					    "/sbin" };

	for (size_t i = 0; i < sizeof(dirs) / sizeof(*dirs); i++) {
		char *path = uc_path_join(dirs[i], name);

		if (uc_root_has(r->root, path)) return path;
		free(path);
	}
	return NULL;
}

/* `#!/usr/bin/env [-S] NAME` runs NAME as well. */
static int env_program(struct uc_rootfs *r, const char *args, const char *name)
{
	char *copy = uc_xstrdup(args), *save, *word, *path;
	int rc = 0;

	for (word = strtok_r(copy, " \t", &save); word; word = strtok_r(NULL, " \t", &save))
		if (word[0] != '-' && !strchr(word, '=')) break;
	path = word ? in_path(r, word) : NULL;
	if (path) rc = uc_rootfs_program(r, path, name, NULL);
	else if (word)
		rc = uc_fail(UC_ST_UNAVAILABLE, word,
			     "name the package that has it as another source",
			     "the script %s needs it, but it is not in the source", name);
	free(path);
	free(copy);
	return rc;
}

static int add_script(struct uc_rootfs *r, char *line, const char *canon)
{
	size_t n = strcspn(line, " \t");
	char *args = line + n + strspn(line + n, " \t");
	int rc;

	line[n] = 0;
	if (!uc_root_has(r->root, line))
		return uc_fail(UC_ST_UNAVAILABLE, line,
			       "name the package or file that has it as another source",
			       "the script %s needs it, but it is not in the source", canon);
	rc = uc_rootfs_program(r, line, canon, NULL);
	if (!rc && !strcmp(uc_path_base(line), "env")) rc = env_program(r, args, canon);
	return rc;
}

static int check_elf(const struct uc_elf *e, const char *name)
{
	char text[64];

	if (!uc_elf_is_native(e))
		return uc_fail(UC_ST_DATA, name, "give a program for 64-bit x86-64 Linux",
			       "it is %s code", uc_elf_describe(e, text, sizeof(text)));
	if (!uc_elf_is_program(e))
		return uc_fail(UC_ST_DATA, name, "give an executable", "it is %s, not a program",
			       e->type == 1   ? "an object file"
			       : e->type == 4 ? "a core dump"
					      : "a library");
	if (!e->has_exec_segment)
		return uc_fail(UC_ST_DATA, name, NULL, "it has no executable segment");
	return 0;
}

static int add_elf(struct uc_rootfs *r, const char *canon, const char *name)
{
	char *host = uc_root_host(r->root, canon);
	struct uc_object *o;
	const char *why;
	struct uc_elf e;
	int rc = 0;

	switch (uc_elf_read(host, &e, &why)) {
	case UC_ELF_OK:
		rc = check_elf(&e, name);
		uc_elf_free(&e);
		break;
	case UC_ELF_NOT:
		rc = uc_fail(UC_ST_DATA, name, "a script must begin with #! and its interpreter",
			     "it is neither an ELF program nor a script");
		break;
	case UC_ELF_BAD: rc = uc_fail(UC_ST_DATA, name, NULL, "%s", why); break;
	case UC_ELF_IO: rc = uc_fail(UC_ST_NOINPUT, name, NULL, "cannot read it: %s", why); break;
	}
	free(host);
	if (rc) return rc;
	o = uc_rootfs_object(r, canon, NULL, false);
	if (o) {
		o->program = true;
		o->optional = false;
	}
	return 0;
}

int uc_rootfs_program(struct uc_rootfs *r, const char *path, const char *name, char **canon_out)
{
	char *canon, *line;
	struct stat st;
	int rc = uc_root_lookup(r->root, path, false, NULL, &canon, &st);

	if (rc)
		return uc_fail_os(UC_ST_NOINPUT, name, NULL, -rc,
				  strcmp(name, path) ? path : "no program there");
	if (!S_ISREG(st.st_mode))
		rc = uc_fail(UC_ST_DATA, name,
			     S_ISDIR(st.st_mode) ? "for a folder write dir:PATH" : NULL,
			     "%s is not a regular file", path);
	else if ((rc = uc_rootfs_pick(r, path)))
		rc = uc_fail_os(UC_ST_NOINPUT, name, NULL, -rc, "cannot add it");
	else if (!r->whole && uc_map_get(&r->objects, canon) &&
		 ((struct uc_object *)uc_map_get(&r->objects, canon))->program)
		rc = 0;
	else if ((line = shebang(r, canon))) {
		rc = add_script(r, line, name);
		free(line);
	} else {
		rc = add_elf(r, canon, name);
	}
	if (canon_out && !rc) *canon_out = canon;
	else free(canon);
	return rc;
}
