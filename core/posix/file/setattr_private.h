// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_SETATTR_PRIVATE_H
#define UC_SETATTR_PRIVATE_H
#include <uc/filecall.h>
/* Looks the path up and sets the attributes. */
long uc_setattr_path(int dfd, uc_uptr path, unsigned lookup, const struct uc_attr *a);
/* The same for an open descriptor. */
long uc_setattr_fd(int fd, const struct uc_attr *a);
#endif
