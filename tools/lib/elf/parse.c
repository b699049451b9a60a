// SPDX-License-Identifier: BSD-3-Clause
#include <elf.h>
#include <gelf.h>
#include <string.h>

#include <unicore/elf.h>

#define MAX_PHDRS   512u
#define MAX_DYN     65536u
#define MAX_SYMBOLS 4000000u
#define MAX_NAME    4096u

struct parser {
	Elf *e;
	struct uc_elf *out;
	const char *why;
	GElf_Ehdr eh;
	size_t nph, size;
	/* from the dynamic section */
	uint64_t strtab, strsz, symtab, hash, gnu_hash;
	const char *str; /* the string table, strsz bytes, NUL-terminated (checked) */
};

static bool bad(struct parser *p, const char *why)
{
	p->why = why;
	return false;
}

/* File offset of a virtual address with n bytes after it inside one segment's file image. */
static bool offset_of(struct parser *p, uint64_t vaddr, uint64_t n, uint64_t *off)
{
	for (size_t i = 0; i < p->nph; i++) {
		GElf_Phdr ph;

		if (!gelf_getphdr(p->e, (int)i, &ph) || ph.p_type != PT_LOAD) continue;
		if (vaddr < ph.p_vaddr || vaddr - ph.p_vaddr > ph.p_filesz ||
		    n > ph.p_filesz - (vaddr - ph.p_vaddr))
			continue;
		*off = ph.p_offset + (vaddr - ph.p_vaddr);
		return true;
	}
	return false;
}

/* Bytes that are in the file from vaddr to the end of its segment. */
static uint64_t bytes_after(struct parser *p, uint64_t vaddr)
{
	for (size_t i = 0; i < p->nph; i++) {
		GElf_Phdr ph;

		if (gelf_getphdr(p->e, (int)i, &ph) && ph.p_type == PT_LOAD &&
		    vaddr >= ph.p_vaddr && vaddr - ph.p_vaddr < ph.p_filesz)
			return ph.p_filesz - (vaddr - ph.p_vaddr);
	}
	return 0;
}

static Elf_Data *chunk(struct parser *p, uint64_t vaddr, uint64_t n, Elf_Type type)
{
	uint64_t off;

	if (!n || !offset_of(p, vaddr, n, &off)) return NULL;
	return elf_getdata_rawchunk(p->e, (int64_t)off, n, type);
}

static bool read_interp(struct parser *p, const GElf_Phdr *ph)
{
	Elf_Data *d;

	if (!ph->p_filesz || ph->p_filesz > MAX_NAME)
		return bad(p, "the interpreter's name is empty or too long");
	d = elf_getdata_rawchunk(p->e, (int64_t)ph->p_offset, ph->p_filesz, ELF_T_BYTE);
	if (!d || ((const char *)d->d_buf)[ph->p_filesz - 1] || p->out->interp)
		return bad(p, "the interpreter's name is malformed");
	p->out->interp = uc_xstrdup(d->d_buf);
	return true;
}

static bool read_load(struct parser *p, const GElf_Phdr *ph)
{
	struct uc_elf *o = p->out;
	uint64_t end;

	if (ph->p_offset > p->size || ph->p_filesz > p->size - ph->p_offset)
		return bad(p, "a segment lies beyond the end of the file (truncated?)");
	if (ph->p_filesz > ph->p_memsz || __builtin_add_overflow(ph->p_vaddr, ph->p_memsz, &end))
		return bad(p, "a segment has an impossible size");
	if (ph->p_align > 1 && (ph->p_align & (ph->p_align - 1)))
		return bad(p, "a segment's alignment is not a power of two");
	if (ph->p_align > 1 && ((ph->p_vaddr - ph->p_offset) & (ph->p_align - 1)))
		return bad(p, "a segment's address and offset do not agree");
	if (!o->load_bytes || ph->p_vaddr < o->low_vaddr) o->low_vaddr = ph->p_vaddr;
	if (end > o->high_vaddr) o->high_vaddr = end;
	o->load_bytes += ph->p_filesz;
	o->has_exec_segment |= (ph->p_flags & PF_X) != 0;
	return true;
}

static bool read_segments(struct parser *p, GElf_Phdr *dynamic)
{
	bool loads = false;

	dynamic->p_type = PT_NULL;
	for (size_t i = 0; i < p->nph; i++) {
		GElf_Phdr ph;

		if (!gelf_getphdr(p->e, (int)i, &ph))
			return bad(
				p,
				"the program headers lie beyond the end of the file (truncated?)");
		if (ph.p_type == PT_LOAD && !read_load(p, &ph)) return false;
		if (ph.p_type == PT_INTERP && !read_interp(p, &ph)) return false;
		if (ph.p_type == PT_GNU_STACK) p->out->exec_stack = (ph.p_flags & PF_X) != 0;
		if (ph.p_type == PT_DYNAMIC) *dynamic = ph;
		loads |= ph.p_type == PT_LOAD;
	}
	return loads || bad(p, "it has no loadable segment");
}

