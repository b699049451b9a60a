// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_INIT_H
#define UC_INIT_H
/*
 * Start-up hooks. A µlib that is linked into an image registers its start function with
 * UC_INITCALL; core/boot runs them by stage, inside a stage in link order, with the scheduler
 * running (hooks may block) from stage UC_STAGE_DEVICE on. A hook that fails logs why; the boot
 * goes on (a missing device degrades, it does not prevent).
 */
#include <uc/types.h>
/* Macros, not constants: the number becomes part of the section name, by which the linker sorts. */
#define UC_STAGE_CORE 0
#define UC_STAGE_BUS 1
#define UC_STAGE_DEVICE 2
#define UC_STAGE_FS 3
#define UC_STAGE_LATE 4
struct uc_initcall { const char *name; int (*fn)(void); };
#define UC_INITCALL(stage, func) UC_INITCALL_(stage, func)
#define UC_INITCALL_(stage, func) \
	static const struct uc_initcall uc_initcall_##func \
	__attribute__((used, section(".uc_initcall." #stage))) = { #func, func }
#endif
