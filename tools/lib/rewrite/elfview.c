// SPDX-License-Identifier: BSD-3-Clause
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "rewrite.h"

static bool inside(const struct rw_elf *e, uint64_t off, uint64_t len)
{
	return off <= e->n && len <= e->n - off;
}

static void add_text(struct rw_elf *e, uint64_t vaddr, uint64_t off, uint64_t size)
{
	if (!size || !inside(e, off, size) || vaddr > UINT64_MAX - size) return;
	e->texts = uc_xrealloc(e->texts, (e->ntexts + 1) * sizeof(*e->texts));
	e->texts[e->ntexts++] = (struct rw_text){ vaddr, off, size };
}

static void add_start(struct rw_elf *e, uint64_t v)
{
	if (!(e->nstarts & (e->nstarts - 1)))
		e->starts = uc_xrealloc(e->starts,
					(e->nstarts ? e->nstarts * 2 : 1) * sizeof(*e->starts));
	e->starts[e->nstarts++] = v;
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return x < y ? -1 : x > y;
}

/* .eh_frame_hdr's search table lists every function that has unwind information, also in stripped
 * files. */
static void starts_from_eh_frame(struct rw_elf *e, const Elf64_Phdr *ph)
{
	const uint8_t *h = e->data + ph->p_offset;
	if (!inside(e, ph->p_offset, 12) || h[0] != 1 || h[1] != 0x1b || h[2] != 0x03 ||
	    h[3] != 0x3b)
		return;
	uint32_t count;
	memcpy(&count, h + 8, 4);
	if (!inside(e, ph->p_offset + 12, (uint64_t)count * 8)) return;
	for (uint32_t i = 0; i < count; i++) {
		int32_t rel;
		memcpy(&rel, h + 12 + (size_t)i * 8, 4);
		add_start(e, ph->p_vaddr + (uint64_t)(int64_t)rel);
	}
}

static void starts_from_symbols(struct rw_elf *e, const Elf64_Shdr *sh)
{
	if (sh->sh_entsize != sizeof(Elf64_Sym) || !inside(e, sh->sh_offset, sh->sh_size)) return;
	for (uint64_t i = 0; i < sh->sh_size / sizeof(Elf64_Sym); i++) {
		Elf64_Sym s;
		memcpy(&s, e->data + sh->sh_offset + i * sizeof(s), sizeof(s));
		if ((ELF64_ST_TYPE(s.st_info) == STT_FUNC ||
		     ELF64_ST_TYPE(s.st_info) == STT_GNU_IFUNC) &&
		    s.st_shndx)
			add_start(e, s.st_value);
	}
}

static void read_sections(struct rw_elf *e, const Elf64_Ehdr *eh)
{
	if (eh->e_shentsize != sizeof(Elf64_Shdr) ||
	    !inside(e, eh->e_shoff, (uint64_t)eh->e_shnum * sizeof(Elf64_Shdr)))
		return;
	for (unsigned i = 0; i < eh->e_shnum; i++) {
		Elf64_Shdr sh;
		memcpy(&sh, e->data + eh->e_shoff + i * sizeof(sh), sizeof(sh));
		if (sh.sh_type == SHT_SYMTAB || sh.sh_type == SHT_DYNSYM)
			starts_from_symbols(e, &sh);
		else if (sh.sh_type == SHT_PROGBITS && sh.sh_flags & SHF_EXECINSTR)
			add_text(e, sh.sh_addr, sh.sh_offset, sh.sh_size);
	}
}

/* A section that lies outside the executable segments is not what will be executed. */
static bool in_exec_segment(const Elf64_Phdr *ph, unsigned n, const struct rw_text *t)
{
	for (unsigned i = 0; i < n; i++)
		if (ph[i].p_type == PT_LOAD && ph[i].p_flags & PF_X && t->vaddr >= ph[i].p_vaddr &&
		    t->vaddr - ph[i].p_vaddr <= ph[i].p_filesz &&
		    t->size <= ph[i].p_filesz - (t->vaddr - ph[i].p_vaddr) &&
		    t->offset - ph[i].p_offset == t->vaddr - ph[i].p_vaddr)
			return true;
	return false;
}

bool rw_elf_open(struct rw_elf *e, const uint8_t *data, size_t n)
{
	Elf64_Ehdr eh;
	*e = (struct rw_elf){ .data = data, .n = n };
	if (n < sizeof(eh)) return false;
	memcpy(&eh, data, sizeof(eh));
	if (memcmp(eh.e_ident, ELFMAG, SELFMAG) || eh.e_ident[EI_CLASS] != ELFCLASS64 ||
	    eh.e_machine != EM_X86_64 || (eh.e_type != ET_EXEC && eh.e_type != ET_DYN) ||
	    eh.e_phentsize != sizeof(Elf64_Phdr) || eh.e_phnum > 512 ||
	    !inside(e, eh.e_phoff, (uint64_t)eh.e_phnum * sizeof(Elf64_Phdr)))
		return false;
	Elf64_Phdr *ph = uc_xmalloc((eh.e_phnum + 1) * sizeof(*ph));
	memcpy(ph, data + eh.e_phoff, eh.e_phnum * sizeof(*ph));
	read_sections(e, &eh);
	size_t kept = 0;
	for (size_t i = 0; i < e->ntexts; i++)
		if (in_exec_segment(ph, eh.e_phnum, &e->texts[i])) e->texts[kept++] = e->texts[i];
	e->ntexts = kept;
	bool sections = kept > 0;
	for (unsigned i = 0; i < eh.e_phnum; i++) {
		if (ph[i].p_type == PT_LOAD) {
			uint64_t end = ph[i].p_vaddr + ph[i].p_memsz;
			if (end > e->high_vaddr && end >= ph[i].p_vaddr) e->high_vaddr = end;
			if (!sections && ph[i].p_flags & PF_X)
				add_text(e, ph[i].p_vaddr, ph[i].p_offset, ph[i].p_filesz);
		} else if (ph[i].p_type == PT_GNU_EH_FRAME) {
			starts_from_eh_frame(e, &ph[i]);
		}
	}
	free(ph);
	if (e->nstarts) qsort(e->starts, e->nstarts, sizeof(*e->starts), by_value);
	return e->ntexts > 0 && e->high_vaddr < 1ull << 46;
}

void rw_elf_close(struct rw_elf *e)
{
	free(e->texts);
	free(e->starts);
}

const uint8_t *rw_elf_at(const struct rw_elf *e, const struct rw_text *t, uint64_t vaddr,
			 uint64_t len)
{
	if (vaddr < t->vaddr || vaddr - t->vaddr > t->size || len > t->size - (vaddr - t->vaddr))
		return NULL;
	return e->data + t->offset + (vaddr - t->vaddr);
}

void rw_elf_function(const struct rw_elf *e, const struct rw_text *t, uint64_t vaddr,
		     uint64_t *start, uint64_t *end)
{
	size_t lo = 0, hi = e->nstarts;
	*start = t->vaddr;
	*end = t->vaddr + t->size;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (e->starts[mid] <= vaddr) lo = mid + 1;
		else hi = mid;
	}
	if (lo && e->starts[lo - 1] > *start) *start = e->starts[lo - 1];
	if (lo < e->nstarts && e->starts[lo] < *end) *end = e->starts[lo];
}
