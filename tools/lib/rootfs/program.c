// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/msg.h>
#include <unicore/rootfs.h>

static int check_elf(const struct uc_elf *e, const char *name)
{
	char text[64];

	if (!uc_elf_is_native(e))
		return uc_fail(UC_ST_DATA, name, "give a program for 64-bit x86-64 Linux",
			       "it is %s", uc_elf_describe(e, text, sizeof(text)));
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
	uc_tree_because(r->tree, "needed to start %s", name);
	if (!S_ISREG(st.st_mode))
		rc = uc_fail(UC_ST_DATA, name,
			     S_ISDIR(st.st_mode) ? "for a folder write dir:PATH" : NULL,
			     S_ISDIR(st.st_mode) ? "it is a folder" : "it is not a regular file");
	else if (!st.st_size)
		rc = uc_fail(UC_ST_DATA, name, "give a program", "it is empty");
	else if ((rc = uc_rootfs_pick(r, path)))
		rc = uc_fail_os(UC_ST_NOINPUT, name, NULL, -rc, "cannot add it");
	else if (!r->whole && uc_map_get(&r->objects, canon) &&
		 ((struct uc_object *)uc_map_get(&r->objects, canon))->program)
		rc = 0;
	else if ((line = uc_script_line(r->root, canon))) {
		rc = uc_rootfs_script(r, line, canon, name);
		free(line);
	} else {
		rc = add_elf(r, canon, name);
	}
	if (canon_out && !rc) *canon_out = canon;
	else free(canon);
	return rc;
}
