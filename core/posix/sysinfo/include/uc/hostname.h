// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_HOSTNAME_H
#define UC_HOSTNAME_H
/* The node name of uname(2). Context: any. */
const char *uc_hostname(void);
void uc_hostname_set(const char *name); /* truncated to 64 bytes */
#endif
