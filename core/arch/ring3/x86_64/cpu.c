// SPDX-License-Identifier: BSD-3-Clause
/* Extended state, thread pointer, interrupts and waiting. */
#include <asm/prctl.h>
#include <asm/unistd.h>
#include "priv.h"

void (*ring3_wait)(void);
static bool have_fsgsbase;

void x86_set_tls(uint64_t base)
{
	if (have_fsgsbase)
		__asm__ volatile("wrfsbase %0" : : "r"(base));
	else
		UC_HOST2(__NR_arch_prctl, ARCH_SET_FS, base);
}

uint64_t x86_tls(void)
{
	uint64_t base = 0;
	if (have_fsgsbase)
		__asm__ volatile("rdfsbase %0" : "=r"(base));
	else
		UC_HOST2(__NR_arch_prctl, ARCH_GET_FS, &base);
	return base;
}

/* In the standard format each component has a fixed place, whatever else the host has enabled. */
__attribute__((cold)) static void fpu_setup(void)
{
	uint32_t lo, hi, bytes = 576;
	if (!(x86_cpuid(1, 0).c & (1u << 27)))
		return; /* OSXSAVE */
	__asm__ volatile("xgetbv" : "=a"(lo), "=d"(hi) : "c"(0));
	uint32_t all = lo;
	lo &= X86_XFEATURES;
	if (!(lo & 4))
		lo &= 3;
	if (lo == all) { /* to ask costs a virtual machine much */
		x86_fpu_configure(lo, x86_cpuid(13, 0).b);
		return;
	}
	for (unsigned i = 2; i < 8; i++)
		if (lo >> i & 1) {
			struct x86_cpuid c = x86_cpuid(13, i);
			bytes = UC_MAX(bytes, c.a + c.b);
		}
	x86_fpu_configure(lo, bytes);
}

unsigned ring3_irq_take(void)
{
	return __atomic_exchange_n(&uc_percpu0.irq_pending, 0, __ATOMIC_RELAXED);
}

/* Interrupts were off or are about to go on, and some are due. */
void ring3_run_pending(void)
{
	while (__atomic_load_n(&uc_percpu0.irq_pending, __ATOMIC_RELAXED)) {
		uc_irq_disable();
		x86_irq_handler(X86_VEC_TIMER);
		__atomic_store_n(&uc_percpu0.irq_off, 0, __ATOMIC_RELAXED);
	}
}

void uc_cpu_idle(void)
{
	if (!__atomic_load_n(&uc_percpu0.irq_pending, __ATOMIC_RELAXED))
		ring3_wait();
	uc_irq_enable();
}

void ring3_init(bool fsgsbase)
{
	have_fsgsbase = fsgsbase;
	fpu_setup();
	ring3_signals_init();
}
