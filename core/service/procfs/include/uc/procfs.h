// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PROCFS_H
#define UC_PROCFS_H
/* /proc. Other µlibs add entries with uc_procfs_register (uc/vfs.h) or, for directories, links and
 * writable files, with uc_pseudo_add(&uc_procfs, …). Context: boot or thread. */
#include <uc/pseudofs.h>
extern struct uc_pseudo_fs uc_procfs;
/* Adds n static entries to a directory of /proc. 0 or the first error. */
int uc_procfs_add(const char *dir, struct uc_pseudo_entry *e, unsigned n);
#endif
