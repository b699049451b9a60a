// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_ARCHREGS_H
#define UC_ARCHREGS_H
/*
 * x86-64 register state of an application thread. The layout is known to entry.S: system-call entry
 * pushes from the top down. On a system call rcx holds the return address, orig_rax the number.
 */
#include <stdint.h>
struct uc_regs {
	uint64_t r15, r14, r13, r12, rbp, rbx;   /* callee-saved in the C ABI */
	uint64_t r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi;
	uint64_t orig_rax;   /* system call number, or -1 when not in a system call */
	uint64_t rip, cs, rflags, rsp, ss;
};
#endif
