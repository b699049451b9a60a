// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_REPORT_H
#define UC_REPORT_H
/* Report of a fatal fault in the application to the log, as one readable block: what happened,
 * registers, code bytes, the mapping concerned, a backtrace with symbols.
 * Context: thread, may block. */
#include <uc/arch.h>
#include <uc/vfs.h>
#include <uc/vm.h>
struct uc_report {
	int pid, tid;
	const char *comm;
	struct uc_mm *mm;      /* the active address space */
	struct uc_fsctx *fs;   /* to open the mapped files by name */
	int sig, code;         /* as in siginfo_t */
	uint64_t addr;
};
/* An optional µlib: NULL in an image linked without it. */
__attribute__((weak)) void uc_report(const struct uc_report *in, const struct uc_regs *r);
#endif
