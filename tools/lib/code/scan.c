// SPDX-License-Identifier: BSD-3-Clause
/*
 * System calls of machine code of other architectures by linear scan: at each instruction that
 * makes one, the nearest constant before it that is put in the register of the number.
 */
#include <elf.h>
#include <string.h>

#include <unicore/scan.h>

#include "internal.h"

#define LOOK_BACK 64 /* halfwords, words or bytes before the instruction */

static void note(struct uc_scan *s, uint64_t number, uint64_t at)
{
	if (number >= UC_SCAN_CALLS) {
		s->unknown++;
		return;
	}
	if (!s->sites[number]++)
		s->at[number] = at;
}

/* ---- AArch64: svc #0, the number in x8 ---- */

static void scan_aarch64(const uint8_t *p, uint64_t n, uint64_t vaddr, struct uc_scan *s)
{
	for (uint64_t i = 0; i + 4 <= n; i += 4) {
		uint64_t number = UC_SCAN_CALLS;

		if (uc_code_word(p + i, 4) != 0xd4000001)
			continue;
		for (uint64_t k = 4; k <= i && k <= 4 * LOOK_BACK; k += 4) {
			uint32_t w = (uint32_t)uc_code_word(p + i - k, 4);

			if ((w & 0x7fe0001f) == 0x52800008) { /* movz */
				number = w >> 5 & 0xffff;
				break;
			}
			/* mov from a register, sign extension; ret: another function. */
			if ((w & 0x7fe0ffff) == 0x2a0003e8 || (w & 0xfffffc1f) == 0x93407c08 ||
			    w == 0xd65f03c0)
				break;
		}
		note(s, number, vaddr + i);
	}
}

/* ---- ARM: svc 0, the number in r7 ---- */

static uint32_t rotated(uint32_t v, unsigned by)
{
	return by ? v >> by | v << (32 - by) : v;
}

static uint64_t arm_number(const uint8_t *p, uint64_t i, uint64_t n)
{
	for (uint64_t k = 4; k <= i && k <= 4 * LOOK_BACK; k += 4) {
		uint32_t w = (uint32_t)uc_code_word(p + i - k, 4);
		uint64_t literal = i - k + 8 + (w & 0xfff);

		if ((w & 0xfffff000) == 0xe3a07000)
			return rotated(w & 0xff, (w >> 8 & 15) * 2);
		if ((w & 0xfff0f000) == 0xe3007000)
			return (w >> 4 & 0xf000) | (w & 0xfff);
		if ((w & 0xfffff000) == 0xe59f7000 && literal + 4 <= n)
			return uc_code_word(p + literal, 4);
		if (w == 0xe12fff1e)
			break; /* bx lr */
	}
	return UC_SCAN_CALLS;
}

/* ThumbExpandImm of the architecture reference manual. */
static uint32_t expanded(unsigned imm12)
{
	if (imm12 >> 10)
		return rotated(0x80 | (imm12 & 0x7f), imm12 >> 7);
	return imm12 >> 8 ? UC_SCAN_CALLS : imm12 & 0xff;
}

#define R7           7
#define IP           12
#define MOV_R7_IP    0x4667
#define FROM_IP      (UC_SCAN_CALLS + 1)
#define WRAPPERS_MAX 4 /* in a segment: each costs a pass over it */
#define WRAPPER_MAX  4 /* bytes that it pushes registers with first */

/* The constant in a register before an instruction, or FROM_IP, or UC_SCAN_CALLS. */
static uint64_t thumb_number(const uint8_t *p, uint64_t i, unsigned reg)
{
	for (uint64_t k = 2; k <= i && k <= 2 * LOOK_BACK; k += 2) {
		uint32_t a = (uint32_t)uc_code_word(p + i - k, 2), b = 0;

		if (k >= 4)
			b = (uint32_t)uc_code_word(p + i - k + 2, 2);
		unsigned imm12 = (a >> 10 & 1) << 11 | (b >> 12 & 7) << 8 | (b & 0xff);
		bool there = (b & 0x8f00) == reg << 8;

		if ((a & 0xfbf0) == 0xf240 && there)
			return (a & 15) << 12 | imm12; /* movw */
		if ((a & 0xfbff) == 0xf04f && there)
			return expanded(imm12);
		if (a >> 8 == 0x27 && reg == R7)
			return a & 0xff; /* movs */
		if (a == MOV_R7_IP && reg == R7)
			return FROM_IP;
		if (a == 0x4770 || a >> 8 == 0xbd || ((a & 0xff87) == 0x4607 && reg == R7))
			break; /* ends; mov r7,r */
	}
	return UC_SCAN_CALLS;
}

/* Where a Thumb `bl` at i leads, counted as i is; UINT64_MAX: there is none. */
static uint64_t thumb_call(const uint8_t *p, uint64_t i)
{
	uint32_t a = (uint32_t)uc_code_word(p + i, 2), b = (uint32_t)uc_code_word(p + i + 2, 2);
	uint32_t s = a >> 10 & 1, to;

	if ((a & 0xf800) != 0xf000 || (b & 0xd000) != 0xd000)
		return UINT64_MAX;
	to = s << 24 | (~(b >> 13 ^ s) & 1) << 23 | (~(b >> 11 ^ s) & 1) << 22 | (a & 0x3ff) << 12 |
	     (b & 0x7ff) << 1;
	return i + 4 + (uint64_t)(int64_t)((int32_t)(to << 7) >> 7);
}

