// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_ROOTFS_H
#define UNICORE_ROOTFS_H
/*
 * Takes what programs need at run time from a source root into an image tree: the files themselves
 * with every link on the way, the ELF interpreter and shared libraries as the dynamic loader would
 * find them, and by rule (rules.c, docs/design/0006-rootfs-closure.md) what they open with dlopen
 * or by fixed names. Functions print their message and return a UC_ST_* status, 0 for success.
 */
#include <unicore/elf.h>
#include <unicore/exit.h>
#include <unicore/root.h>
#include <unicore/tree.h>
#include <unicore/util.h>

struct uc_object {  /* an ELF file that is in the tree */
	char *path; /* canonical, in the root */
	struct uc_elf elf;
	const struct uc_object *requester; /* who needs it; NULL: a program or plug-in */
	bool optional;                     /* a plug-in: what it lacks only makes it unusable */
	bool program;
	bool musl; /* its libraries are searched as musl does */
	bool resolved;
};

struct uc_rootfs {
	/* set by the caller */
	const struct uc_root *root;
	struct uc_tree *tree;
	const struct uc_map
		*by_name;         /* NULL, or file name -> path: libraries that are kept outside the
	                                 search path and linked by update-alternatives */
	const struct uc_vec *env; /* NAME=VALUE strings of the program, or NULL */
	struct uc_map *cache; /* shared by the roots of an image: library name -> allocated path */
	bool allow_missing;   /* a missing library is a warning */
	bool own_names;       /* names are looked up as the root's nsswitch.conf(5) says; images
	                         have one of their own */
	bool whole;           /* the tree already has the whole root: no rules, no ld.so.cache */
	/* private */
	struct uc_map objects; /* canonical path -> struct uc_object */
	struct uc_vec confdirs, fired, missing;
	char *unusable; /* the last library that was there but no use, and why; or NULL */
	bool conf_read;
	int status;   /* first failure */
	char *failed; /* path of the first failed pick of a tree, for the message */
};

/* Adds a file, folder (itself only) or link with everything on the way. -ENOENT …; nothing
 * printed. */
int uc_rootfs_pick(struct uc_rootfs *r, const char *path);
/* Adds a folder with all it holds. skip: names (shell patterns, space-separated) left out, or
 * NULL. */
int uc_rootfs_pick_tree(struct uc_rootfs *r, const char *path, const char *skip);
/*
 * Adds the program `path` (an ELF file, or a script with its interpreter). name is used in
 * messages. *canon (allocated, may be NULL) gets its canonical path.
 */
int uc_rootfs_program(struct uc_rootfs *r, const char *path, const char *name, char **canon);
/* Resolves libraries and rules until nothing is added any more. */
int uc_rootfs_close(struct uc_rootfs *r);
void uc_rootfs_free(struct uc_rootfs *r);
/* Content of an ld.so.cache for name -> path entries (glibc's format 1.1). */
void uc_ldcache_make(const struct uc_map *libs, struct uc_buf *out);

/* ---- for the parts of the library ---- */
struct uc_object *uc_rootfs_object(struct uc_rootfs *r, const char *canon,
				   const struct uc_object *requester, bool optional);
/* Is path a shared object for the guest? *canon (allocated, true only) is where; else r->unusable
 * may say why. */
bool uc_rootfs_usable(struct uc_rootfs *r, const char *path, char **canon);
/* Finds and adds the library `name` for an object. false: not found. */
bool uc_rootfs_library(struct uc_rootfs *r, struct uc_object *o, const char *name);
/* The interpreter line of a script without "#!"; NULL if the file is none. Allocated. */
char *uc_script_line(const struct uc_root *root, const char *canon);
bool uc_script_is_shell(const char *line); /* such a line */
/*
 * Adds what the script at canon with that line (changed) needs: its interpreter and, for a shell
 * script, programs of the root that it names. name is used in messages.
 */
int uc_rootfs_script(struct uc_rootfs *r, char *line, const char *canon, const char *name);
/* If canon is a script in a folder of programs: adds its interpreter if the root has it. */
void uc_rootfs_script_beside(struct uc_rootfs *r, const char *canon);
/* Fires the rules that apply; true if any fired. */
bool uc_rootfs_rules(struct uc_rootfs *r);
/* Adds the modules in `dir` that the root's nsswitch.conf(5) names. */
void uc_rootfs_name_service(struct uc_rootfs *r, const char *dir);
/* Adds libraries that objects may dlopen(): those whose names are texts in them. true: some. */
bool uc_rootfs_opened_by_name(struct uc_rootfs *r);
#endif
