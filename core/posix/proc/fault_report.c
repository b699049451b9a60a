// SPDX-License-Identifier: BSD-3-Clause
#include <uc/proc.h>
#include <uc/report.h>

void uc_report_fault(struct uc_task *t, const struct uc_regs *r, int sig, int code, uint64_t addr)
{
	struct uc_report in = {
		.pid = t->proc->pid,
		.tid = t->tid,
		.comm = t->proc->comm,
		.mm = t->proc->mm,
		.fs = t->proc->fs,
		.sig = sig,
		.code = code,
		.addr = addr,
	};

	if (uc_report)
		uc_report(&in, r);
}
