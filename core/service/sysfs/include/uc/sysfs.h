// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_SYSFS_H
#define UC_SYSFS_H
/* /sys. Other µlibs add entries with uc_pseudo_add(&uc_sysfs, …). Context: boot or thread. */
#include <uc/pseudofs.h>
extern struct uc_pseudo_fs uc_sysfs;
#endif
