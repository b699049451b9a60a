// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_HOSTNET_H
#define UC_HOSTNET_H
/* bound by core/boot: the boot parameter netdev= (uc/abi/bootparam.h), or NULL. */
const char *uc_upcall_netdev(void);
#endif
