// SPDX-License-Identifier: BSD-3-Clause
/* Forbidden things, each of which must end the program by a signal, or the machine. */
#include "probe.h"

#define MIB     (1ull << 20)
#define SLAB    0x5ab5
#define GARBAGE 0x4141414141414140ull
#define CR4_PKE (1ull << 22)
#define CR4_PKS (1ull << 24)

static char data[PAGE] ALIGN;

static void touch(char *p)
{
	__asm__ volatile("orb $0, %0" : "+m"(*p));
}

static void run_code(char *page, bool broken)
{
	page[0] = (char)0xc3; /* ret */
	if (broken)
		sys(NR_mprotect, (long)((uint64_t)page & -PAGE), PAGE, PROT_R | PROT_W | PROT_X, 0,
		    0, 0);
	((void (*)(void))(uintptr_t)page)();
}

static void null_page(bool broken)
{
	char *p = broken ? data : NULL;

	__asm__("" : "+r"(p));
	touch(p);
}

static void null_call(bool broken)
{
	uint64_t to = (uint64_t)data;

	data[0] = (char)0xc3;
	if (broken)
		sys(NR_mprotect, (long)data, PAGE, PROT_R | PROT_X, 0, 0, 0);
	else
		to = 0;
	__asm__ volatile("call *%0" : : "r"(to) : "memory");
}

static void kernel_text(bool broken)
{
	touch(broken ? data : (char *)kernel.entry);
}

/* The text that is mapped as the program's; what runs is the interpreter's. */
static void own_text(bool broken, const uint64_t *sp)
{
	char *p = (char *)aux(sp, AT_ENTRY);

	if (broken)
		sys(NR_mprotect, (long)((uint64_t)p & -PAGE), PAGE, PROT_R | PROT_W | PROT_X, 0, 0,
		    0);
	touch(p);
}

/* Below what the limit of 8 MiB lets the stack grow to. */
static void stack_end(bool broken, const uint64_t *sp)
{
	uint64_t at = ((uint64_t)sp - 9 * MIB) & -PAGE;

	if (broken)
		map_anon(at, PAGE, PROT_R | PROT_W);
	touch((char *)at);
}

static void thread_guard(bool broken)
{
	char *p = map_anon(0, 4 * PAGE, PROT_R | PROT_W);

	touch(p);
	if (!broken)
		sys(NR_mprotect, (long)p, PAGE, 0, 0, 0, 0);
	touch(p);
}

static void heap_end(bool broken)
{
	long now = sys(NR_brk, 0, 0, 0, 0, 0, 0);
	uint64_t end = ((uint64_t)now + 2 * PAGE) & -PAGE;

	sys(NR_brk, (long)(broken ? end + PAGE : end), 0, 0, 0, 0, 0);
	touch((char *)end);
}

static void unmapped(bool broken)
{
	char *p = map_anon(0, PAGE, PROT_R | PROT_W);

	touch(p);
	if (!broken)
		sys(NR_munmap, (long)p, PAGE, 0, 0, 0, 0);
	touch(p);
}

static void call32(bool broken)
{
	long r = 20; /* getpid */

	if (!broken)
		__asm__ volatile("int $0x80" : "+a"(r) : : "memory");
}

/* Areas of different protection, each of which is a block of the kernel's heap. */
static void areas(bool keep)
{
	enum { N = 64 };
	char *p = map_anon(0, N * PAGE, PROT_R | PROT_W);

	for (unsigned i = 0; p && i < N; i += 2)
		sys(NR_mprotect, (long)(p + i * PAGE), PAGE, PROT_R, 0, 0, 0);
	if (p && !keep)
		sys(NR_munmap, (long)p, N * PAGE, 0, 0, 0, 0);
}

/* Writes into every freed block that heads its page's list, as a use after free would, and lets
 * the kernel allocate. */
static void heap_corrupt(bool broken)
{
	const struct slab {
		uint16_t magic, cls, used, order;
		uint32_t skip, fresh;
		uint64_t *free;
	} *s = (void *)(kernel.current & -PAGE);

	areas(false);
	for (unsigned i = 0; i < 2048 && !broken; i++, s = (void *)((char *)s + PAGE))
		if (s->magic == SLAB && s->free)
			*s->free = GARBAGE;
	areas(true);
}

/* Without keys a page of a compartment is one of the kernel's as any other. */
static void compartment(bool broken)
{
	uint64_t va = tables_keyed(), cr4;

	__asm__ volatile("movq %%cr4, %0" : "=r"(cr4));
	if (broken)
		__asm__ volatile("movq %0, %%cr4" : : "r"(cr4 & ~(CR4_PKE | CR4_PKS)));
	touch(va ? (char *)va : data);
}

void fault(const char *name, bool broken, const uint64_t *sp)
{
	char here[16];

	if (same(name, "null-read"))
		null_page(broken);
	else if (same(name, "null-call"))
		null_call(broken);
	else if (same(name, "kernel-text"))
		kernel_text(broken);
	else if (same(name, "program-text"))
		own_text(broken, sp);
	else if (same(name, "stack-exec"))
		run_code(here, broken);
	else if (same(name, "data-exec"))
		run_code(data, broken);
	else if (same(name, "mmap-exec"))
		run_code(map_anon(0, PAGE, PROT_R | PROT_W), broken);
	else if (same(name, "stack-end"))
		stack_end(broken, sp);
	else if (same(name, "thread-guard"))
		thread_guard(broken);
	else if (same(name, "heap-end"))
		heap_end(broken);
	else if (same(name, "unmapped"))
		unmapped(broken);
	else if (same(name, "call-32bit"))
		call32(broken);
	else if (same(name, "heap-integrity"))
		heap_corrupt(broken);
	else if (same(name, "compartment"))
		compartment(broken);
	put("survived\n");
	flush();
	quit(0);
}
