// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_FCNTL_PRIVATE_H
#define UC_FCNTL_PRIVATE_H
/* The parts of fcntl(2), one file each. f is referenced by the caller. */
#include <uc/filecall.h>
long uc_fcntl_lock(struct uc_file *f, int cmd, uc_uptr arg);
#endif