/* A function that makes the call whose number is in ip, as compilers with r7 for frames need it. */
static void scan_wrapper(const uint8_t *p, uint64_t n, uint64_t vaddr, uint64_t at,
			 struct uc_scan *s)
{
	for (uint64_t i = 0; i + 4 <= n; i += 2)
		if (at - thumb_call(p, i) <= WRAPPER_MAX)
			note(s, thumb_number(p, i, IP), vaddr + i);
}

static void scan_arm(const uint8_t *p, uint64_t n, uint64_t vaddr, struct uc_scan *s)
{
	unsigned wrappers = 0;

	for (uint64_t i = 0; i + 2 <= n; i += 2) {
		uint64_t number = UC_SCAN_CALLS;

		if (uc_code_word(p + i, 2) == 0xdf00)
			number = thumb_number(p, i, R7);
		else if (i % 4 == 0 && i + 4 <= n && uc_code_word(p + i, 4) == 0xef000000)
			number = arm_number(p, i, n);
		else
			continue;
		if (number == FROM_IP && wrappers++ < WRAPPERS_MAX)
			scan_wrapper(p, n, vaddr, i - 2, s);
		else
			note(s, number, vaddr + i);
	}
}

/* ---- 32-bit x86: int $0x80, sysenter, call *%gs:0x10; the number in eax ---- */

static uint64_t x86_number(const uint8_t *p, uint64_t i)
{
	for (uint64_t k = 4; k <= i && k <= LOOK_BACK; k++) {
		const uint8_t *q = p + i - k;

		if (q[0] == 0xb8 && k > 4 && uc_code_word(q + 1, 4) < UC_SCAN_CALLS)
			return uc_code_word(q + 1, 4);
		if (q[0] == 0x8b && q[1] == 0x44 && q[2] == 0x24)
			break; /* mov n(%esp),%eax */
	}
	return UC_SCAN_CALLS;
}

static void scan_x86(const uint8_t *p, uint64_t n, uint64_t vaddr, struct uc_scan *s)
{
	static const uint8_t gate[] = { 0x65, 0xff, 0x15, 0x10, 0, 0, 0 };

	for (uint64_t i = 0; i + 2 <= n; i++)
		if ((p[i] == 0xcd && p[i + 1] == 0x80) ||
		    (n - i >= sizeof(gate) && !memcmp(p + i, gate, sizeof(gate))))
			note(s, x86_number(p, i), vaddr + i);
}

/* ---- files ---- */

struct segment {
	uint64_t offset, filesz, vaddr;
	bool exec;
};

static bool read_segment(const uint8_t *p, bool wide, struct segment *out)
{
	Elf64_Phdr l;
	Elf32_Phdr s;

	if (wide) {
		memcpy(&l, p, sizeof(l));
		*out = (struct segment){ l.p_offset, l.p_filesz, l.p_vaddr,
					 l.p_type == PT_LOAD && l.p_flags & PF_X };
	} else {
		memcpy(&s, p, sizeof(s));
		*out = (struct segment){ s.p_offset, s.p_filesz, s.p_vaddr,
					 s.p_type == PT_LOAD && s.p_flags & PF_X };
	}
	return out->exec;
}

static void scan_segment(const uint8_t *p, const struct segment *g, unsigned machine,
			 struct uc_scan *s)
{
	if (machine == EM_AARCH64)
		scan_aarch64(p, g->filesz, g->vaddr, s);
	else if (machine == EM_ARM)
		scan_arm(p, g->filesz, g->vaddr, s);
	else
		scan_x86(p, g->filesz, g->vaddr, s);
}

bool uc_code_scan(const uint8_t *data, size_t n, struct uc_scan *out)
{
	bool wide = n > EI_CLASS && data[EI_CLASS] == ELFCLASS64;
	uint64_t at, count, size = wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr), left;
	unsigned machine;

	*out = (struct uc_scan){ 0 };
	if (n < sizeof(Elf64_Ehdr) || memcmp(data, ELFMAG, SELFMAG) || data[EI_DATA] != ELFDATA2LSB)
		return false;
	machine = (unsigned)uc_code_word(data + 18, 2);
	if (machine != EM_386 && machine != EM_ARM && machine != EM_AARCH64)
		return false;
	at = uc_code_word(
		data + (wide ? offsetof(Elf64_Ehdr, e_phoff) : offsetof(Elf32_Ehdr, e_phoff)),
		wide ? 8 : 4);
	count = uc_code_word(
		data + (wide ? offsetof(Elf64_Ehdr, e_phnum) : offsetof(Elf32_Ehdr, e_phnum)), 2);
	left = n; /* overlapping segments are read no longer than one file */
	for (uint64_t i = 0; i < count && at <= n && n - at >= size; i++, at += size) {
		struct segment g;

		if (!read_segment(data + at, wide, &g) || g.offset > n || g.filesz > n - g.offset ||
		    g.filesz > left)
			continue;
		left -= g.filesz;
		scan_segment(data + g.offset, &g, machine, out);
	}
	return true;
}
