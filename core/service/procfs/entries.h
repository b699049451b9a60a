// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PROCFS_ENTRIES_H
#define UC_PROCFS_ENTRIES_H
/* Entries about the machine, as opposed to processes. 0 or -errno. */
int procfs_add_system(void);
#endif