static const char *string_at(struct parser *p, uint64_t off)
{
	if (off >= p->strsz) return NULL;
	return strnlen(p->str + off, MAX_NAME) < MAX_NAME ? p->str + off : NULL;
}

static bool collect_tags(struct parser *p, Elf_Data *d, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		GElf_Dyn dyn;

		if (!gelf_getdyn(d, (int)i, &dyn) || dyn.d_tag == DT_NULL) break;
		switch (dyn.d_tag) {
		case DT_STRTAB: p->strtab = dyn.d_un.d_ptr; break;
		case DT_STRSZ: p->strsz = dyn.d_un.d_val; break;
		case DT_SYMTAB: p->symtab = dyn.d_un.d_ptr; break;
		case DT_HASH: p->hash = dyn.d_un.d_ptr; break;
		case DT_GNU_HASH: p->gnu_hash = dyn.d_un.d_ptr; break;
		case DT_TEXTREL: p->out->text_relocations = true; break;
		case DT_FLAGS:
			if (dyn.d_un.d_val & DF_TEXTREL) p->out->text_relocations = true;
			break;
		case DT_FLAGS_1:
			p->out->flag_pie = (dyn.d_un.d_val & DF_1_PIE) != 0;
			p->out->nodeflib = (dyn.d_un.d_val & DF_1_NODEFLIB) != 0;
			break;
		}
	}
	if (!p->strtab && !p->strsz) return true;
	Elf_Data *s = chunk(p, p->strtab, p->strsz, ELF_T_BYTE);

	if (!s || ((const char *)s->d_buf)[p->strsz - 1])
		return bad(p, "the dynamic string table is malformed");
	p->str = s->d_buf;
	return true;
}

static bool set_once(struct parser *p, char **to, uint64_t off)
{
	const char *s = string_at(p, off);

	if (!s) return bad(p, "a name in the dynamic section lies outside the string table");
	if (!*to) *to = uc_xstrdup(s);
	return true;
}

static bool collect_names(struct parser *p, Elf_Data *d, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char *needed = NULL;
		bool ok = true;
		GElf_Dyn dyn;

		if (!gelf_getdyn(d, (int)i, &dyn) || dyn.d_tag == DT_NULL) break;
		switch (dyn.d_tag) {
		case DT_NEEDED:
			ok = set_once(p, &needed, dyn.d_un.d_val);
			if (ok) uc_vec_take(&p->out->needed, needed);
			break;
		case DT_SONAME: ok = set_once(p, &p->out->soname, dyn.d_un.d_val); break;
		case DT_RPATH: ok = set_once(p, &p->out->rpath, dyn.d_un.d_val); break;
		case DT_RUNPATH: ok = set_once(p, &p->out->runpath, dyn.d_un.d_val); break;
		}
		if (!ok) return false;
	}
	return true;
}

static bool word_at(struct parser *p, uint64_t vaddr, uint32_t *out)
{
	Elf_Data *d = chunk(p, vaddr, 4, ELF_T_WORD);

	if (!d) return false;
	memcpy(out, d->d_buf, 4);
	return true;
}

/* DT_GNU_HASH: the symbol count is one more than the last index of the longest chain. */
static bool count_by_gnu_hash(struct parser *p, uint64_t *count)
{
	uint32_t nbuckets, first, bloom, max = 0, link;
	uint64_t buckets, chains;
	Elf_Data *d;

	if (!word_at(p, p->gnu_hash, &nbuckets) || !word_at(p, p->gnu_hash + 4, &first) ||
	    !word_at(p, p->gnu_hash + 8, &bloom) || nbuckets > MAX_SYMBOLS || bloom > MAX_SYMBOLS)
		return false;
	buckets = p->gnu_hash + 16 + (uint64_t)bloom * (p->out->bits / 8);
	chains = buckets + 4ull * nbuckets;
	*count = first;
	if (!nbuckets) return true;
	d = chunk(p, buckets, 4ull * nbuckets, ELF_T_WORD);
	if (!d) return false;
	for (uint32_t i = 0; i < nbuckets; i++) {
		memcpy(&link, (const char *)d->d_buf + 4 * (size_t)i, 4);
		if (link > max) max = link;
	}
	if (max < first) return true;
	uint64_t room = bytes_after(p, chains) / 4;

	d = room ? chunk(p, chains, room * 4, ELF_T_WORD) : NULL;
	for (;; max++) {
		if (!d || max - first >= room || max > MAX_SYMBOLS) return false;
		memcpy(&link, (const char *)d->d_buf + 4 * (size_t)(max - first), 4);
		if (link & 1) break;
	}
	*count = max + 1ull;
	return true;
}

