// SPDX-License-Identifier: BSD-3-Clause
/*
 * What can be reached from where the loader starts. A function is reached when reached code calls
 * it or takes its address, or reached data holds its address. What an indirect call leads to is
 * therefore reached where its address is taken.
 */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define SLACK 32 /* code may take an address shortly behind the beginning of what it uses */

/* ---- nodes ---- */

static uint64_t key_hash(uint32_t object, uint64_t start, bool data)
{
	return (start * 2 + data) * 0x9e3779b97f4a7c15ull ^ object * 0xc2b2ae3d27d4eb4full;
}

static uint32_t *slot_of(struct graph *g, uint32_t object, uint64_t start, bool data)
{
	size_t i = key_hash(object, start, data) >> 20;

	for (;; i++) {
		uint32_t *s = &g->slots[i & (g->nslots - 1)];
		const struct node *n = &g->nodes[*s];

		if (*s == NONE ||
		    (n->object == object && n->range.start == start && n->data == data))
			return s;
	}
}

static void rehash(struct graph *g)
{
	if (g->nslots && g->nnodes * 2 < g->nslots)
		return;
	g->nslots = g->nslots ? g->nslots * 2 : 4096;
	g->slots = uc_xrealloc(g->slots, g->nslots * sizeof(*g->slots));
	memset(g->slots, 0xff, g->nslots * sizeof(*g->slots));
	for (size_t i = 0; i < g->nnodes; i++)
		*slot_of(g, g->nodes[i].object, g->nodes[i].range.start, g->nodes[i].data) =
			(uint32_t)i;
}

struct from { /* who reaches */
	uint32_t node;
	uint64_t at;
	const struct uc_code_args *args; /* what it passes; NULL: unknown */
};

static uint32_t reach(struct graph *g, uint32_t object, const struct uc_code_range *r, bool data,
		      struct from from)
{
	uint32_t *slot;

	rehash(g);
	slot = slot_of(g, object, r->start, data);
	if (*slot == NONE) {
		*slot = (uint32_t)g->nnodes;
		g->nodes = uc_room(g->nodes, g->nnodes, sizeof(*g->nodes));
		g->nodes[g->nnodes++] = (struct node){ .range = *r,
						       .site = from.at,
						       .object = object,
						       .parent = from.node,
						       .data = data };
	}
	return *slot;
}

/* Another look at a function that was looked at already. */
static void look_again(struct graph *g, uint32_t n)
{
	if (n >= g->done || g->nodes[n].queued)
		return;
	g->nodes[n].queued = true;
	uc_code_add(&g->again, n);
}

#define ROUNDS_MAX 5 /* looks at a function with other arguments; then they are unknown */

static void enter_start(struct graph *g, uint32_t n, const struct uc_code_args *args)
{
	struct node *f = &g->nodes[n];
	bool grown = !f->entered;

	if (f->entered && !f->args)
		return;
	if (args && !f->entered) {
		f->args = uc_xmalloc(sizeof(*f->args));
		*f->args = *args;
	} else if (args && f->rounds < ROUNDS_MAX) {
		grown |= uc_code_args_join(f->args, args);
	} else {
		args = NULL;
		grown = true;
	}
	f->entered = true;
	if (f->args && (!args || !uc_code_args_known(f->args))) {
		free(f->args);
		f->args = NULL;
	}
	if (!grown)
		return;
	f->rounds++;
	look_again(g, n);
}

static void enter_middle(struct graph *g, uint32_t n, uint64_t at)
{
	struct node *f = &g->nodes[n];

	for (size_t i = 0; i < f->others.n; i++)
		if (f->others.v[i] == at)
			return;
	uc_code_add(&f->others, at);
	look_again(g, n);
}

static void reach_code(struct graph *g, uint32_t object, uint64_t at, bool call, struct from from)
{
	struct uc_code_range r;
	uint32_t n;

	if (!uc_code_function(&g->objects[object].code, at, &r))
		return;
	n = reach(g, object, &r, false, from);
	if (at != r.start)
		enter_middle(g, n, at);
	else
		enter_start(g, n, call ? from.args : NULL);
	/* What leads into the middle of a function is a label of its own. */
	if (!call) {
		g->nodes[n].taken |= at == r.start;
		return;
	}
	g->edges = uc_room(g->edges, g->nedges, sizeof(*g->edges));
	g->edges[g->nedges++] = (struct edge){ from.node, n, from.at };
}

static void reach_data(struct graph *g, uint32_t object, uint64_t start, uint64_t end,
		       struct from from)
{
	const struct uc_code *c = &g->objects[object].code;

	for (uint64_t at = start; at < end && uc_code_is_data(c, at);) {
		struct uc_code_range r = uc_code_extent(c, at);

		/* Nothing to follow where no address is stored. */
		size_t k = uc_code_reloc_from(c, r.start);

		if (k < c->nrelocs && c->relocs[k].at < r.end)
			reach(g, object, &r, true, from);
		if (r.end <= at)
			break;
		at = r.end;
	}
}

