// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_ROOT_H
#define UNICORE_ROOT_H
/*
 * A source root: a folder of the host that holds a Linux file system (the host's own `/`, an
 * unpacked set of packages or layers, a folder given by the user). Paths inside are absolute;
 * symbolic links are followed inside the root only, as if it were `/`.
 */
#include <sys/stat.h>

#include <unicore/util.h>

struct uc_root {
	char *dir;       /* host folder without a final slash; "" is the host's own root */
	bool keep_owner; /* owners on disk mean something; else everything is root's */
	const struct uc_map
		*owners; /* path -> struct uc_owner: overrides owner and mode on disk; or NULL */
};
struct uc_owner {
	uint32_t uid, gid;
	mode_t mode; /* permission bits */
};

char *uc_root_host(const struct uc_root *r,
		   const char *path); /* host path of an absolute path; allocated */
/*
 * Follows path. 0: *canon (allocated) is free of links, *st describes it; or -ENOENT, -ENOTDIR,
 * -ELOOP, -EACCES. trail (may be NULL) collects every link crossed, in order. With nofollow a link
 * in the last component is the result.
 */
int uc_root_lookup(const struct uc_root *r, const char *path, bool nofollow, struct uc_vec *trail,
		   char **canon, struct stat *st);
bool uc_root_has(const struct uc_root *r, const char *path); /* something that is not a folder */
/* Absolute paths that match a shell pattern, sorted; links inside the pattern's folders are
 * followed. */
void uc_root_glob(const struct uc_root *r, const char *pattern, struct uc_vec *out);
/* Names in a folder, sorted; 0 or -errno. */
int uc_root_list(const struct uc_root *r, const char *dir, struct uc_vec *names);
void uc_root_owner(const struct uc_root *r, const char *canon, const struct stat *st,
		   struct uc_owner *out);
#endif
