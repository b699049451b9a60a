// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <asm/fcntl.h>
#include <asm/siginfo.h>
#include <asm/signal.h>
#include <linux/mman.h>
#include <uc/fmt.h>
#include <uc/heap.h>
#include <uc/log.h>
#include <uc/report.h>
#include <uc/string.h>
#include <uc/user.h>
#include "report_arch.h"
#include "symbols.h"

#define MAX_FRAMES 32
#define SCAN_WORDS 1024u   /* stack words looked at when there is no frame pointer chain */
#define CODE_BEFORE 8
#define CODE_BYTES 24
#define FRAME_MAX (1u << 20)

typedef unsigned long long ull;

/* The area that contains an address, and the lowest address its file is mapped at. */
struct place {
	uint64_t addr;
	struct uc_vm_area_info area;
	uint64_t base;  /* mapping of the file's offset 0, 0: none */
	bool found;
};

/* State of one report; on the heap. */
struct state {
	const struct uc_report *in;
	struct place place;
	struct uc_file *file;      /* last one opened, and its name */
	char file_name[256];
	struct sym_found sym;
	uint64_t scratch[SYM_SCRATCH / sizeof(uint64_t)];
	int nframes;
};

static bool find_area(const struct uc_vm_area_info *a, void *arg)
{
	struct place *p = arg;

	if (p->addr < a->start || p->addr >= a->end)
		return true;
	p->area = *a;
	p->found = true;
	return false;
}

static bool find_base(const struct uc_vm_area_info *a, void *arg)
{
	struct place *p = arg;

	if (a->offset == 0 && a->start <= p->area.start && strcmp(a->name, p->area.name) == 0)
		p->base = a->start; /* the last one at or below: ascending order */
	return a->start <= p->area.start;
}

static bool locate(struct state *s, uint64_t addr)
{
	struct place *p = &s->place;

	p->addr = addr;
	p->found = false;
	p->base = 0;
	uc_vm_for_each(s->in->mm, find_area, p);
	if (p->found && p->area.name[0] == '/')
		uc_vm_for_each(s->in->mm, find_base, p);
	return p->found;
}

static int read_file(void *arg, uint64_t off, void *buf, size_t n)
{
	struct uc_iovec v;
	struct uc_iter it;

	uc_iter_kernel(&it, &v, buf, n);
	while (it.left) {
		ssize_t r = uc_file_read(arg, &it, &off);
		if (r <= 0)
			return -EIO;
	}
	return 0;
}

static struct uc_file *open_module(struct state *s, const char *name)
{
	struct uc_file *f;

	if (s->file && strcmp(name, s->file_name) == 0)
		return s->file;
	f = uc_vfs_open_existing(s->in->fs, name, O_RDONLY);
	if (UC_IS_ERR(f))
		return NULL;
	if (s->file)
		uc_file_unref(s->file);
	s->file = f;
	uc_strlcpy(s->file_name, name, sizeof(s->file_name));
	return f;
}

/* " name+0x12" for an address in the located file, or an empty string. `back` 1: a return address
 * belongs to the call before it. */
static void symbolise(struct state *s, uint64_t addr, unsigned back, char *buf, size_t cap)
{
	struct place *p = &s->place;
	struct uc_file *f = p->base ? open_module(s, p->area.name) : NULL;
	struct sym_reader rd = { read_file, f };
	uint64_t first;

	buf[0] = '\0';
	if (!f || sym_first_vaddr(&rd, &first) < 0)
		return;
	addr = addr - p->base + first;
	if (sym_find(&rd, addr - back, s->scratch, &s->sym) == 0)
		uc_snprintf(buf, cap, " %s+0x%llx", s->sym.name, (ull)(addr - s->sym.value));
}

static void print_frame(struct state *s, uint64_t addr, bool certain)
{
	struct place *p = &s->place;
	char sym[SYM_NAME_MAX + 24];
	bool known = locate(s, addr);

	sym[0] = '\0';
	if (known)
		symbolise(s, addr, s->nframes ? 1 : 0, sym, sizeof(sym));
	if (known && p->base)
		uc_log(UC_LOG_ERROR, "  %s#%-2d %016llx%s (%s+0x%llx)", certain ? " " : "?",
		       s->nframes, (ull)addr, sym, p->area.name, (ull)(addr - p->base));
	else
		uc_log(UC_LOG_ERROR, "  %s#%-2d %016llx %s", certain ? " " : "?", s->nframes,
		       (ull)addr,
		       known && p->area.name[0] ? p->area.name
		       : known                  ? "(anonymous memory)"
						: "(not mapped)");
	s->nframes++;
}

static bool executable(struct state *s, uint64_t addr)
{
	return locate(s, addr) && s->place.area.prot & PROT_EXEC;
}