static bool count_symbols(struct parser *p, uint64_t *count)
{
	uint32_t nchain;

	*count = 0;
	if (p->hash) {
		if (!word_at(p, p->hash + 4, &nchain)) return false;
		*count = nchain;
		return true;
	}
	if (!p->gnu_hash) return true;
	if (!count_by_gnu_hash(p, count)) return false;
	/* A program that defines none has its undefined symbols in no chain. The strings follow the
	 * symbols. */
	uint64_t entry = p->out->bits == 64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym), off;
	uint64_t n = p->strtab > p->symtab ? (p->strtab - p->symtab) / entry : 0;

	if (n > *count && n <= MAX_SYMBOLS && offset_of(p, p->symtab, n * entry, &off)) *count = n;
	return true;
}

static bool read_symbols(struct parser *p)
{
	uint64_t count, entry = p->out->bits == 64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
	Elf_Data *d;

	if (!p->symtab || !p->str) return true;
	if (!count_symbols(p, &count) || count > MAX_SYMBOLS)
		return bad(p, "the symbol hash table is malformed");
	if (count <= 1) return true;
	d = chunk(p, p->symtab, count * entry, ELF_T_SYM);
	if (!d) return bad(p, "the dynamic symbol table lies outside the segments");
	for (uint64_t i = 1; i < count; i++) {
		const char *name;
		GElf_Sym sym;

		if (!gelf_getsym(d, (int)i, &sym) || GELF_ST_BIND(sym.st_info) == STB_LOCAL)
			continue;
		name = string_at(p, sym.st_name);
		if (!name) return bad(p, "a symbol's name lies outside the string table");
		if (*name)
			*uc_map_put(sym.st_shndx == SHN_UNDEF ? &p->out->imported
							      : &p->out->defined,
				    name) = p->out;
	}
	return true;
}

static bool read_dynamic(struct parser *p, const GElf_Phdr *ph)
{
	size_t entry = p->out->bits == 64 ? sizeof(Elf64_Dyn) : sizeof(Elf32_Dyn);
	size_t n = ph->p_filesz / entry;
	Elf_Data *d;

	p->out->has_dynamic = true;
	if (!n || n > MAX_DYN) return bad(p, "the dynamic section has an impossible size");
	d = elf_getdata_rawchunk(p->e, (int64_t)ph->p_offset, n * entry, ELF_T_DYN);
	if (!d) return bad(p, "the dynamic section lies beyond the end of the file (truncated?)");
	return collect_tags(p, d, n) && collect_names(p, d, n) && read_symbols(p);
}

static bool read_header(struct parser *p)
{
	if (!gelf_getehdr(p->e, &p->eh)) return bad(p, "the ELF header is truncated or corrupt");
	p->out->bits = p->eh.e_ident[EI_CLASS] == ELFCLASS64 ? 64 : 32;
	p->out->big_endian = p->eh.e_ident[EI_DATA] == ELFDATA2MSB;
	p->out->osabi = p->eh.e_ident[EI_OSABI];
	p->out->machine = p->eh.e_machine;
	p->out->type = p->eh.e_type;
	p->out->entry = p->eh.e_entry;
	if (p->eh.e_version != EV_CURRENT) return bad(p, "the ELF version is unknown");
	if (p->eh.e_type != ET_EXEC && p->eh.e_type != ET_DYN) return true;
	if (elf_getphdrnum(p->e, &p->nph) || !p->nph) return bad(p, "it has no program headers");
	return p->nph <= MAX_PHDRS || bad(p, "it has too many program headers");
}

static bool parse(struct parser *p)
{
	GElf_Phdr dynamic;

	if (!read_header(p)) return false;
	if (!p->nph) return true;
	if (!read_segments(p, &dynamic)) return false;
	return dynamic.p_type != PT_DYNAMIC || read_dynamic(p, &dynamic);
}

enum uc_elf_result uc_elf_parse(void *data, size_t n, struct uc_elf *out, const char **why)
{
	struct parser p = { .out = out, .size = n };
	bool ok;

	*out = (struct uc_elf){ 0 };
	*why = "it is not an ELF file";
	if (n < SELFMAG || memcmp(data, ELFMAG, SELFMAG)) return UC_ELF_NOT;
	*why = "the ELF header is truncated or corrupt";
	elf_version(EV_CURRENT);
	if (n < EI_NIDENT) return UC_ELF_BAD;
	/* libelf may convert in place: the caller's memory is writable (elf.h says so). */
	p.e = elf_memory(data, n);
	if (!p.e || elf_kind(p.e) != ELF_K_ELF) {
		elf_end(p.e);
		return UC_ELF_BAD;
	}
	ok = parse(&p);
	elf_end(p.e);
	*why = p.why;
	if (!ok) uc_elf_free(out);
	return ok ? UC_ELF_OK : UC_ELF_BAD;
}
