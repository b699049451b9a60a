// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_UNPACK_H
#define UNICORE_UNPACK_H
/*
 * Unpacks tar entries below a folder of the host that stands for a root file system. Nothing is
 * ever written outside: each parent is resolved with links followed inside the folder only. Files
 * on disk belong to us and have no set-id bits; the owners and modes that they should have are in
 * `owners`.
 */
#include <unicore/root.h>
#include <unicore/util.h>

struct archive;

struct uc_unpack {
	struct uc_root root;            /* root.dir: the folder, which exists */
	bool whiteouts;                 /* .wh. files of OCI layers remove what lower layers have */
	bool (*skip)(const char *path); /* NULL, or entries to leave out */
	struct uc_map owners;           /* path -> struct uc_owner, where the disk says otherwise */
	struct uc_vec paths;            /* of this archive, canonical, in its order */
	struct uc_map made;             /* all paths of this archive */
};
/* Reads all entries of an open archive. `what` is named in messages. Prints; UC_ST_*. */
int uc_unpack_entries(struct uc_unpack *u, struct archive *a, const char *what);
/* Opens path (tar, compressed or not) and unpacks it. */
int uc_unpack_file(struct uc_unpack *u, const char *path);
/* Forgets what belongs to one archive (paths, made), keeps owners. */
void uc_unpack_next(struct uc_unpack *u);
void uc_unpack_free(struct uc_unpack *u);
/* Owners as text lines `UID GID MODE PATH`, and back (values are allocated). -EINVAL: malformed. */
void uc_owners_write(const struct uc_map *owners, struct uc_buf *out);
int uc_owners_read(const char *text, size_t n, struct uc_map *owners);
#endif
