// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_LAUNCH_KEPT_H
#define UNICORE_LAUNCH_KEPT_H
/* What was built for a run is kept in CACHE/images under a key of all that it was made from. */
#include <unicore/util.h>

void uc_key_text(struct uc_sha256 *k, const char *s);
/* By identity, size and time, not content; what is not there adds nothing. */
void uc_key_file(struct uc_sha256 *k, const char *path);
void uc_key_tree(struct uc_sha256 *k, const char *dir); /* the same of all below; dir may be NULL */

/* The folder, made. Allocated; NULL after a message. */
char *uc_kept_folder(void);
/* Removes what was not used for two weeks. */
void uc_kept_prune(const char *images);
void uc_kept_used(const char *path);
#endif
