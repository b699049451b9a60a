// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_LAUNCH_KEPT_H
#define UNICORE_LAUNCH_KEPT_H
/* What was made for a run is kept under a key of all that it was made from: images in CACHE/images,
 * starts where prepare.c says. */
#include <sys/stat.h>
#include <time.h>

#include <unicore/util.h>

void uc_key_text(struct uc_sha256 *k, const char *s);
/* By identity, size and time, not content; what is not there adds nothing. */
void uc_key_file(struct uc_sha256 *k, const char *path);
/* The same without the name. */
void uc_key_inode(struct uc_sha256 *k, const struct stat *st);
void uc_key_tree(struct uc_sha256 *k, const char *dir); /* the same of all below; dir may be NULL */

/* The folder of images, made. Allocated; NULL after a message. */
char *uc_kept_folder(void);
/* Bounds for that folder: two weeks, and so many entries (an image and its lock). */
#define UC_KEPT_IMAGES_SECONDS (14 * 24 * 3600)
#define UC_KEPT_IMAGES_MOST 1024
/* Removes from a folder what was not used for so many seconds, and of the rest all but the most
 * last used ones. 0: no such bound. */
void uc_kept_prune(const char *folder, time_t seconds, size_t most);
void uc_kept_used(const char *path);
#endif
