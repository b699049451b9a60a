// SPDX-License-Identifier: BSD-3-Clause
/*
 * uc-probe report [break=NAME] [calls=BITMAP] [boot=OFFSET] [trap=OFFSET]: lines of text, the
 * last one is `end`. uc-probe fault=NAME [break=NAME]: does it; `survived` if nothing happens.
 */
#include "probe.h"

enum { REGS = 15, AT_BASE = 7, AT_RANDOM = 25, AT_VDSO = 33, SAMPLE = 2048, ENOSYS = 38 };

void probe_main(const uint64_t *regs, const uint64_t *sp) __attribute__((noreturn));
void sys_regs(uint64_t out[REGS]);
extern char _start[];

static uint8_t buf[SAMPLE] ALIGN;
static const char *broken;
static const char *const *arguments;

static bool breaks(const char *what)
{
	return same(broken, what);
}

/* ---- kernel addresses where none should be ---- */

static void leak(const char *where, uint64_t v)
{
	if (!kernel_address(v))
		return;
	put("leak ");
	put(where);
	put(" ");
	put_hex(v);
	put("\n");
}

static void report_registers(const uint64_t *regs)
{
	uint64_t after[REGS];

	sys_regs(after);
	if (breaks("leak-registers"))
		after[0] = kernel.entry;
	for (unsigned i = 0; i < REGS; i++) {
		leak("registers", regs[i]);
		leak("registers", after[i]);
	}
}

/* Arguments, environment and auxiliary vector with what they point to, and the page below. */
static void report_stack(const uint64_t *regs, const uint64_t *sp)
{
	const uint64_t *end = (void *)(((uint64_t)sp | (PAGE - 1)) + 1);

	for (const uint64_t *p = regs - 64; p < end; p++)
		if (p < regs - 32 || p >= sp)
			leak("stack", breaks("leak-stack") ? kernel.percpu : *p);
}

static uint64_t digit(char c)
{
	return c >= '0' && c <= '9'   ? (uint64_t)(c - '0')
	       : c >= 'a' && c <= 'f' ? (uint64_t)(c - 'a' + 10)
				      : 16;
}

static void scan_text(const uint8_t *p, size_t n)
{
	uint64_t v = 0;
	unsigned digits = 0;

	for (size_t i = 0; i <= n; i++) {
		uint64_t d = i < n ? digit((char)p[i]) : 16;

		if (d < 16) {
			v = v << 4 | d;
			digits++;
			continue;
		}
		if (digits > 10 && digits <= 16)
			leak("proc", v);
		v = digits = 0;
	}
}

static void report_proc(void)
{
	static const char files[] =
		"/proc/self/maps\0/proc/self/stat\0/proc/self/status\0/proc/self/syscall\0"
		"/proc/self/wchan\0/proc/self/stack\0/proc/kallsyms\0/proc/iomem\0"
		"/proc/modules\0/proc/vmallocinfo\0/proc/timer_list\0/proc/net/unix\0"
		"/proc/net/tcp\0/proc/net/packet\0/proc/interrupts\0";

	for (const char *f = files; *f; f++) {
		long fd = sys(NR_open, (long)f, 0, 0, 0, 0, 0), n;

		while (fd >= 0 && (n = sys(NR_read, fd, (long)buf, SAMPLE, 0, 0, 0)) > 0)
			scan_text(buf, (size_t)n);
		while (*f)
			f++;
	}
	if (breaks("leak-proc"))
		leak("proc", kernel.entry);
}

/* ---- places ---- */

static void place(const char *name, uint64_t v)
{
	const char *fixed = arg_value(arguments, "break=aslr-");

	put("at ");
	line(name, fixed && same(fixed, name) ? 0x10000 : v);
}

uint64_t aux(const uint64_t *sp, uint64_t type)
{
	for (sp += *sp + 2; *sp; sp++)
		;
	for (sp++; *sp; sp += 2)
		if (*sp == type)
			return sp[1];
	return 0;
}

