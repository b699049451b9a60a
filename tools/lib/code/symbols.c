// SPDX-License-Identifier: BSD-3-Clause
/* Dynamic symbols with their versions, and the names of functions. */
#include <stdlib.h>
#include <string.h>
#include <unicore/util.h>

#include "internal.h"

#define MAX_SYMBOLS 4000000u
#define MAX_VERS    0x8000u

/* ---- how many there are: only the hash tables know ---- */

static uint64_t count_gnu(const struct uc_code *c, uint64_t at)
{
	const uint8_t *h = uc_code_at(c, at, 16), *p;
	uint64_t buckets, chains, nbuckets, first, max = 0;

	if (!h)
		return 0;
	nbuckets = uc_code_word(h, 4);
	first = uc_code_word(h + 4, 4);
	buckets = at + 16 + 8 * uc_code_word(h + 8, 4);
	chains = buckets + 4 * nbuckets;
	if (nbuckets > MAX_SYMBOLS || !(p = uc_code_at(c, buckets, 4 * nbuckets)))
		return first;
	for (uint64_t i = 0; i < nbuckets; i++) {
		uint64_t v = uc_code_word(p + 4 * i, 4);

		if (v > max)
			max = v;
	}
	if (max < first)
		return first;
	for (;; max++) {
		p = uc_code_at(c, chains + 4 * (max - first), 4);
		if (!p || max > MAX_SYMBOLS)
			return 0;
		if (uc_code_word(p, 4) & 1)
			return max + 1;
	}
}

static uint64_t count_symbols(const struct uc_code *c, const struct uc_code_dynamic *d)
{
	const uint8_t *h = d->hash ? uc_code_at(c, d->hash, 8) : NULL;
	uint64_t from_hash = h             ? uc_code_word(h + 4, 4)
			     : d->gnu_hash ? count_gnu(c, d->gnu_hash)
					   : 0;
	uint64_t n = from_hash;

	/* Undefined symbols need not be in a hash table. The strings follow the symbols. */
	if (d->strtab > d->symtab && (d->strtab - d->symtab) / sizeof(Elf64_Sym) > n)
		n = (d->strtab - d->symtab) / sizeof(Elf64_Sym);
	if (n > MAX_SYMBOLS || !uc_code_at(c, d->symtab, n * sizeof(Elf64_Sym)))
		n = from_hash;
	return n <= MAX_SYMBOLS ? n : 0;
}

/* ---- versions ---- */

struct versions {
	const char *name[MAX_VERS];
};

static const char *string_at(const struct uc_code *c, const struct uc_code_dynamic *d, uint64_t off)
{
	return off < d->strsz ? uc_code_text(c, d->strtab + off) : NULL;
}

static void read_needs(const struct uc_code *c, const struct uc_code_dynamic *d, struct versions *v)
{
	uint64_t at = d->verneed;

	for (uint64_t i = 0; i < d->verneednum && i < MAX_VERS; i++) {
		const uint8_t *p = uc_code_at(c, at, sizeof(Elf64_Verneed));
		Elf64_Verneed need;
		uint64_t aux;

		if (!p)
			return;
		memcpy(&need, p, sizeof(need));
		aux = at + need.vn_aux;
		for (unsigned k = 0; k < need.vn_cnt; k++) {
			Elf64_Vernaux a;

			if (!(p = uc_code_at(c, aux, sizeof(a))))
				return;
			memcpy(&a, p, sizeof(a));
			v->name[a.vna_other & 0x7fff] = string_at(c, d, a.vna_name);
			if (!a.vna_next)
				break;
			aux += a.vna_next;
		}
		if (!need.vn_next)
			return;
		at += need.vn_next;
	}
}

static void read_defs(const struct uc_code *c, const struct uc_code_dynamic *d, struct versions *v)
{
	uint64_t at = d->verdef;

	for (uint64_t i = 0; i < d->verdefnum && i < MAX_VERS; i++) {
		const uint8_t *p = uc_code_at(c, at, sizeof(Elf64_Verdef));
		Elf64_Verdaux a;
		Elf64_Verdef def;

		if (!p)
			return;
		memcpy(&def, p, sizeof(def));
		if (!(p = uc_code_at(c, at + def.vd_aux, sizeof(a))))
			return;
		memcpy(&a, p, sizeof(a));
		v->name[def.vd_ndx & 0x7fff] = string_at(c, d, a.vda_name);
		if (!def.vd_next)
			return;
		at += def.vd_next;
	}
}

