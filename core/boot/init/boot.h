// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_BOOT_BOOT_H
#define UC_BOOT_BOOT_H
#include <uc/types.h>
#include <uc/bootparams.h>

extern struct boot_params boot_params;
/* Ends the machine with a report to the host; kind as in uc/abi/mux.h. */
UC_NORETURN void boot_stop(unsigned kind, unsigned value);
/* traced: every call comes by the C dispatcher and is logged (uc/trace.h); else calls go straight
 * through the table. */
void boot_dispatch_init(bool traced);
/* Root file system from the bundle or device memory. 0 or -errno, with the reason logged. */
int boot_mount_root(void);
void boot_mount_volumes(void);
/* Devices come a while after the program has started, unless something needs them before. */
void boot_devices_late(void);
/* Optional: what is random is from now on as prepare= says, the clock stands still. */
__attribute__((weak)) void boot_prepare(void);
#endif
