// SPDX-License-Identifier: BSD-3-Clause
/*
 * Which numbers the system calls of reached code have. Where the number is an argument of the
 * function, the function is a wrapper, and its callers are asked the same question.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unicore/util.h>

#include "internal.h"

#define NUMBERS_MAX 1024 /* beyond the kernel's highest */

struct question {              /* what can `want` be at `at` in the function `node`? */
	uint32_t node, parent; /* parent: index of the question it answers */
	uint64_t at;
	struct uc_atom want;
};
struct quiz {
	struct graph *g;
	struct question *v;
	size_t n;
	struct uc_map asked;
};

static bool asked(struct quiz *q, const struct question *w)
{
	char key[96];
	void **seen;
	bool before;

	snprintf(key, sizeof(key), "%u %llx %u %d %lld", w->node, (unsigned long long)w->at,
		 (unsigned)w->want.kind, w->want.where, (long long)w->want.off);
	seen = uc_map_put(&q->asked, key);
	before = *seen != NULL;
	*seen = q;
	return before;
}

static void ask(struct quiz *q, const struct question *w)
{
	if (asked(q, w))
		return;
	q->v = uc_room(q->v, q->n, sizeof(*q->v));
	q->v[q->n++] = *w;
}

/* The path to the question's function, then on through the wrappers to the instruction. */
static void path_of(const struct quiz *q, uint32_t i, struct uc_deps_path *out)
{
	uint32_t chain[64] = { 0 }, n = 0;

	*out = (struct uc_deps_path){ 0 };
	for (uint32_t k = i; k != NONE && n < 64; k = q->v[k].parent)
		chain[n++] = k;
	uc_deps_path_to(q->g, q->v[i].node, q->v[i].at, out);
	for (uint32_t k = 1; k < n; k++) {
		const struct question *w = &q->v[chain[k]];
		const struct node *f = &q->g->nodes[w->node];
		const char *name = uc_code_label(&q->g->objects[f->object].code, f->range.start);

		out->v = uc_xrealloc(out->v, (out->n + 1) * sizeof(*out->v));
		out->v[out->n++] = (struct uc_deps_step){ .file = f->object,
							  .function = f->range.start,
							  .at = w->at,
							  .name = name ? uc_xstrdup(name) : NULL };
	}
}

static void found(const struct quiz *q, uint32_t i, int64_t nr)
{
	struct uc_deps_call *c;

	if ((uint32_t)nr >= NUMBERS_MAX)
		return; /* no such call: ENOSYS everywhere */
	c = uc_deps_call(q->g->d, (unsigned)nr);
	if (!c->sites++)
		path_of(q, i, &c->via);
}

static void unknown(const struct quiz *q, uint32_t i, const char *why)
{
	struct uc_deps *d = q->g->d;

	d->unknown = uc_room(d->unknown, d->nunknown, sizeof(*d->unknown));
	d->unknown[d->nunknown] = (struct uc_deps_unknown){ .why = uc_xstrdup(why) };
	path_of(q, i, &d->unknown[d->nunknown++].via);
}

static int by_callee(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

static bool goes_before(const void *edge, const void *to)
{
	return ((const struct edge *)edge)->to < *(const uint32_t *)to;
}

static size_t first_edge(const struct graph *g, uint32_t to)
{
	return uc_lower_bound(g->edges, g->nedges, sizeof(*g->edges), goes_before, &to);
}

static void ask_callers(struct quiz *q, uint32_t i, const struct uc_atom *atom)
{
	uint32_t node = q->v[i].node;

	if (q->g->nodes[node].taken)
		unknown(q, i, "the number is an argument of a function that is called by address");
	for (size_t k = first_edge(q->g, node); k < q->g->nedges && q->g->edges[k].to == node;
	     k++) {
		struct question w = { .node = q->g->edges[k].from,
				      .parent = i,
				      .at = q->g->edges[k].at,
				      .want = *atom };

		ask(q, &w);
	}
}

/* A variable whose address nobody takes holds what it has in the file or what is stored in it by
 * its own address. */
static void ask_stores(struct quiz *q, uint32_t i, const struct uc_atom *atom)
{
	const uint32_t object = q->g->nodes[q->v[i].node].object;
	struct uc_code *c = &q->g->objects[object].code;
	const uint64_t at = (uint64_t)atom->off;

	if (uc_code_taken(c, at)) {
		unknown(q, i, "the number comes from memory that is also reached by address");
		return;
	}
	if (uc_code_at(c, at, 8) && uc_code_word32(c, at)) {
		if (atom->kind == UC_ATOM_GLOBAL)
			found(q, i, (int64_t)uc_code_word32(c, at));
		else
			unknown(q, i, "the number comes from initialised memory");
	}
	for (uint32_t k = 0; k < q->g->nnodes; k++) {
		const struct node n = q->g->nodes[k];
		struct uc_refs refs;

		if (n.object != object || n.data)
			continue;
		uc_code_refs(c, &n.range, NULL, &refs);
		for (size_t r = 0; r < refs.n; r++)
			if (refs.v[r].kind == UC_REF_SLOT && refs.v[r].to == at) {
				struct question w = { k, i, refs.v[r].at, *atom };

				ask(q, &w);
			}
		uc_refs_free(&refs);
	}
}

static void answer(struct quiz *q, uint32_t i)
{
	const struct question w = q->v[i];
	const struct node *f = &q->g->nodes[w.node];
	struct uc_value v;

	if (f->data)
		return;
	uc_code_values(&q->g->objects[f->object].code, &f->range, w.at, &w.want, &v);
	if (v.n == UC_VALUE_ANY) {
		unknown(q, i, "the number is computed");
		return;
	}
	for (unsigned k = 0; k < v.n; k++) {
		if (v.v[k].kind == UC_ATOM_CONST)
			found(q, i, v.v[k].off);
		else if (v.v[k].kind == UC_ATOM_ARG || v.v[k].kind == UC_ATOM_LOAD)
			ask_callers(q, i, &v.v[k]);
		else if (v.v[k].kind == UC_ATOM_GLOBAL || v.v[k].kind == UC_ATOM_BEHIND)
			ask_stores(q, i, &v.v[k]);
		else
			unknown(q, i, "the number comes from memory");
	}
}

void uc_deps_numbers(struct graph *g)
{
	static const struct uc_atom rax = { UC_ATOM_ARG, 0, 0 };
	struct quiz q = { .g = g };

	if (g->nedges)
		qsort(g->edges, g->nedges, sizeof(*g->edges), by_callee);
	for (size_t i = 0; i < g->nsites; i++) {
		struct question w = { g->sites[i].node, NONE, g->sites[i].at, rax };

		ask(&q, &w);
	}
	for (uint32_t i = 0; i < q.n; i++)
		answer(&q, i);
	free(q.v);
	uc_map_free(&q.asked);
}
