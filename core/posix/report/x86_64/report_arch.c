// SPDX-License-Identifier: BSD-3-Clause
#include <uc/log.h>
#include "../report_arch.h"

typedef unsigned long long ull;

void report_registers(const struct uc_regs *r)
{
	uc_log(UC_LOG_ERROR, "  rip %016llx  rsp %016llx  rflags %08llx", (ull)r->rip, (ull)r->rsp,
	       (ull)r->rflags);
	uc_log(UC_LOG_ERROR, "  rax %016llx  rbx %016llx  rcx %016llx  rdx %016llx",
	       (ull)r->rax, (ull)r->rbx, (ull)r->rcx, (ull)r->rdx);
	uc_log(UC_LOG_ERROR, "  rsi %016llx  rdi %016llx  rbp %016llx  r8  %016llx",
	       (ull)r->rsi, (ull)r->rdi, (ull)r->rbp, (ull)r->r8);
	uc_log(UC_LOG_ERROR, "  r9  %016llx  r10 %016llx  r11 %016llx  r12 %016llx",
	       (ull)r->r9, (ull)r->r10, (ull)r->r11, (ull)r->r12);
	uc_log(UC_LOG_ERROR, "  r13 %016llx  r14 %016llx  r15 %016llx", (ull)r->r13, (ull)r->r14,
	       (ull)r->r15);
}

uint64_t report_frame_pointer(const struct uc_regs *r)
{
	return r->rbp;
}

/* E8 rel32, or FF /2 with a register, memory, displacement or SIB operand. */
bool report_ends_in_call(const uint8_t *b)
{
	if (b[2] == 0xe8)
		return true;
	for (unsigned len = 2; len <= REPORT_CALL_BYTES; len++) {
		const uint8_t *p = b + REPORT_CALL_BYTES - len;
		if (p[0] == 0xff && (p[1] & 0x38) == 0x10)
			return true;
	}
	return false;
}
