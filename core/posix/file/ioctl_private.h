// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_FILE_IOCTL_PRIVATE_H
#define UC_FILE_IOCTL_PRIVATE_H
#include <uc/filecall.h>

/* Part file_ioctl (uc/part.h): any request to a file of the current process. */
__attribute__((weak)) long uc_file_ioctl(struct uc_file *f, int fd, unsigned cmd, uc_uptr arg);
#endif
