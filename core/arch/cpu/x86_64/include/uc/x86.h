// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_X86_H
#define UC_X86_H
/* x86-64 facts shared by arch/ and plat/ (Intel SDM vol. 3, AMD APM vol. 2). */
#include <uc/arch.h>

#define X86_PTE_P    0x001ull
#define X86_PTE_W    0x002ull
#define X86_PTE_PWT  0x008ull
#define X86_PTE_PCD  0x010ull
#define X86_PTE_A    0x020ull
#define X86_PTE_D    0x040ull
#define X86_PTE_PS   0x080ull
#define X86_PTE_G    0x100ull
#define X86_PTE_COPY (1ull << 9) /* left to software */
#define X86_PTE_NX   (1ull << 63)
#define X86_PTE_ADDR 0x000ffffffffff000ull

enum {
	X86_MSR_FS_BASE = 0xc0000100,
	X86_MSR_GS_BASE = 0xc0000101,
	X86_MSR_STAR = 0xc0000081,
	X86_MSR_LSTAR = 0xc0000082,
	X86_MSR_FMASK = 0xc0000084,
	X86_MSR_APIC_BASE = 0x1b,
	X86_MSR_TSC_DEADLINE = 0x6e0
};
/* State that applications may use: x87 SSE AVX AVX-512. */
#define X86_XFEATURES 0xe7u
enum { X86_NVECTORS = 64, X86_IRQ_BASE = 32, X86_VEC_TIMER = 62, X86_VEC_SPURIOUS = 63 };

static inline void x86_wrmsr(uint32_t msr, uint64_t v)
{
	__asm__ volatile("wrmsr"
			 :
			 : "c"(msr), "a"((uint32_t)v), "d"((uint32_t)(v >> 32))
			 : "memory");
}
static inline uint64_t x86_rdmsr(uint32_t msr)
{
	uint32_t lo, hi;
	__asm__ volatile("rdmsr" : "=a"(lo), "=d"(hi) : "c"(msr));
	return (uint64_t)hi << 32 | lo;
}
struct x86_cpuid {
	uint32_t a, b, c, d;
};
static inline struct x86_cpuid x86_cpuid(uint32_t leaf, uint32_t sub)
{
	struct x86_cpuid r;
	__asm__ volatile("cpuid"
			 : "=a"(r.a), "=b"(r.b), "=c"(r.c), "=d"(r.d)
			 : "a"(leaf), "c"(sub));
	return r;
}
static inline void x86_outb(uint16_t p, uint8_t v)
{
	__asm__ volatile("outb %0,%1" : : "a"(v), "Nd"(p));
}
static inline void x86_outw(uint16_t p, uint16_t v)
{
	__asm__ volatile("outw %0,%1" : : "a"(v), "Nd"(p));
}
static inline void x86_outl(uint16_t p, uint32_t v)
{
	__asm__ volatile("outl %0,%1" : : "a"(v), "Nd"(p));
}
static inline uint8_t x86_inb(uint16_t p)
{
	uint8_t v;
	__asm__ volatile("inb %1,%0" : "=a"(v) : "Nd"(p));
	return v;
}
static inline uint16_t x86_inw(uint16_t p)
{
	uint16_t v;
	__asm__ volatile("inw %1,%0" : "=a"(v) : "Nd"(p));
	return v;
}
static inline uint32_t x86_inl(uint16_t p)
{
	uint32_t v;
	__asm__ volatile("inl %1,%0" : "=a"(v) : "Nd"(p));
	return v;
}

/* Boot-time state of the translation, set once by the platform before anything else runs. */
void x86_mmu_init(uint64_t direct_base, uc_paddr kernel_root, uint64_t image, uc_paddr image_pa);
/* GDT, IDT, TSS, system-call entry, extended state. Called by the platform when the machine is
 * entered. The second, with interrupts off for good, leaves of it what is no address. */
void x86_cpu_init(void);
void x86_cpu_forget(void);
/* Interrupt vectors 32..63: bound by the platform. */
extern void (*x86_irq_handler)(unsigned vector);
bool x86_in_kernel_text(uint64_t rip);
#endif