static void reach_definition(struct graph *g, const struct definition *def, bool call,
			     struct from from);

/* The text there may be a name that is looked up at run time. */
static void reach_named(struct graph *g, uint32_t object, uint64_t at, struct from from)
{
	const char *name =
		g->objects[object].asks ? uc_code_text(&g->objects[object].code, at) : NULL;
	struct definition def[8];
	size_t n = name && *name ? uc_deps_lookup(g, name, def, 8) : 0;

	for (size_t i = 0; i < n; i++)
		reach_definition(g, &def[i], false, from);
}

static void reach_address(struct graph *g, uint32_t object, uint64_t to, bool call,
			  struct from from)
{
	const struct uc_code *c = &g->objects[object].code;

	if (uc_code_is_text(c, to)) {
		reach_code(g, object, to, call, from);
	} else if (uc_code_is_data(c, to)) {
		reach_data(g, object, to, to + 1, from);
		reach_named(g, object, to, from);
		uc_deps_note_text(g, object, to);
	}
}

/* ---- symbols ---- */

static void note_import(struct graph *g, uint32_t object, const struct uc_code_symbol *s,
			uint32_t to)
{
	struct uc_deps *d = g->d;
	char *key = uc_xasprintf("%u %s", object, s->name);
	void **seen = uc_map_put(&g->imports, key);

	free(key);
	if (*seen)
		return;
	*seen = d;
	d->imports = uc_room(d->imports, d->nimports, sizeof(*d->imports));
	d->imports[d->nimports++] = (struct uc_deps_import){
		.name = uc_xstrdup(s->name),
		.version = s->version ? uc_xstrdup(s->version) : NULL,
		.file = object,
		.to = to,
	};
}

static void reach_definition(struct graph *g, const struct definition *def, bool call,
			     struct from from)
{
	const struct uc_code *c = &g->objects[def->object].code;
	uint64_t at = def->symbol->value, size = def->symbol->size ? def->symbol->size : 1;
	uint8_t *seen = &g->objects[def->object].seen[def->symbol - c->symbols];

	if (uc_code_is_text(c, at))
		reach_code(g, def->object, at, call, from);
	else if (!*seen)
		reach_data(g, def->object, at, size < c->size ? at + size : at + 1, from);
	*seen = 1;
}

static void reach_symbol(struct graph *g, uint32_t object, const struct uc_code_symbol *want,
			 uint32_t skip, bool call, struct from from)
{
	struct bound *b = &g->objects[object].bound[want - g->objects[object].code.symbols];
	struct definition def = { .object = b->object };
	bool found = b->object < g->d->nfiles;

	if (found) {
		def.symbol = &g->objects[b->object].code.symbols[b->symbol];
	} else if (b->symbol) { /* not asked for yet: then it is NONE, else 0 */
		found = uc_deps_bind(g, want, skip, &def);
		*b = (struct bound){ NONE, 0 };
		if (found && skip == NONE)
			*b = (struct bound){ def.object,
					     (uint32_t)(def.symbol -
							g->objects[def.object].code.symbols) };
		else if (found)
			b->symbol = NONE;
	}
	if (want->function || !found || def.symbol->function)
		note_import(g, object, want, found ? def.object : NONE);
	if (found)
		reach_definition(g, &def, call, from);
}

/* ---- data ---- */

static void follow_reloc(struct graph *g, uint32_t object, const struct uc_code_reloc *r, bool call,
			 struct from from)
{
	const struct uc_code *c = &g->objects[object].code;

	switch (r->kind) {
	case UC_RELOC_ADDRESS:
		reach_address(g, object, r->value, call, from);
		break;
	case UC_RELOC_CALL:
		reach_code(g, object, r->value, false, from);
		break;
	case UC_RELOC_SYMBOL:
		reach_symbol(g, object, &c->symbols[r->value], NONE, call, from);
		break;
	case UC_RELOC_COPY:
		reach_symbol(g, object, &c->symbols[r->value], object, false, from);
		break;
	}
}

static void follow_range(struct graph *g, uint32_t object, uint64_t start, uint64_t end, bool call,
			 struct from from)
{
	const struct uc_code *c = &g->objects[object].code;

	for (size_t i = uc_code_reloc_from(c, start); i < c->nrelocs && c->relocs[i].at < end; i++)
		follow_reloc(g, object, &c->relocs[i], call, from);
}

/* The end of what lies before an address, unless something else begins there. */
static void follow_slack(struct graph *g, uint32_t object, uint64_t to, struct from from)
{
	const struct uc_code *c = &g->objects[object].code;
	uint64_t start = to > SLACK ? to - SLACK : 0;

	if (to && uc_code_is_data(c, to - 1) && uc_code_extent(c, to - 1).start < start)
		follow_range(g, object, start, to, false, from);
}