/* ---- the tables ---- */

static void fill_symbol(const Elf64_Sym *s, const char *name, struct uc_code_symbol *out)
{
	unsigned type = ELF64_ST_TYPE(s->st_info);

	*out = (struct uc_code_symbol){
		.name = name,
		.value = s->st_value,
		.size = s->st_size,
		.defined = s->st_shndx != SHN_UNDEF && type != STT_TLS,
		.function = type == STT_FUNC || type == STT_GNU_IFUNC,
	};
}

void uc_code_read_symbols(struct uc_code *c, const struct uc_code_dynamic *d)
{
	uint64_t n = d->symtab ? count_symbols(c, d) : 0;
	const uint8_t *p = n ? uc_code_at(c, d->symtab, n * sizeof(Elf64_Sym)) : NULL;
	const uint8_t *vs = p && d->versym ? uc_code_at(c, d->versym, 2 * n) : NULL;
	struct versions *v;

	if (!p)
		return;
	v = uc_xzalloc(sizeof(*v));
	read_needs(c, d, v);
	read_defs(c, d, v);
	c->symbols = uc_xzalloc(n * sizeof(*c->symbols));
	c->nsymbols = n;
	for (uint64_t i = 0; i < n; i++) {
		unsigned ver = vs ? (unsigned)uc_code_word(vs + 2 * i, 2) : 0;
		const char *name;
		Elf64_Sym s;

		memcpy(&s, p + i * sizeof(s), sizeof(s));
		name = string_at(c, d, s.st_name);
		fill_symbol(&s, name ? name : "", &c->symbols[i]);
		if ((ver & 0x7fff) > 1)
			c->symbols[i].version = v->name[ver & 0x7fff];
		c->symbols[i].hidden = ver & 0x8000;
		if (ELF64_ST_BIND(s.st_info) == STB_LOCAL)
			c->symbols[i].name = "";
	}
	free(v);
}

static void add_label(struct uc_code *c, const struct uc_code_symbol *s)
{
	if (!s->defined || !s->function || !*s->name || !uc_code_is_text(c, s->value))
		return;
	c->labels = uc_room(c->labels, c->nlabels, sizeof(*c->labels));
	c->labels[c->nlabels++] = *s;
	uc_code_add(&c->starts, s->value);
}

static void labels_of(struct uc_code *c, const Elf64_Shdr *sh, const Elf64_Shdr *str)
{
	for (uint64_t i = 0; i < sh->sh_size / sizeof(Elf64_Sym); i++) {
		struct uc_code_symbol sym;
		const char *name;
		Elf64_Sym s;

		memcpy(&s, c->data + sh->sh_offset + i * sizeof(s), sizeof(s));
		if (s.st_name >= str->sh_size)
			continue;
		name = (const char *)c->data + str->sh_offset + s.st_name;
		if (!memchr(name, 0, str->sh_size - s.st_name))
			continue;
		fill_symbol(&s, name, &sym);
		add_label(c, &sym);
	}
}

/* The best name of an address first: one without leading underscores. */
static int by_label(const void *a, const void *b)
{
	const struct uc_code_symbol *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	if ((x->name[0] == '_') != (y->name[0] == '_'))
		return x->name[0] == '_' ? 1 : -1;
	return strcmp(x->name, y->name);
}

void uc_code_read_labels(struct uc_code *c)
{
	for (size_t i = 0; i < c->nsymbols; i++)
		add_label(c, &c->symbols[i]);
	for (unsigned i = 0; i < uc_code_sections(c); i++) {
		Elf64_Shdr sh, str;
		const char *name;

		if (uc_code_section(c, i, &sh, &name) && sh.sh_type == SHT_SYMTAB &&
		    uc_code_section(c, sh.sh_link, &str, &name) && str.sh_type == SHT_STRTAB)
			labels_of(c, &sh, &str);
	}
	if (c->nlabels)
		qsort(c->labels, c->nlabels, sizeof(*c->labels), by_label);
}

static bool before(const void *label, const void *start)
{
	return ((const struct uc_code_symbol *)label)->value < *(const uint64_t *)start;
}

const char *uc_code_label(const struct uc_code *c, uint64_t start)
{
	size_t lo = uc_lower_bound(c->labels, c->nlabels, sizeof(*c->labels), before, &start);

	return lo < c->nlabels && c->labels[lo].value == start ? c->labels[lo].name : NULL;
}
