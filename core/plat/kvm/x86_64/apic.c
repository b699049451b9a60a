// SPDX-License-Identifier: BSD-3-Clause
/* Local APIC and I/O APIC (Intel SDM vol. 3 ch. 11; 82093AA), set up on first use. */
#include <asm/errno.h>
#include <uc/log.h>
#include <uc/plat.h>
#include <uc/x86.h>
#include "pvh.h"

#define LAPIC_PHYS    0xfee00000ull
#define IOAPIC_PHYS   0xfec00000ull
/* The virtual APIC timer of KVM and QEMU counts nanoseconds. */
#define APIC_TIMER_HZ 1000000000ull

enum {
	LAPIC_EOI = 0xb0,
	LAPIC_SVR = 0xf0,
	LAPIC_LVT_TIMER = 0x320,
	LAPIC_LVT_LINT0 = 0x350,
	LAPIC_LVT_LINT1 = 0x360,
	LAPIC_TIMER_INIT = 0x380,
	LAPIC_TIMER_CUR = 0x390,
	LAPIC_TIMER_DIV = 0x3e0
};

static volatile uint32_t *lapic, *ioapic;
static struct {
	void (*fn)(void *);
	void *arg;
} vectors[X86_VEC_TIMER - X86_IRQ_BASE];
static unsigned nvectors;
static void (*timer_fn)(void);

static void on_irq(unsigned vector)
{
	if (vector == X86_VEC_SPURIOUS) return;
	if (vector == X86_VEC_TIMER) {
		if (timer_fn) timer_fn();
	} else if (vector - X86_IRQ_BASE < nvectors) {
		vectors[vector - X86_IRQ_BASE].fn(vectors[vector - X86_IRQ_BASE].arg);
	}
	lapic[LAPIC_EOI / 4] = 0;
}

static void lapic_set(void)
{
	/* Legacy 8259s, where present, must not deliver on vectors 8..15: mask them. */
	x86_outb(0x21, 0xff);
	x86_outb(0xa1, 0xff);
	lapic[LAPIC_SVR / 4] = 0x100 | X86_VEC_SPURIOUS;
	lapic[LAPIC_LVT_LINT0 / 4] = 1u << 16;
	lapic[LAPIC_LVT_TIMER / 4] = X86_VEC_TIMER;
	lapic[LAPIC_TIMER_DIV / 4] = 0xb; /* divide by 1 */
}

static bool lapic_up(void)
{
	if (lapic) return true;
	lapic = uc_arch_map_phys(LAPIC_PHYS, UC_PAGE_SIZE, UC_PT_R | UC_PT_W | UC_PT_NOCACHE);
	if (!lapic) return false;
	x86_irq_handler = on_irq;
	lapic_set();
	return true;
}

bool apic_attached(void) { return nvectors; }

void apic_entered(void)
{
	if (!lapic) return;
	lapic_set();
	uc_plat_timer_set(0); /* the scheduler sees what is due and sets it anew */
}

static int vector_alloc(void (*handler)(void *), void *arg)
{
	if (nvectors == UC_ARRAY_SIZE(vectors) || !lapic_up()) return -ENOSPC;
	vectors[nvectors].fn = handler;
	vectors[nvectors].arg = arg;
	return X86_IRQ_BASE + (int)nvectors++;
}

static void ioapic_write(unsigned reg, uint32_t v)
{
	ioapic[0] = reg;
	ioapic[4] = v;
}

int uc_plat_irq_attach(unsigned gsi, void (*handler)(void *), void *arg)
{
	if (!ioapic)
		ioapic = uc_arch_map_phys(IOAPIC_PHYS, UC_PAGE_SIZE,
					  UC_PT_R | UC_PT_W | UC_PT_NOCACHE);
	if (!ioapic || gsi >= 24) return -ENODEV;
	int v = vector_alloc(handler, arg);
	if (v < 0) return v;
	/* Edge for ISA-style lines of virtio-mmio, level for PCI lines (16 and up, or shared legacy
	 * ones). */
	bool level = gsi >= 16 || gsi == 9 || gsi == 10 || gsi == 11;
	ioapic_write(0x10 + gsi * 2 + 1, 0);
	ioapic_write(0x10 + gsi * 2, (uint32_t)v | (level ? 1u << 15 : 0));
	return 0;
}

int uc_plat_msi_alloc(void (*handler)(void *), void *arg, uint64_t *addr, uint32_t *data)
{
	int v = vector_alloc(handler, arg);
	if (v < 0) return v;
	*addr = LAPIC_PHYS;
	*data = (uint32_t)v;
	return 0;
}

void uc_plat_timer_bind(void (*fn)(void)) { timer_fn = fn; }

static uint64_t tsc_hz;

void uc_plat_set_tsc_hz(uint64_t hz) { tsc_hz = hz; }

/* Without a word from the host: CPUID's hypervisor or TSC leaf, else one millisecond of the APIC
 * timer. */
static uint64_t calibrate(void)
{
	if (x86_cpuid(1, 0).c >> 31) {
		uint32_t max = x86_cpuid(0x40000000, 0).a;
		if (max >= 0x40000010 && max < 0x40000100 && x86_cpuid(0x40000010, 0).a)
			return x86_cpuid(0x40000010, 0).a * 1000ull;
	}
	struct x86_cpuid l = { 0, 0, 0, 0 };
	if (x86_cpuid(0, 0).a >= 0x15) l = x86_cpuid(0x15, 0);
	if (l.a && l.b && l.c) return (uint64_t)l.c * l.b / l.a;
	if (!lapic_up()) return 1000000000ull;
	lapic[LAPIC_LVT_TIMER / 4] = 1u << 16 | X86_VEC_TIMER;
	lapic[LAPIC_TIMER_INIT / 4] = 0xffffffff;
	uint64_t t0 = uc_cycles();
	uint32_t c0 = lapic[LAPIC_TIMER_CUR / 4], ticks = 1;
	while (ticks < APIC_TIMER_HZ / 1000) ticks = c0 - lapic[LAPIC_TIMER_CUR / 4];
	uint64_t t1 = uc_cycles();
	lapic[LAPIC_TIMER_INIT / 4] = 0;
	lapic[LAPIC_LVT_TIMER / 4] = X86_VEC_TIMER;
	return (t1 - t0) * APIC_TIMER_HZ / ticks;
}

uint64_t uc_plat_tsc_hz(void)
{
	if (!tsc_hz) tsc_hz = calibrate();
	return tsc_hz;
}

void uc_plat_timer_set(uc_nsec delta)
{
	if (!lapic_up()) return;
	/* 0 would stop the timer; the scheduler looks again after 4 s. */
	uint64_t ticks =
		delta == UC_FOREVER ? 0 : UC_MIN(UC_MAX(delta, (uc_nsec)1), (uc_nsec)0xffffffff);
	lapic[LAPIC_TIMER_INIT / 4] = (uint32_t)ticks;
}
