// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_HOSTNAME_H
#define UC_HOSTNAME_H
/* The node name of uname(2). Context: any. core/boot refers to it weakly. */
#include <uc/types.h>
/* The Linux version whose interface this is: programs compare it with what they need. */
#define UC_UTS_RELEASE "6.1.0-unicore"
#define UC_UTS_VERSION "#1 UNICORE"
const char *uc_hostname(void);
/* 0, or -EINVAL: more than 64 bytes. */
int uc_hostname_set(const char *name, size_t len);
#endif
