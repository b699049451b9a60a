// SPDX-License-Identifier: BSD-3-Clause
/* Processor facts that applications see: auxiliary vector, /proc/cpuinfo, hardware random numbers.
 */
#include <uc/fmt.h>
#include <uc/string.h>
#include "internal.h"

const char *uc_arch_name(void) { return "x86_64"; }

uint64_t uc_arch_hwcap(void) { return x86_cpuid(1, 0).d; }

uint64_t uc_arch_hwcap2(void)
{
	/* HWCAP2_FSGSBASE is not offered: the kernel's per-CPU data is found through GS. */
	return 0;
}

uint64_t uc_arch_minsigstksz(void) { return 1152 + uc_arch_fpu_size(); }

/*
 * QEMU before 8.1 translates no barrier for a machine that can only have one processor, although
 * its devices run in threads of their own: a store may pass a later load there and a notification
 * gets lost. An access to a port takes the emulator's lock, which is a barrier, but waits for the
 * devices. With room for another processor in the package barriers are real.
 */
static bool without_barriers(void)
{
	struct x86_cpuid c = x86_cpuid(1, 0);
	return c.c >> 31 && (c.b >> 16 & 255) < 2 && x86_cpuid(0x40000000, 0).b == 0x54474354;
}

void uc_cpu_device_fence(void)
{
	static int emulated = -1;
	if (emulated < 0) emulated = without_barriers();
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (emulated) (void)x86_inb(0x80);
}

unsigned uc_arch_hwrandom(uint64_t *out)
{
	static int have = -1;
	if (have < 0) have = (x86_cpuid(7, 0).b >> 18 & 1) | (x86_cpuid(1, 0).c >> 29 & 2);
	for (int i = 0; i < 10 && have; i++) {
		uint8_t ok;
		if (have & 1)
			__asm__ volatile("rdseed %0; setc %1" : "=r"(*out), "=q"(ok) : : "cc");
		else __asm__ volatile("rdrand %0; setc %1" : "=r"(*out), "=q"(ok) : : "cc");
		if (ok) return 8;
	}
	return 0;
}

struct flag {
	uint8_t reg, bit;
	char name[14];
};
/* reg: 0 leaf 1 edx, 1 leaf 1 ecx, 2 leaf 7 ebx, 3 leaf 7 ecx, 4 leaf 0x80000001 edx, 5 its ecx */
static const struct flag flags[] = {
	{ 0, 0, "fpu" },      { 0, 3, "pse" },     { 0, 4, "tsc" },       { 0, 5, "msr" },
	{ 0, 6, "pae" },      { 0, 8, "cx8" },     { 0, 9, "apic" },      { 0, 11, "sep" },
	{ 0, 13, "pge" },     { 0, 15, "cmov" },   { 0, 16, "pat" },      { 0, 19, "clflush" },
	{ 0, 23, "mmx" },     { 0, 24, "fxsr" },   { 0, 25, "sse" },      { 0, 26, "sse2" },
	{ 4, 11, "syscall" }, { 4, 20, "nx" },     { 4, 26, "pdpe1gb" },  { 4, 27, "rdtscp" },
	{ 4, 29, "lm" },      { 1, 0, "pni" },     { 1, 1, "pclmulqdq" }, { 1, 9, "ssse3" },
	{ 1, 12, "fma" },     { 1, 13, "cx16" },   { 1, 19, "sse4_1" },   { 1, 20, "sse4_2" },
	{ 1, 22, "movbe" },   { 1, 23, "popcnt" }, { 1, 25, "aes" },      { 1, 26, "xsave" },
	{ 1, 28, "avx" },     { 1, 29, "f16c" },   { 1, 30, "rdrand" },   { 1, 31, "hypervisor" },
	{ 5, 0, "lahf_lm" },  { 5, 5, "abm" },     { 5, 6, "sse4a" },     { 2, 3, "bmi1" },
	{ 2, 5, "avx2" },     { 2, 8, "bmi2" },    { 2, 9, "erms" },      { 2, 16, "avx512f" },
	{ 2, 18, "rdseed" },  { 2, 19, "adx" },    { 2, 29, "sha_ni" },
};

static uint32_t flag_word(unsigned reg)
{
	switch (reg) {
	case 0: return x86_cpuid(1, 0).d;
	case 1: return x86_cpuid(1, 0).c;
	case 2: return x86_cpuid(7, 0).b;
	case 3: return x86_cpuid(7, 0).c;
	case 4: return x86_cpuid(0x80000001, 0).d;
	default: return x86_cpuid(0x80000001, 0).c;
	}
}

static int put_flags(char *buf, size_t cap, int n)
{
	for (size_t i = 0; i < UC_ARRAY_SIZE(flags); i++)
		if (flag_word(flags[i].reg) >> flags[i].bit & 1)
			n += uc_snprintf(buf + UC_MIN((size_t)n, cap), cap - UC_MIN((size_t)n, cap),
					 " %s", flags[i].name);
	return n;
}

int uc_arch_cpuinfo(char *buf, size_t cap)
{
	struct x86_cpuid v = x86_cpuid(0, 0), s = x86_cpuid(1, 0);
	uint32_t vendor[4] = { v.b, v.d, v.c, 0 }, brand[13] = { 0 };
	for (unsigned i = 0; i < 3; i++) {
		struct x86_cpuid b = x86_cpuid(0x80000002 + i, 0);
		memcpy(brand + i * 4, &b, 16);
	}
	unsigned family = (s.a >> 8 & 15) + ((s.a >> 8 & 15) == 15 ? s.a >> 20 & 255 : 0);
	unsigned model = (s.a >> 4 & 15) | (s.a >> 12 & 0xf0);
	int n = uc_snprintf(buf, cap,
			    "processor\t: 0\nvendor_id\t: %s\ncpu family\t: %u\nmodel\t\t: "
			    "%u\nmodel name\t: %s\nstepping\t: %u\n"
			    "physical id\t: 0\nsiblings\t: 1\ncore id\t\t: 0\ncpu cores\t: "
			    "1\nfpu\t\t: yes\nwp\t\t: yes\nflags\t\t:",
			    (char *)vendor, family, model, (char *)brand, s.a & 15);
	n = put_flags(buf, cap, n);
	return n + uc_snprintf(buf + UC_MIN((size_t)n, cap), cap - UC_MIN((size_t)n, cap),
			       "\naddress sizes\t: %u bits physical, %u bits virtual\n\n",
			       x86_cpuid(0x80000008, 0).a & 255,
			       x86_cpuid(0x80000008, 0).a >> 8 & 255);
}