/* Frames linked by the frame pointer (System V ABI, optional). Whether there were any. */
static bool walk_frames(struct state *s, const struct uc_regs *r)
{
	uint64_t fp = report_frame_pointer(r), low = uc_regs_sp(r), frame[2];
	bool any = false;

	while (s->nframes < MAX_FRAMES && fp >= low && fp - low < FRAME_MAX && !(fp & 7)) {
		if (uc_user_read(frame, fp, sizeof(frame)) < 0 || !executable(s, frame[1]))
			break;
		print_frame(s, frame[1], true);
		any = true;
		low = fp + sizeof(frame);
		fp = frame[0];
	}
	return any;
}

static bool is_return_address(struct state *s, uint64_t v)
{
	uint8_t b[REPORT_CALL_BYTES];

	return v > sizeof(b) && v < UC_USER_TOP && executable(s, v) &&
	       uc_user_read(b, v - sizeof(b), sizeof(b)) == 0 && report_ends_in_call(b);
}

/* Without frame pointers: every stack word that could be a return address. */
static void scan_stack(struct state *s, uint64_t sp)
{
	uint64_t v;

	for (unsigned i = 0; i < SCAN_WORDS && s->nframes < MAX_FRAMES / 2; i++, sp += sizeof(v)) {
		if (uc_user_read(&v, sp & ~7ull, sizeof(v)) < 0)
			return;
		if (is_return_address(s, v))
			print_frame(s, v, false);
	}
}

static const char *signal_name(int sig)
{
	switch (sig) {
	case SIGSEGV: return "SIGSEGV";
	case SIGBUS: return "SIGBUS";
	case SIGILL: return "SIGILL";
	case SIGFPE: return "SIGFPE";
	case SIGTRAP: return "SIGTRAP";
	case SIGSYS: return "SIGSYS";
	default: return "signal";
	}
}

static const char *reason(int sig, int code)
{
	if (sig == SIGSEGV)
		return code == SEGV_MAPERR   ? "address not mapped"
		       : code == SEGV_ACCERR ? "access not permitted"
					     : "bad address or privileged instruction";
	if (sig == SIGBUS)
		return code == BUS_ADRALN ? "misaligned address"
					  : "beyond the end of the mapped file";
	if (sig == SIGILL)
		return "illegal instruction";
	if (sig == SIGFPE)
		return code == FPE_INTDIV ? "integer division" : "floating point";
	return "trap";
}

static void print_code(uint64_t pc)
{
	char text[CODE_BYTES * 4 + 8];
	uint8_t b;
	int n = 0;

	for (unsigned i = 0; i < CODE_BYTES; i++) {
		uint64_t at = pc - CODE_BEFORE + i;

		if (uc_user_read(&b, at, 1) < 0)
			n += uc_snprintf(text + n, sizeof(text) - (size_t)n, "?? ");
		else
			n += uc_snprintf(text + n, sizeof(text) - (size_t)n,
					 at == pc ? "<%02x> " : "%02x ", b);
	}
	uc_log(UC_LOG_ERROR, "  code %s", text);
}

static void print_mapping(struct state *s, uint64_t addr)
{
	const struct uc_vm_area_info *a = &s->place.area;

	if (!locate(s, addr)) {
		uc_log(UC_LOG_ERROR, "  0x%llx is not mapped%s", (ull)addr,
		       addr < UC_PAGE_SIZE * 16 ? " (a null pointer, or a field of one)" : "");
		return;
	}
	uc_log(UC_LOG_ERROR, "  0x%llx is in %llx-%llx %c%c%c %s", (ull)addr, (ull)a->start,
	       (ull)a->end, a->prot & PROT_READ ? 'r' : '-', a->prot & PROT_WRITE ? 'w' : '-',
	       a->prot & PROT_EXEC ? 'x' : '-', a->name[0] ? a->name : "(anonymous memory)");
}

void uc_report(const struct uc_report *in, const struct uc_regs *r)
{
	struct state *s = uc_heap_zalloc(sizeof(*s));

	uc_log(UC_LOG_ERROR, "%s: pid %d thread %d ended by %s: %s, address 0x%llx", in->comm,
	       in->pid, in->tid, signal_name(in->sig), reason(in->sig, in->code), (ull)in->addr);
	report_registers(r);
	print_code(uc_regs_pc(r));
	if (!s)
		return;
	s->in = in;
	if (in->sig == SIGSEGV || in->sig == SIGBUS)
		print_mapping(s, in->addr);
	print_frame(s, uc_regs_pc(r), true);
	if (!walk_frames(s, r))
		scan_stack(s, uc_regs_sp(r));
	if (s->file)
		uc_file_unref(s->file);
	uc_heap_free(s);
}
