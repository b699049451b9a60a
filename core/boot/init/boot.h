// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_BOOT_BOOT_H
#define UC_BOOT_BOOT_H
#include <uc/types.h>
#include "params.h"

extern struct boot_params boot_params;
/* Ends the machine with a report to the host; kind as in uc/abi/mux.h. */
UC_NORETURN void boot_stop(unsigned kind, unsigned value);
/* fast: calls go straight through the table; else every call comes by the C dispatcher. */
void boot_dispatch_init(bool fast);
/* Set by the trace µlib when it is linked in and asked for. */
extern void (*boot_trace_enter)(uint64_t nr, const uint64_t a[6]);
extern void (*boot_trace_leave)(uint64_t nr, const uint64_t a[6], long ret);
/* Root file system from the bundle or device memory. 0 or -errno, with the reason logged. */
int boot_mount_root(void);
void boot_mount_volumes(void);
#endif
