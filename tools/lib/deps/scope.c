// SPDX-License-Identifier: BSD-3-Clause
/* Objects in memory, and which definition a symbol is bound to (ELF specification, "Shared object
 * dependencies"; symbol versions as in the Linux Standard Base). */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "internal.h"

static uint32_t hash(const char *s)
{
	uint32_t h = 2166136261u;

	for (; *s; s++)
		h = (h ^ (uint8_t)*s) * 16777619u;
	return h;
}

#define KNOWN_BITS 22

static void index_names(struct graph *g, struct object *o)
{
	const struct uc_code *c = &o->code;
	size_t n = 16;

	while (n < c->nsymbols)
		n *= 2;
	o->names.mask = n - 1;
	o->names.first = uc_xmalloc(n * sizeof(uint32_t));
	o->names.next = uc_xmalloc((c->nsymbols + 1) * sizeof(uint32_t));
	memset(o->names.first, 0xff, n * sizeof(uint32_t));
	for (size_t i = c->nsymbols; i-- > 0;) {
		uint32_t h = hash(c->symbols[i].name);
		uint32_t *slot = &o->names.first[h & o->names.mask];

		if (!c->symbols[i].defined || !*c->symbols[i].name)
			continue;
		g->known[(h >> (32 - KNOWN_BITS)) / 8] |=
			(uint8_t)(1 << (h >> (32 - KNOWN_BITS)) % 8);
		o->names.next[i] = *slot;
		*slot = (uint32_t)i;
	}
}

/* Objects that import dlsym, and musl's loader, which finds its own stages so. */
static bool asks_for_names(const struct uc_code *c, enum uc_deps_role role)
{
	for (size_t i = 0; i < c->nsymbols; i++)
		if (!c->symbols[i].defined &&
		    (!strcmp(c->symbols[i].name, "dlsym") || !strcmp(c->symbols[i].name, "dlvsym")))
			return true;
	return role == UC_DEPS_LOADER;
}

bool uc_deps_open_object(struct graph *g, uint32_t k)
{
	struct object *o = &g->objects[k];
	const char *why;

	o->data = (uint8_t *)uc_file_map(g->d->files[k].host, &o->size);
	o->open = o->data && uc_code_open(&o->code, o->data, o->size, &why);
	if (!o->open)
		return false;
	o->code.loader = g->d->files[k].role == UC_DEPS_LOADER;
	uc_code_cuts(&o->code);
	if (!g->known)
		g->known = uc_xzalloc((1u << KNOWN_BITS) / 8);
	index_names(g, o);
	o->seen = uc_xzalloc(o->code.nsymbols + 1);
	o->bound = uc_xmalloc((o->code.nsymbols + 1) * sizeof(*o->bound));
	memset(o->bound, 0xff, o->code.nsymbols * sizeof(*o->bound));
	o->asks = asks_for_names(&o->code, g->d->files[k].role);
	if (g->d->files[k].role == UC_DEPS_PROGRAM)
		o->starter = uc_deps_starter(&o->code);
	o->promises = uc_deps_promises(&o->code);
	g->d->files[k].functions = o->code.nfdes;
	return true;
}

void uc_deps_close_object(struct object *o)
{
	if (o->open)
		uc_code_close(&o->code);
	if (o->data)
		munmap(o->data, o->size);
	free(o->names.first);
	free(o->names.next);
	free(o->seen);
	free(o->bound);
}

static bool version_fits(const struct uc_code_symbol *want, const struct uc_code_symbol *have,
			 bool exact)
{
	if (!want->version || !have->version)
		return !exact || !have->hidden;
	return !exact || !strcmp(want->version, have->version);
}

static const struct uc_code_symbol *find_in(const struct object *o,
					    const struct uc_code_symbol *want, bool exact)
{
	uint32_t i;

	if (!o->open)
		return NULL;
	i = o->names.first[hash(want->name) & o->names.mask];
	for (; i != NONE; i = o->names.next[i])
		if (!strcmp(o->code.symbols[i].name, want->name) &&
		    version_fits(want, &o->code.symbols[i], exact))
			return &o->code.symbols[i];
	return NULL;
}

bool uc_deps_bind(struct graph *g, const struct uc_code_symbol *want, uint32_t skip,
		  struct definition *out)
{
	for (int exact = 1; exact >= 0; exact--)
		for (uint32_t k = 0; k < g->d->nfiles; k++) {
			const struct uc_code_symbol *s =
				k == skip ? NULL : find_in(&g->objects[k], want, exact);

			if (!s)
				continue;
			*out = (struct definition){ k, s };
			return true;
		}
	return false;
}

size_t uc_deps_lookup(struct graph *g, const char *name, struct definition *out, size_t max)
{
	const struct uc_code_symbol want = { .name = name };
	uint32_t h = hash(name) >> (32 - KNOWN_BITS);
	size_t n = 0;

	if (!g->known || !(g->known[h / 8] >> h % 8 & 1))
		return 0;
	for (uint32_t k = 0; k < g->d->nfiles && n < max; k++) {
		const struct uc_code_symbol *s = find_in(&g->objects[k], &want, false);

		if (s)
			out[n++] = (struct definition){ k, s };
	}
	return n;
}
