// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_MEMBERS_H
#define UNICORE_MEMBERS_H
/*
 * What a kernel was linked from: the objects of the µlibs that are in it, their sections with
 * sizes, and why each object is there. Sizes are bytes.
 */
#include <unicore/util.h>

enum uc_member_why {
	UC_WHY_UNKNOWN,
	UC_WHY_ENTRY,  /* where the platform enters the kernel */
	UC_WHY_CALL,   /* handles the system call `symbol` (uc_sys_NAME) */
	UC_WHY_PART,   /* a part that the calls may need (uc_part_NAME) */
	UC_WHY_DRIVER, /* its µlib is linked whole: a driver, or an option that was chosen */
	UC_WHY_SYMBOL, /* member `by` refers to `symbol` of it, in its section `from` */
};
struct uc_member_section {
	char *name;
	uint64_t bytes;
};
struct uc_member {
	char *ulib, *object; /* "posix_file", "open.c" */
	char *archive;       /* path */
	struct uc_member_section *sections;
	size_t nsections;
	uint64_t bytes; /* of all sections but .bss */
	enum uc_member_why why;
	size_t by;
	char *symbol, *from; /* allocated or NULL */
};
struct uc_members {
	struct uc_member *v;
	size_t n;
};
/* Reads the map that ld wrote (-Map). Objects without sections were read, but nothing of them is in
 * the kernel. 0 or -errno; -EINVAL: not such a map. */
int uc_members_read(const char *map, struct uc_members *out);
/* The same from text, which is changed. */
int uc_members_parse(char *text, struct uc_members *out);
/*
 * Finds out why: follows references from the roots through the sections that are in the kernel.
 * calls, parts: names of what is linked; entry: a symbol. 0 or -errno.
 */
int uc_members_explain(struct uc_members *m, const struct uc_vec *calls, const struct uc_vec *parts,
		       const char *entry);
/* Forgets objects without sections, except on the way to others. */
void uc_members_compact(struct uc_members *m);
void uc_members_free(struct uc_members *m);
#endif