/* ---- code ---- */

static void follow_ref(struct graph *g, uint32_t object, const struct uc_ref *r, struct from from)
{
	const struct uc_code *c = &g->objects[object].code;

	switch (r->kind) {
	case UC_REF_CALL:
	case UC_REF_TAKE:
		reach_code(g, object, r->to, r->kind == UC_REF_CALL, from);
		break;
	case UC_REF_DATA:
		reach_address(g, object, r->to, false, from);
		follow_slack(g, object, r->to, from);
		break;
	case UC_REF_SLOT:
		follow_range(g, object, r->to, r->to + r->size,
			     r->size == 8 && uc_code_transfers(c, r->at), from);
		break;
	}
}

static void add_site(struct site **v, size_t *n, uint32_t node, uint64_t at)
{
	*v = uc_room(*v, *n, sizeof(**v));
	(*v)[(*n)++] = (struct site){ node, at };
}

static bool has_site(const struct site *v, size_t n, uint32_t node)
{
	while (n--)
		if (v[n].node == node)
			return true;
	return false;
}

static void follow_function(struct graph *g, uint32_t node)
{
	const struct node n = g->nodes[node];
	const struct uc_entry e = { .args = n.entered ? n.args : NULL, .others = &n.others };
	struct uc_refs refs;

	uc_code_refs(&g->objects[n.object].code, &n.range, &e, &refs);
	for (size_t i = 0; i < refs.n; i++) {
		const struct uc_ref *r = &refs.v[i];

		if (uc_deps_postpone(g, node, r))
			continue;
		follow_ref(g, n.object, r,
			   (struct from){ node, r->at, r->args ? &refs.args[r->args - 1] : NULL });
	}
	for (size_t i = 0; i < refs.nsites; i++)
		add_site(&g->sites, &g->nsites, node, refs.sites[i]);
	if (refs.legacy && !has_site(g->legacy, g->nlegacy, node))
		add_site(&g->legacy, &g->nlegacy, node, refs.legacy);
	g->partial |= refs.partial;
	uc_refs_free(&refs);
}

void uc_deps_follow(struct graph *g, uint32_t node, const struct uc_ref *r)
{
	follow_ref(g, g->nodes[node].object, r, (struct from){ node, r->at, NULL });
}

uint32_t uc_deps_node(struct graph *g, uint32_t object, uint64_t function)
{
	rehash(g);
	return *slot_of(g, object, function, false);
}

static void follow(struct graph *g, uint32_t node)
{
	const struct node n = g->nodes[node];

	if (n.data)
		follow_range(g, n.object, n.range.start, n.range.end, false,
			     (struct from){ node, n.range.start, NULL });
	else
		follow_function(g, node);
}

void uc_deps_spread(struct graph *g)
{
	while (g->done < g->nnodes || g->again.n || uc_deps_release(g)) {
		uint32_t node;

		if (g->done == g->nnodes && !g->again.n)
			continue;

		if (g->again.n) {
			node = (uint32_t)g->again.v[--g->again.n];
			g->nodes[node].queued = false;
			follow(g, node);
			continue;
		}
		node = (uint32_t)g->done++;
		if (!g->nodes[node].data)
			g->d->files[g->nodes[node].object].reached++;
		follow(g, node);
	}
}

/* ---- roots ---- */

static void root_exports(struct graph *g, uint32_t object)
{
	const struct uc_code *c = &g->objects[object].code;

	for (size_t i = 0; i < c->nsymbols; i++) {
		const struct definition def = { object, &c->symbols[i] };

		if (c->symbols[i].defined && *c->symbols[i].name)
			reach_definition(g, &def, false, (struct from){ NONE, 0, NULL });
	}
}

void uc_deps_root(struct graph *g, uint32_t object)
{
	const struct uc_code *c = &g->objects[object].code;
	enum uc_deps_role role = g->d->files[object].role;
	const struct from none = { NONE, 0, NULL };

	if (!g->objects[object].open || g->objects[object].rooted)
		return;
	g->objects[object].rooted = true;
	if (role != UC_DEPS_LIBRARY && role != UC_DEPS_PLUGIN)
		reach_code(g, object, c->entry, false, none);
	for (size_t i = 0; i < c->init.n; i++)
		reach_code(g, object, c->init.v[i], false, none);
	/* IRELATIVE slots are filled at start, used or not. */
	for (size_t i = 0; i < c->nrelocs; i++)
		if (c->relocs[i].kind == UC_RELOC_CALL)
			reach_code(g, object, c->relocs[i].value, false, none);
	if (role == UC_DEPS_PLUGIN)
		root_exports(g, object);
}
