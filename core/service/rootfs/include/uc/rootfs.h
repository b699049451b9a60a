// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_ROOTFS_H
#define UC_ROOTFS_H
/*
 * A file system in memory over a read-only lower layer, an EROFS image used in place.
 * An inode of the image that is changed stays in memory with only what changed: attributes, pages,
 * directory entries. Without an image it is tmpfs
 * (uc_tmpfs_new, uc_tmpfs_file_new: uc/vfs.h). Context: thread.
 */
#include <uc/vfs.h>

/* A file system over the image (page-aligned at base and phys, len bytes; it must stay in place).
 * 0, -ENOMEM, or that of uc_erofs_open, after a line in the log. */
int uc_rootfs_new(const void *image, uc_paddr phys, uint64_t len, struct uc_super **out);
/* The same, mounted as the root. */
int uc_rootfs_mount(const void *image, uc_paddr phys, uint64_t len);
#endif
