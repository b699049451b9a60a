// SPDX-License-Identifier: BSD-3-Clause
/*
 * Which numbers the system calls of reached code have. Where the number is an argument of the
 * function, the function is a wrapper, and its callers are asked the same question. Then the same
 * for the arguments of calls that do many things.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unicore/util.h>

#include "internal.h"

struct question {              /* what can `want` be at `at` in the function `node`? */
	uint32_t node, parent; /* parent: index of the question it answers */
	uint64_t at;
	struct uc_atom want;
};
struct made { /* a call: where its number was found */
	uint32_t question;
	unsigned nr;
};
struct quiz {
	struct graph *g;
	struct uc_deps_arg *into; /* NULL: numbers are asked for, or paths */
	bool paths, executed;     /* executed: of programs */
	struct made *made;
	size_t nmade;
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

/* ---- arguments ---- */

static const struct { /* of which calls; UC_ATOM_ARG's registers, -1: none */
	unsigned nr;
	int reg[UC_DEPS_ARGS];
} wanted[] = {
	{ SYS_ioctl, { 6, -1 } }, { SYS_fcntl, { 6, -1 } },     { SYS_prctl, { 7, -1 } },
	{ SYS_socket, { 7, 6 } }, { SYS_setsockopt, { 6, 2 } }, { SYS_futex, { 6, -1 } },
	{ SYS_mmap, { 10, -1 } },
};

static const int *wanted_of(unsigned nr)
{
	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
		if (wanted[i].nr == nr)
			return wanted[i].reg;
	return NULL;
}

static void add_argument(struct uc_deps_arg *a, uint32_t v)
{
	size_t k = 0;

	while (k < a->n && a->v[k] < v)
		k++;
	if (k < a->n && a->v[k] == v)
		return;
	a->v = uc_room(a->v, a->n, sizeof(*a->v));
	memmove(a->v + k + 1, a->v + k, (a->n - k) * sizeof(*a->v));
	a->v[k] = v;
	a->n++;
}

/* ---- answers ---- */

static bool in_loader(const struct quiz *q, uint32_t i)
{
	const struct uc_deps_file *f =
		&q->g->d->files[q->g->nodes[q->v[i].node].object];

	return f->role == UC_DEPS_LOADER && !f->musl;
}

/* Only the C library's own start, which musl has in the program or in its one library. */
static bool is_privileged(const struct quiz *q, uint32_t i)
{
	const struct node *n = &q->g->nodes[q->v[i].node];
	struct object *o = &q->g->objects[n->object];

	return !n->taken && (q->g->d->files[n->object].musl || !o->code.pic) &&
	       uc_code_privileged(&o->code, &n->range, q->v[i].at);
}

static void note_path(const struct quiz *q, uint32_t i, uint64_t at)
{
	const struct question *w = &q->v[i];
	const struct node *n = &q->g->nodes[w->node];
	const struct uc_code *c = &q->g->objects[n->object].code;
	const char *path = uc_code_text(c, at), *name;
	struct uc_deps *d = q->g->d;

	if (!path || path[0] != '/' || !path[1])
		return;
	for (size_t k = 0; k < d->nuses; k++)
		if (d->uses[k].executed == q->executed && !strcmp(d->uses[k].path, path))
			return;
	name = uc_code_label(c, n->range.start);
	d->uses = uc_room(d->uses, d->nuses, sizeof(*d->uses));
	d->uses[d->nuses++] = (struct uc_deps_use){ .path = uc_xstrdup(path),
						    .file = n->object,
						    .at = w->at,
						    .name = name ? uc_xstrdup(name) : NULL,
						    .executed = q->executed };
}

static void found(struct quiz *q, uint32_t i, int64_t nr)
{
	struct uc_deps_call *c;

	if (q->paths) {
		note_path(q, i, (uint64_t)nr);
		return;
	}
	if (q->into) {
		add_argument(q->into, (uint32_t)nr);
		return;
	}
	if ((uint32_t)nr >= UC_DEPS_NUMBERS)
		return; /* no such call: ENOSYS everywhere */
	c = uc_deps_call(q->g->d, (unsigned)nr);
	c->by_loader = (!c->sites || c->by_loader) && in_loader(q, i);
	c->privileged = (!c->sites || c->privileged) && is_privileged(q, i);
	c->steady = (!c->sites || c->steady) && q->v[i].node >= q->g->started;
	if (!c->sites++)
		path_of(q, i, &c->via);
	if (wanted_of((unsigned)nr)) {
		q->made = uc_room(q->made, q->nmade, sizeof(*q->made));
		q->made[q->nmade++] = (struct made){ i, (unsigned)nr };
	}
}

static void unknown(const struct quiz *q, uint32_t i, const char *why)
{
	struct uc_deps *d = q->g->d;

	if (q->into)
		q->into->unknown = true;
	if (q->into || q->paths)
		return;
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

static void answer_all(struct quiz *q)
{
	for (uint32_t i = 0; i < q->n; i++)
		answer(q, i);
}

static void forget(struct quiz *q)
{
	free(q->made);
	free(q->v);
	uc_map_free(&q->asked);
}

/* From the instruction to where the number is put there: what becomes of the argument. true: it is
 * to be asked there for *want. */
static bool carry(const struct quiz *q, uint32_t question, struct uc_atom *want,
		  struct uc_deps_arg *into)
{
	uint32_t chain[64] = { 0 }, n = 0;

	for (uint32_t k = question; k != NONE && n < 64; k = q->v[k].parent)
		chain[n++] = k;
	if (q->v[chain[n - 1]].parent != NONE) {
		into->unknown = true;
		return false;
	}
	while (--n) {
		const struct question *w = &q->v[chain[n]];
		const struct node *f = &q->g->nodes[w->node];
		struct uc_value v;

		uc_code_values(&q->g->objects[f->object].code, &f->range, w->at, want, &v);
		if (v.n == 1 && (v.v[0].kind == UC_ATOM_ARG || v.v[0].kind == UC_ATOM_LOAD)) {
			*want = v.v[0];
			continue;
		}
		if (v.n == 1 && v.v[0].kind == UC_ATOM_CONST)
			add_argument(into, (uint32_t)v.v[0].off);
		else
			into->unknown = true;
		return false;
	}
	return true;
}

static void ask_argument(const struct quiz *numbers, const struct made *m, int reg,
			 struct uc_deps_arg *into)
{
	struct uc_atom want = { UC_ATOM_ARG, reg, 0 };
	struct quiz q = { .g = numbers->g, .into = into };

	if (carry(numbers, m->question, &want, into)) {
		const struct question *w = &numbers->v[m->question];

		ask(&q, &(struct question){ w->node, NONE, w->at, want });
	}
	answer_all(&q);
	forget(&q);
}

static void ask_arguments(const struct quiz *q)
{
	for (size_t i = 0; i < q->nmade; i++) {
		struct uc_deps_call *c = uc_deps_call(q->g->d, q->made[i].nr);
		const int *reg = wanted_of(c->nr);

		for (unsigned k = 0; k < UC_DEPS_ARGS && reg[k] >= 0; k++) {
			c->arg[k].asked = true;
			ask_argument(q, &q->made[i], reg[k], &c->arg[k]);
		}
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
	answer_all(&q);
	ask_arguments(&q);
	forget(&q);
}

/* ---- paths ---- */

static const struct {
	const char *name;
	int reg; /* of the path */
	bool executed;
} takers[] = {
	{ "execl", 7, true },        { "execle", 7, true },  { "execlp", 7, true },
	{ "execv", 7, true },        { "execve", 7, true },  { "execvp", 7, true },
	{ "execvpe", 7, true },      { "posix_spawn", 6, true }, { "posix_spawnp", 6, true },
	{ "open", 7, false },        { "open64", 7, false }, { "fopen", 7, false },
	{ "fopen64", 7, false },     { "opendir", 7, false },
};

static void ask_paths(struct graph *g, uint32_t node, int reg, bool executed)
{
	struct quiz q = { .g = g, .paths = true, .executed = executed };

	for (size_t k = first_edge(g, node); k < g->nedges && g->edges[k].to == node; k++)
		ask(&q, &(struct question){ .node = g->edges[k].from,
					    .parent = NONE,
					    .at = g->edges[k].at,
					    .want = { UC_ATOM_ARG, reg, 0 } });
	answer_all(&q);
	forget(&q);
}

void uc_deps_paths(struct graph *g)
{
	for (size_t i = 0; i < sizeof(takers) / sizeof(*takers); i++) {
		struct definition def[8];
		size_t n = uc_deps_lookup(g, takers[i].name, def, 8);

		for (size_t k = 0; k < n; k++) {
			uint32_t node = uc_deps_node(g, def[k].object, def[k].symbol->value);

			if (node != NONE)
				ask_paths(g, node, takers[i].reg, takers[i].executed);
		}
	}
}
