// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_OPEN_IMPL_H
#define UC_OPEN_IMPL_H
/* The part of open(2) that begins when the entry is known. */
#include <uc/vfs.h>
/* Checks combinations and drops flags that do not apply. 0 or -EINVAL. */
int uc_open_flags(unsigned *flags);
/* Opens d. created: the caller has just made it, so its mode does not restrict this open. */
struct uc_file *uc_open_checked(struct uc_dentry *d, unsigned flags, bool created);
#endif
