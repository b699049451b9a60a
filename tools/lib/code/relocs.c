// SPDX-License-Identifier: BSD-3-Clause
/* Which addresses the loader writes where: RELA, the packed RELR, and what a fixed-address program
 * has in its data without relocations. */
#include <stdlib.h>
#include <string.h>
#include <unicore/util.h>

#include "internal.h"

static void add_reloc(struct uc_code *c, uint64_t at, enum uc_code_reloc_kind kind, uint64_t value)
{
	if (c->nrelocs > c->size)
		return; /* more than there is room for: made up */
	c->relocs = uc_room(c->relocs, c->nrelocs, sizeof(*c->relocs));
	c->relocs[c->nrelocs++] = (struct uc_code_reloc){ at, value, kind };
}

/* A symbol of this object with an addend is a place in the object it is found in; what is added
 * leads further into it, where the extent of the symbol holds it. */
static void add_rela(struct uc_code *c, const Elf64_Rela *r)
{
	uint64_t sym = ELF64_R_SYM(r->r_info), type = ELF64_R_TYPE(r->r_info);
	bool tls = type == R_X86_64_DTPMOD64 || type == R_X86_64_TLSDESC;

	switch (type) {
	case R_X86_64_RELATIVE:
		add_reloc(c, r->r_offset, UC_RELOC_ADDRESS, (uint64_t)r->r_addend);
		break;
	case R_X86_64_IRELATIVE:
		add_reloc(c, r->r_offset, UC_RELOC_CALL, (uint64_t)r->r_addend);
		break;
	case R_X86_64_GLOB_DAT:
	case R_X86_64_JUMP_SLOT:
	case R_X86_64_DTPMOD64:
	case R_X86_64_TLSDESC:
		/* An entry of the global offset table is an object of its own. */
		uc_code_add(&c->cuts, r->r_offset);
		uc_code_add(&c->cuts, r->r_offset + (tls ? 16 : 8));
		if (tls)
			break;
		__attribute__((fallthrough));
	case R_X86_64_64:
	case R_X86_64_COPY:
		if (sym && sym < c->nsymbols)
			add_reloc(c, r->r_offset,
				  type == R_X86_64_COPY ? UC_RELOC_COPY : UC_RELOC_SYMBOL, sym);
		else if (!sym)
			add_reloc(c, r->r_offset, UC_RELOC_ADDRESS, (uint64_t)r->r_addend);
		break;
	}
}

static void read_rela(struct uc_code *c, uint64_t at, uint64_t bytes)
{
	const uint8_t *p = at ? uc_code_at(c, at, bytes) : NULL;

	for (uint64_t i = 0; p && i + sizeof(Elf64_Rela) <= bytes; i += sizeof(Elf64_Rela)) {
		Elf64_Rela r;

		memcpy(&r, p + i, sizeof(r));
		add_rela(c, &r);
	}
}

static void add_relr(struct uc_code *c, uint64_t at)
{
	const uint8_t *p = uc_code_at(c, at, 8);

	if (p)
		add_reloc(c, at, UC_RELOC_ADDRESS, uc_code_word(p, 8));
}

/* An even word is an address, an odd one a bitmap of the 63 words behind the last. */
static void read_relr(struct uc_code *c, uint64_t table, uint64_t bytes)
{
	const uint8_t *p = table ? uc_code_at(c, table, bytes) : NULL;
	uint64_t base = 0;

	for (uint64_t i = 0; p && i + 8 <= bytes; i += 8) {
		uint64_t w = uc_code_word(p + i, 8);

		if (!(w & 1)) {
			add_relr(c, w);
			base = w + 8;
			continue;
		}
		for (unsigned b = 1; b < 64; b++)
			if (w >> b & 1)
				add_relr(c, base + 8 * (uint64_t)(b - 1));
		base += 63 * 8;
	}
}

static void read_words(struct uc_code *c)
{
	for (size_t i = 0; i < c->nsegments; i++) {
		const struct uc_code_segment *s = &c->segments[i];
		uint64_t first = (s->vaddr + 7) & ~7ull;

		for (uint64_t v = first; !s->exec && v - s->vaddr + 8 <= s->filesz; v += 8) {
			uint64_t w = uc_code_word(c->data + s->offset + (v - s->vaddr), 8);

			if (uc_code_is_text(c, w) || uc_code_is_data(c, w))
				add_reloc(c, v, UC_RELOC_ADDRESS, w);
		}
	}
}

/* Static programs find their IRELATIVE relocations by a section. */
static void read_sections(struct uc_code *c)
{
	for (unsigned i = 0; i < uc_code_sections(c); i++) {
		const char *name;
		Elf64_Shdr sh;

		if (uc_code_section(c, i, &sh, &name) && sh.sh_type == SHT_RELA &&
		    sh.sh_flags & SHF_ALLOC)
			read_rela(c, sh.sh_addr, sh.sh_size);
	}
}

static int by_place(const void *a, const void *b)
{
	const struct uc_code_reloc *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

void uc_code_read_relocs(struct uc_code *c, const struct uc_code_dynamic *d)
{
	read_rela(c, d->rela, d->relasz);
	read_rela(c, d->jmprel, d->pltrelsz);
	read_relr(c, d->relr, d->relrsz);
	if (!c->nrelocs)
		read_sections(c);
	if (!c->pic)
		read_words(c);
	if (c->nrelocs)
		qsort(c->relocs, c->nrelocs, sizeof(*c->relocs), by_place);
}

static bool before(const void *reloc, const void *vaddr)
{
	return ((const struct uc_code_reloc *)reloc)->at < *(const uint64_t *)vaddr;
}

size_t uc_code_reloc_from(const struct uc_code *c, uint64_t vaddr)
{
	return uc_lower_bound(c->relocs, c->nrelocs, sizeof(*c->relocs), before, &vaddr);
}