static void report_places(const uint64_t *sp)
{
	long heap = sys(NR_brk, 0, 0, 0, 0, 0, 0);
	void *m = map_anon(0, PAGE, PROT_R | PROT_W);

	place("program", aux(sp, AT_ENTRY));
	place("library", aux(sp, AT_BASE));
	place("stack", (uint64_t)sp);
	place("vdso", aux(sp, AT_VDSO));
	if (heap > 0)
		place("heap", (uint64_t)heap);
	if (m)
		place("mmap", (uint64_t)m);
	place("kernel", kernel.entry);
	place("kernel-stack", kernel.kstack);
	place("kernel-heap", kernel.current);
}

/* ---- random numbers ---- */

static void sample(const char *name, size_t n)
{
	for (size_t i = 0; i < n && breaks("random-bias"); i++)
		buf[i] &= 0x7f;
	for (size_t i = 0; i < n && (breaks("random-repeat") || breaks("random-sources")); i++)
		buf[i] = (uint8_t)((i * 2654435761u) >> 13);
	put("random ");
	put(name);
	put(" ");
	put_bytes(buf, n);
	put("\n");
}

static void report_random(const uint64_t *sp)
{
	long fd = sys(NR_open, (long)"/dev/urandom", 0, 0, 0, 0, 0);
	const uint8_t *at = (void *)aux(sp, AT_RANDOM);

	if (sys(NR_getrandom, (long)buf, SAMPLE, 0, 0, 0, 0) == SAMPLE)
		sample("getrandom", SAMPLE);
	if (fd >= 0 && sys(NR_read, fd, (long)buf, SAMPLE, 0, 0, 0) == SAMPLE)
		sample("urandom", SAMPLE);
	for (unsigned i = 0; at && i < 16; i++)
		buf[i] = at[i];
	if (at)
		sample("auxv", 16);
}

/* ---- what is left of others ---- */

static void report_clean(void)
{
	enum { PAGES = 64 };
	uint64_t dirty = 0;

	if (!map_anon(0, PAGE, PROT_R | PROT_W))
		return;
	for (unsigned round = 0; round < 2; round++) {
		uint64_t *p = map_anon(0, PAGES * PAGE, PROT_R | PROT_W);

		for (unsigned i = 0; p && i < PAGES * PAGE / 8; i++) {
			dirty |= p[i];
			p[i] = 0xa5a5a5a5;
		}
		if (breaks("memory-clear"))
			dirty |= p ? *p : 1;
		if (p)
			sys(NR_munmap, (long)p, PAGES * PAGE, 0, 0, 0, 0);
	}
	line("dirty", dirty);
}

/* ---- calls that the kernel should not have ---- */

static void report_calls(const char *bitmap)
{
	uint64_t tried = 0;

	for (long nr = 0; nr < NR_LIMIT && bitmap && bitmap[nr / 4]; nr++) {
		bool host_probe =
			nr == NR_uretprobe || nr == NR_uprobe; /* pass every filter of the host */

		if (host_probe || digit(bitmap[nr / 4]) >> (nr & 3) & 1)
			continue;
		long r = sys(nr, -1, -1, -1, -1, -1, -1);

		tried++;
		if (r != -ENOSYS)
			line("call", (uint64_t)nr);
	}
	for (long nr = NR_LIMIT; nr < NR_LIMIT + 64; nr++)
		if (sys(nr | 0x40000000, -1, -1, -1, -1, -1, -1) != -ENOSYS)
			line("call", (uint64_t)nr | 0x40000000);
	line("tried", tried);
}

__attribute__((noreturn)) static void report(const uint64_t *regs, const uint64_t *sp,
					     const char *const *argv)
{
	report_registers(regs);
	report_stack(regs, sp);
	report_random(sp);
	report_places(sp);
	report_clean();
	report_proc();
	report_calls(arg_value(argv, "calls="));
	if (kernel.ring0)
		rings_report(breaks("dma"));
	sabotage(broken, argv);
	kernel_report();
	put("end\n");
	flush();
	if (arg_value(argv, "wait"))
		for (;;)
			__asm__ volatile("pause");
	quit(0);
}

void probe_main(const uint64_t *regs, const uint64_t *sp)
{
	const char *const *argv = (void *)(sp + 1);
	const char *b = arg_value(argv, "break="), *f = arg_value(argv, "fault=");

	arguments = argv;
	kernel_look();
	broken = b ? b : "";
	if (f)
		fault(f, same(f, broken), sp);
	report(regs, sp, argv);
}
