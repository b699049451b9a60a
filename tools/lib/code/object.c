// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define BUDGET       400000000ull
#define MAX_SEGMENTS 512u
#define MAX_DYN      65536u

/* ---- small things ---- */

void uc_code_add(struct uc_code_vec *v, uint64_t a)
{
	v->v = uc_room(v->v, v->n, sizeof(*v->v));
	v->v[v->n++] = a;
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

void uc_code_sort(struct uc_code_vec *v)
{
	size_t kept = 0;

	if (!v->n)
		return;
	qsort(v->v, v->n, sizeof(*v->v), by_value);
	for (size_t i = 0; i < v->n; i++)
		if (!kept || v->v[kept - 1] != v->v[i])
			v->v[kept++] = v->v[i];
	v->n = kept;
}

size_t uc_code_lower(const struct uc_code_vec *v, uint64_t a)
{
	size_t lo = 0, hi = v->n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (v->v[mid] < a)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

uint64_t uc_code_word(const uint8_t *p, unsigned bytes)
{
	uint64_t v = 0;

	memcpy(&v, p, bytes);
	return v;
}

uint32_t uc_code_word32(const struct uc_code *c, uint64_t vaddr)
{
	const uint8_t *p = uc_code_at(c, vaddr, 4);

	return p ? (uint32_t)uc_code_word(p, 4) : 0;
}

/* ---- addresses ---- */

static const struct uc_code_segment *segment_of(const struct uc_code *c, uint64_t vaddr)
{
	for (size_t i = 0; i < c->nsegments; i++) {
		const struct uc_code_segment *s = &c->segments[i];

		if (vaddr >= s->vaddr && vaddr - s->vaddr < s->memsz)
			return s;
	}
	return NULL;
}

const uint8_t *uc_code_at(const struct uc_code *c, uint64_t vaddr, uint64_t n)
{
	const struct uc_code_segment *s = segment_of(c, vaddr);

	if (!s || vaddr - s->vaddr > s->filesz || n > s->filesz - (vaddr - s->vaddr))
		return NULL;
	return c->data + s->offset + (vaddr - s->vaddr);
}

bool uc_code_is_text(const struct uc_code *c, uint64_t vaddr)
{
	const struct uc_code_segment *s = segment_of(c, vaddr);

	return s && s->exec && vaddr - s->vaddr < s->filesz;
}

bool uc_code_is_data(const struct uc_code *c, uint64_t vaddr)
{
	const struct uc_code_segment *s = segment_of(c, vaddr);

	return s && !s->exec;
}

const char *uc_code_text(const struct uc_code *c, uint64_t vaddr)
{
	const struct uc_code_segment *s = segment_of(c, vaddr);
	const char *p;
	uint64_t room;

	if (!s || vaddr - s->vaddr >= s->filesz)
		return NULL;
	room = s->filesz - (vaddr - s->vaddr);
	p = (const char *)c->data + s->offset + (vaddr - s->vaddr);
	return memchr(p, 0, room < 4096 ? room : 4096) ? p : NULL;
}

/* ---- headers ---- */

static bool inside(const struct uc_code *c, uint64_t off, uint64_t n)
{
	return off <= c->size && n <= c->size - off;
}

static bool add_segment(struct uc_code *c, const Elf64_Phdr *ph)
{
	uint64_t end;

	if (!inside(c, ph->p_offset, ph->p_filesz) || ph->p_filesz > ph->p_memsz ||
	    __builtin_add_overflow(ph->p_vaddr, ph->p_memsz, &end))
		return false;
	c->segments = uc_room(c->segments, c->nsegments, sizeof(*c->segments));
	c->segments[c->nsegments++] = (struct uc_code_segment){
		.vaddr = ph->p_vaddr,
		.filesz = ph->p_filesz,
		.memsz = ph->p_memsz,
		.offset = ph->p_offset,
		.exec = ph->p_flags & PF_X,
		.write = ph->p_flags & PF_W,
	};
	return true;
}

static void read_tags(const struct uc_code *c, const Elf64_Phdr *ph, struct uc_code_dynamic *d)
{
	const struct {
		int64_t tag;
		uint64_t *to;
	} tags[] = {
		{ DT_SYMTAB, &d->symtab },
		{ DT_STRTAB, &d->strtab },
		{ DT_STRSZ, &d->strsz },
		{ DT_HASH, &d->hash },
		{ DT_GNU_HASH, &d->gnu_hash },
		{ DT_VERSYM, &d->versym },
		{ DT_VERNEED, &d->verneed },
		{ DT_VERNEEDNUM, &d->verneednum },
		{ DT_VERDEF, &d->verdef },
		{ DT_VERDEFNUM, &d->verdefnum },
		{ DT_RELA, &d->rela },
		{ DT_RELASZ, &d->relasz },
		{ DT_RELR, &d->relr },
		{ DT_RELRSZ, &d->relrsz },
		{ DT_JMPREL, &d->jmprel },
		{ DT_PLTRELSZ, &d->pltrelsz },
		{ DT_INIT, &d->init },
		{ DT_FINI, &d->fini },
		{ DT_INIT_ARRAY, &d->init_array },
		{ DT_INIT_ARRAYSZ, &d->init_arraysz },
		{ DT_FINI_ARRAY, &d->fini_array },
		{ DT_FINI_ARRAYSZ, &d->fini_arraysz },
		{ DT_PREINIT_ARRAY, &d->preinit_array },
		{ DT_PREINIT_ARRAYSZ, &d->preinit_arraysz },
	};
	uint64_t n = ph->p_filesz / sizeof(Elf64_Dyn);

	if (!inside(c, ph->p_offset, ph->p_filesz))
		return;
	for (uint64_t i = 0; i < n && i < MAX_DYN; i++) {
		Elf64_Dyn dyn;

		memcpy(&dyn, c->data + ph->p_offset + i * sizeof(dyn), sizeof(dyn));
		if (dyn.d_tag == DT_NULL)
			break;
		for (size_t k = 0; k < sizeof(tags) / sizeof(*tags); k++)
			if (tags[k].tag == dyn.d_tag)
				*tags[k].to = dyn.d_un.d_val;
	}
}

unsigned uc_code_sections(const struct uc_code *c)
{
	Elf64_Ehdr eh;

	memcpy(&eh, c->data, sizeof(eh));
	if (eh.e_shentsize != sizeof(Elf64_Shdr) ||
	    !inside(c, eh.e_shoff, (uint64_t)eh.e_shnum * sizeof(Elf64_Shdr)))
		return 0;
	return eh.e_shnum;
}

bool uc_code_section(const struct uc_code *c, unsigned i, Elf64_Shdr *out, const char **name)
{
	Elf64_Ehdr eh;
	Elf64_Shdr str;

	if (i >= uc_code_sections(c))
		return false;
	memcpy(&eh, c->data, sizeof(eh));
	memcpy(out, c->data + eh.e_shoff + (uint64_t)i * sizeof(*out), sizeof(*out));
	*name = "";
	if (eh.e_shstrndx < eh.e_shnum) {
		memcpy(&str, c->data + eh.e_shoff + (uint64_t)eh.e_shstrndx * sizeof(str),
		       sizeof(str));
		if (inside(c, str.sh_offset, str.sh_size) && out->sh_name < str.sh_size &&
		    memchr(c->data + str.sh_offset + out->sh_name, 0, str.sh_size - out->sh_name))
			*name = (const char *)c->data + str.sh_offset + out->sh_name;
	}
	return out->sh_type == SHT_NOBITS || inside(c, out->sh_offset, out->sh_size);
}

static void read_stubs(struct uc_code *c)
{
	for (unsigned i = 0; i < uc_code_sections(c); i++) {
		const char *name;
		Elf64_Shdr sh;

		if (!uc_code_section(c, i, &sh, &name) || !uc_has_prefix(name, ".plt"))
			continue;
		if (sh.sh_addr > UINT64_MAX - sh.sh_size)
			continue;
		c->stubs = uc_room(c->stubs, c->nstubs, sizeof(*c->stubs));
		c->stubs[c->nstubs++] =
			(struct uc_code_range){ sh.sh_addr, sh.sh_addr + sh.sh_size };
	}
}

/* ---- what the loader calls ---- */

static void add_init(struct uc_code *c, uint64_t vaddr)
{
	if (uc_code_is_text(c, vaddr))
		uc_code_add(&c->init, vaddr);
}

static void add_array(struct uc_code *c, uint64_t at, uint64_t bytes)
{
	for (uint64_t i = 0; i + 8 <= bytes; i += 8) {
		const uint8_t *p = uc_code_at(c, at + i, 8);
		size_t r = uc_code_reloc_from(c, at + i);

		if (!p)
			break;
		if (r < c->nrelocs && c->relocs[r].at == at + i) {
			if (c->relocs[r].kind == UC_RELOC_ADDRESS)
				add_init(c, c->relocs[r].value);
			else if (c->relocs[r].kind == UC_RELOC_SYMBOL &&
				 c->symbols[c->relocs[r].value].defined)
				add_init(c, c->symbols[c->relocs[r].value].value);
		} else {
			add_init(c, uc_code_word(p, 8));
		}
	}
}

static void add_arrays(struct uc_code *c, const struct uc_code_dynamic *d)
{
	add_init(c, d->init);
	add_init(c, d->fini);
	add_array(c, d->preinit_array, d->preinit_arraysz);
	add_array(c, d->init_array, d->init_arraysz);
	add_array(c, d->fini_array, d->fini_arraysz);
}

/* Static programs have no dynamic section: their start-up code walks these sections. */
static void add_sections(struct uc_code *c)
{
	for (unsigned i = 0; i < uc_code_sections(c); i++) {
		const char *name;
		Elf64_Shdr sh;

		if (!uc_code_section(c, i, &sh, &name))
			continue;
		if (sh.sh_type == SHT_INIT_ARRAY || sh.sh_type == SHT_FINI_ARRAY ||
		    sh.sh_type == SHT_PREINIT_ARRAY)
			add_array(c, sh.sh_addr, sh.sh_size);
		else if (!strcmp(name, ".init") || !strcmp(name, ".fini"))
			add_init(c, sh.sh_addr);
	}
}

/* ---- opening ---- */

static bool read_header(struct uc_code *c, Elf64_Ehdr *eh)
{
	if (c->size < sizeof(*eh))
		return false;
	memcpy(eh, c->data, sizeof(*eh));
	return !memcmp(eh->e_ident, ELFMAG, SELFMAG) && eh->e_ident[EI_CLASS] == ELFCLASS64 &&
	       eh->e_ident[EI_DATA] == ELFDATA2LSB && eh->e_machine == EM_X86_64 &&
	       (eh->e_type == ET_EXEC || eh->e_type == ET_DYN) &&
	       eh->e_phentsize == sizeof(Elf64_Phdr) && eh->e_phnum <= MAX_SEGMENTS &&
	       inside(c, eh->e_phoff, (uint64_t)eh->e_phnum * sizeof(Elf64_Phdr));
}

static bool read_segments(struct uc_code *c, const Elf64_Ehdr *eh, Elf64_Phdr *dynamic,
			  Elf64_Phdr *unwind)
{
	for (unsigned i = 0; i < eh->e_phnum; i++) {
		Elf64_Phdr ph;

		memcpy(&ph, c->data + eh->e_phoff + i * sizeof(ph), sizeof(ph));
		if (ph.p_type == PT_LOAD && !add_segment(c, &ph))
			return false;
		if (ph.p_type == PT_DYNAMIC)
			*dynamic = ph;
		if (ph.p_type == PT_GNU_EH_FRAME)
			*unwind = ph;
	}
	return c->nsegments > 0;
}

bool uc_code_open(struct uc_code *c, const uint8_t *data, size_t n, const char **why)
{
	Elf64_Phdr dynamic = { 0 }, unwind = { 0 };
	struct uc_code_dynamic d = { 0 };
	Elf64_Ehdr eh;

	*c = (struct uc_code){ .data = data, .size = n, .budget = BUDGET };
	*why = "it is not an ELF file of x86-64 code";
	if (!read_header(c, &eh))
		return false;
	*why = "a segment lies beyond the end of the file (truncated?)";
	if (!read_segments(c, &eh, &dynamic, &unwind)) {
		uc_code_close(c);
		return false;
	}
	c->entry = eh.e_entry;
	c->pic = eh.e_type == ET_DYN;
	read_stubs(c);
	read_tags(c, &dynamic, &d);
	uc_code_read_symbols(c, &d);
	uc_code_read_labels(c);
	uc_code_read_relocs(c, &d);
	uc_code_read_unwind(c, &unwind);
	add_arrays(c, &d);
	add_sections(c);
	uc_code_sort(&c->init);
	return true;
}

void uc_code_close(struct uc_code *c)
{
	free(c->segments);
	free(c->symbols);
	free(c->relocs);
	free(c->fdes);
	free(c->stubs);
	free(c->labels);
	free(c->init.v);
	free(c->starts.v);
	free(c->cuts.v);
	free(c->known);
	*c = (struct uc_code){ .size = 0 };
}
