// SPDX-License-Identifier: BSD-3-Clause
#ifndef VDSO_ARCH_H
#define VDSO_ARCH_H
/* What the vDSO needs of x86-64. */
#include <stdint.h>

static inline uint64_t vdso_cycles(void)
{
	uint32_t lo, hi;
	/* The fence keeps the counter from being read before what precedes it in program order. */
	__asm__ volatile("lfence; rdtsc" : "=a"(lo), "=d"(hi) : : "memory");
	return (uint64_t)hi << 32 | lo;
}

static inline long vdso_syscall2(long nr, long a, long b)
{
	long r;
	__asm__ volatile("syscall" : "=a"(r) : "0"(nr), "D"(a), "S"(b) : "rcx", "r11", "memory");
	return r;
}
#endif
