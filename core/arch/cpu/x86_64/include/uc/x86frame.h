// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_X86FRAME_H
#define UC_X86FRAME_H
/*
 * Offsets for assembly, in struct uc_regs (uc/archregs.h), struct x86_trap_frame (uc/x86int.h) and
 * struct uc_percpu (uc/archinline.h); arch/cpu asserts them.
 */
#define R15 0
#define R14 8
#define R13 16
#define R12 24
#define RBP 32
#define RBX 40
#define R11 48
#define R10 56
#define R9 64
#define R8 72
#define RAX 80
#define RCX 88
#define RDX 96
#define RSI 104
#define RDI 112
#define ORIG_RAX 120
#define RIP 128
#define CS 136
#define RFLAGS 144
#define RSP 152
#define SS 160
#define REGS_SIZE 168
#define ENTRY_GAP 8      /* keeps the C stack 16-byte aligned */

#define TRAP_IN_KERNEL 24 /* of struct x86_trap_frame (uc/x86int.h) */
#define TRAP_REGS 32

#define PERCPU_KSTACK 24
#define PERCPU_ATTENTION 48
#endif
