// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <asm/mman.h>
#include <linux/limits.h>
#include <uc/string.h>
#include <uc/user.h>
#include "elf.h"

#define PHDRS_MAX 65536u /* bytes, as in Linux */

int uc_elf_header(const void *buf, size_t len, unsigned machine, struct uc_elf *out)
{
	Elf64_Ehdr h;

	if (len < sizeof(h))
		return -ENOEXEC;
	memcpy(&h, buf, sizeof(h));
	if (memcmp(h.e_ident, ELFMAG, SELFMAG) || h.e_ident[EI_CLASS] != ELFCLASS64 ||
	    h.e_ident[EI_DATA] != ELFDATA2LSB)
		return -ENOEXEC;
	if ((h.e_type != ET_EXEC && h.e_type != ET_DYN) || h.e_machine != machine)
		return -ENOEXEC;
	if (h.e_phentsize != sizeof(Elf64_Phdr) || !h.e_phnum ||
	    h.e_phnum > PHDRS_MAX / sizeof(Elf64_Phdr))
		return -ENOEXEC;
	memset(out, 0, sizeof(*out));
	out->entry = h.e_entry;
	out->phoff = h.e_phoff;
	out->phnum = h.e_phnum;
	out->dyn = h.e_type == ET_DYN;
	out->low = UINT64_MAX;
	out->align = UC_PAGE_SIZE;
	out->code_start = out->data_start = UINT64_MAX;
	return 0;
}

static Elf64_Phdr phdr_at(const void *phdrs, unsigned i)
{
	Elf64_Phdr p;

	memcpy(&p, (const uint8_t *)phdrs + i * sizeof(p), sizeof(p));
	return p;
}

static int prot_of(uint32_t flags)
{
	return (flags & PF_R ? PROT_READ : 0) | (flags & PF_W ? PROT_WRITE : 0) |
	       (flags & PF_X ? PROT_EXEC : 0);
}

static int check_load(const Elf64_Phdr *p)
{
	uint64_t end;

	if (p->p_filesz > p->p_memsz)
		return -EINVAL;
	if (p->p_memsz > UC_USER_TOP || p->p_vaddr > UC_USER_TOP - p->p_memsz)
		return -EINVAL;
	if ((p->p_vaddr ^ p->p_offset) & (UC_PAGE_SIZE - 1))
		return -EINVAL;
	if (__builtin_add_overflow(p->p_offset, p->p_filesz, &end) || end > INT64_MAX)
		return -EINVAL;
	return 0;
}

static void account_load(struct uc_elf *e, const Elf64_Phdr *p)
{
	uint64_t fend = p->p_vaddr + p->p_filesz, mend = p->p_vaddr + p->p_memsz;

	e->low = UC_MIN(e->low, UC_PAGE_DOWN(p->p_vaddr));
	e->high = UC_MAX(e->high, UC_PAGE_UP(mend));
	if (p->p_align > e->align && (p->p_align & (p->p_align - 1)) == 0)
		e->align = p->p_align;
	if (p->p_offset <= e->phoff && e->phoff - p->p_offset < p->p_filesz)
		e->phdr_vaddr = e->phoff - p->p_offset + p->p_vaddr;
	if (p->p_flags & PF_X) {
		e->code_start = UC_MIN(e->code_start, (uint64_t)p->p_vaddr);
		e->code_end = UC_MAX(e->code_end, fend);
	}
	if (p->p_vaddr >= e->data_start || e->data_start == UINT64_MAX)
		e->data_start = p->p_vaddr;
	e->data_end = UC_MAX(e->data_end, fend);
	e->brk = UC_MAX(e->brk, mend);
}

static int account_interp(struct uc_elf *e, const Elf64_Phdr *p)
{
	if (e->interp_len)
		return 0;
	if (p->p_filesz < 2 || p->p_filesz > PATH_MAX || p->p_offset > INT64_MAX)
		return -ENOEXEC;
	e->interp_off = p->p_offset;
	e->interp_len = p->p_filesz;
	return 0;
}

int uc_elf_phdrs(const void *phdrs, struct uc_elf *e)
{
	for (unsigned i = 0; i < e->phnum; i++) {
		Elf64_Phdr p = phdr_at(phdrs, i);
		int r = 0;

		if (p.p_type == PT_LOAD && p.p_memsz) {
			r = check_load(&p);
			if (r == 0)
				account_load(e, &p);
		} else if (p.p_type == PT_INTERP) {
			r = account_interp(e, &p);
		} else if (p.p_type == PT_GNU_STACK) {
			e->exec_stack = p.p_flags & PF_X;
		}
		if (r < 0)
			return r;
	}
	if (e->high <= e->low) /* nothing to load */
		return -EINVAL;
	if (e->dyn && e->align > UC_USER_TOP / 4)
		return -ENOMEM;
	return 0;
}

bool uc_elf_segment(const void *phdrs, unsigned i, struct uc_elf_seg *out)
{
	Elf64_Phdr p = phdr_at(phdrs, i);

	if (p.p_type != PT_LOAD || !p.p_memsz)
		return false;
	*out = (struct uc_elf_seg){ p.p_vaddr, p.p_offset, p.p_filesz, p.p_memsz,
				    prot_of(p.p_flags) };
	return true;
}
