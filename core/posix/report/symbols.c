// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <linux/elf.h>
#include <uc/string.h>
#include "symbols.h"

#define MAX_SECTIONS 4096u
#define MAX_SYMBOLS (1u << 20)
#define SYM_TYPE_NOTYPE 0
#define SYM_TYPE_FUNC 2
#define SYM_TYPE_IFUNC 10
#ifndef SHT_DYNSYM
#define SHT_DYNSYM 11
#endif

static int read_header(const struct sym_reader *r, Elf64_Ehdr *h)
{
	if (r->read(r->arg, 0, h, sizeof(*h)) < 0 || memcmp(h->e_ident, ELFMAG, SELFMAG) ||
	    h->e_ident[EI_CLASS] != ELFCLASS64)
		return -ENOEXEC;
	return 0;
}

int sym_first_vaddr(const struct sym_reader *r, uint64_t *vaddr)
{
	Elf64_Ehdr h;
	Elf64_Phdr p;

	if (read_header(r, &h) < 0 || h.e_phentsize != sizeof(p))
		return -ENOEXEC;
	for (unsigned i = 0; i < h.e_phnum; i++) {
		if (r->read(r->arg, h.e_phoff + i * sizeof(p), &p, sizeof(p)) < 0)
			return -ENOEXEC;
		if (p.p_type == PT_LOAD) {
			*vaddr = UC_PAGE_DOWN(p.p_vaddr) - UC_PAGE_DOWN(p.p_offset);
			return 0;
		}
	}
	return -ENOEXEC;
}

static int read_section(const struct sym_reader *r, const Elf64_Ehdr *h, unsigned i, Elf64_Shdr *s)
{
	uint64_t off;

	if (__builtin_add_overflow(h->e_shoff, (uint64_t)i * sizeof(*s), &off))
		return -ENOEXEC;
	return r->read(r->arg, off, s, sizeof(*s)) < 0 ? -ENOEXEC : 0;
}

/* The full table if the file has one, else the dynamic one. */
static int find_table(const struct sym_reader *r, const Elf64_Ehdr *h, Elf64_Shdr *table)
{
	Elf64_Shdr s;
	int found = -ENOENT;

	if (h->e_shentsize != sizeof(s) || h->e_shnum > MAX_SECTIONS)
		return -ENOEXEC;
	for (unsigned i = 0; i < h->e_shnum; i++) {
		if (read_section(r, h, i, &s) < 0)
			return -ENOEXEC;
		if (s.sh_type != SHT_SYMTAB && s.sh_type != SHT_DYNSYM)
			continue;
		if (s.sh_entsize != sizeof(Elf64_Sym) || s.sh_link >= h->e_shnum)
			return -ENOEXEC;
		*table = s;
		found = 0;
		if (s.sh_type == SHT_SYMTAB)
			break;
	}
	return found;
}

struct best { uint64_t value, size; uint32_t name; bool any; };

static void consider(struct best *b, const Elf64_Sym *s, uint64_t vaddr)
{
	unsigned type = s->st_info & 15u;

	if (type != SYM_TYPE_NOTYPE && type != SYM_TYPE_FUNC && type != SYM_TYPE_IFUNC)
		return;
	if (s->st_shndx == SHN_UNDEF || s->st_shndx >= SHN_LORESERVE || !s->st_name ||
	    s->st_value > vaddr)
		return;
	if (s->st_size && vaddr - s->st_value >= s->st_size)
		return;
	/* The closest one; of aliases, one with a size. */
	if (b->any && (s->st_value < b->value || (s->st_value == b->value && b->size)))
		return;
	*b = (struct best){ s->st_value, s->st_size, s->st_name, true };
}

static int scan(const struct sym_reader *r, const Elf64_Shdr *t, uint64_t vaddr, void *scratch,
		struct best *b)
{
	Elf64_Sym *syms = scratch;
	uint64_t n = UC_MIN(t->sh_size / sizeof(*syms), (uint64_t)MAX_SYMBOLS), off = t->sh_offset;
	const uint64_t chunk = SYM_SCRATCH / sizeof(*syms);

	while (n) {
		uint64_t k = UC_MIN(n, chunk);

		if (r->read(r->arg, off, syms, k * sizeof(*syms)) < 0)
			return -ENOEXEC;
		for (uint64_t i = 0; i < k; i++)
			consider(b, &syms[i], vaddr);
		if (__builtin_add_overflow(off, k * sizeof(*syms), &off))
			return -ENOEXEC;
		n -= k;
	}
	return b->any ? 0 : -ENOENT;
}

/* Up to the buffer's size, or what the string table has left. */
static int read_name(const struct sym_reader *r, const Elf64_Shdr *strtab, uint32_t at, char *name)
{
	uint64_t off, n;

	if (at >= strtab->sh_size || __builtin_add_overflow(strtab->sh_offset, (uint64_t)at, &off))
		return -ENOEXEC;
	n = UC_MIN(strtab->sh_size - at, (uint64_t)SYM_NAME_MAX - 1);
	if (r->read(r->arg, off, name, n) < 0)
		return -ENOEXEC;
	name[n] = '\0';
	for (char *c = name; *c; c++) {
		if (*c < ' ' || *c > '~')
			*c = '?';
	}
	return 0;
}

int sym_find(const struct sym_reader *r, uint64_t vaddr, void *scratch, struct sym_found *out)
{
	struct best b = { .any = false };
	Elf64_Shdr table, strings;
	Elf64_Ehdr h;
	int e = read_header(r, &h);

	if (e == 0)
		e = find_table(r, &h, &table);
	if (e == 0)
		e = read_section(r, &h, table.sh_link, &strings);
	if (e == 0)
		e = scan(r, &table, vaddr, scratch, &b);
	if (e < 0)
		return e;
	out->value = b.value;
	return read_name(r, &strings, b.name, out->name);
}
