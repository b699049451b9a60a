// SPDX-License-Identifier: BSD-3-Clause
/*
 * What a standard promises about functions of the C library and code alone does not show: a part of
 * some functions is executed only with an object that another function has prepared. The part is
 * known by what it calls. Where the library has no names for its functions, nothing is left out.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "internal.h"

/*
 * POSIX, pthread_mutexattr_setprotocol(): a mutex has the protocol PTHREAD_PRIO_PROTECT only if it
 * was initialised with attributes that this function has set. With it, locking changes the
 * scheduling of the thread.
 */
static const char *const parts[] = { "sched_getparam", "sched_getscheduler", "sched_setscheduler",
				     "sched_get_priority_max", "sched_get_priority_min" };
static const char *const behalf[] = { "pthread_mutex_", "__pthread_mutex_", "pthread_cond_" };
static const char preparer[] = "pthread_mutexattr_setprotocol";

static bool on_behalf(const char *name)
{
	for (size_t i = 0; i < sizeof(behalf) / sizeof(*behalf); i++)
		if (uc_has_prefix(name, behalf[i]))
			return true;
	return false;
}

static const char *label_of(const struct graph *g, const struct node *n)
{
	return uc_code_label(&g->objects[n->object].code, n->range.start);
}

/* A part that counts under a condition. */
static bool is_conditional(const struct graph *g, uint32_t node, const struct uc_ref *r)
{
	const struct node *n = &g->nodes[node];
	const char *to, *from;

	if (!g->objects[n->object].promises || r->kind != UC_REF_CALL ||
	    !(to = uc_code_label(&g->objects[n->object].code, r->to)))
		return false;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (!strcmp(parts[i], to)) {
			from = label_of(g, n);
			return !from || on_behalf(from);
		}
	return false;
}

/*
 * The manual of the GNU C library, "NSS Module Function Internals": a function of a name service
 * has the name _nss_SERVICE_FUNCTION and is looked up by FUNCTION. Its address in a table of the
 * library is nothing without that name.
 */
static bool is_question(const char *name)
{
	static const char *const verbs[] = { "get", "set", "end", "initgroups" };

	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (uc_has_prefix(name, verbs[i]))
			return true;
	return false;
}

static const char *question_of(const char *name)
{
	static const char prefix[] = "_nss_";
	const char *p = uc_has_prefix(name, prefix) ? name + sizeof(prefix) - 1 : NULL;

	while (p && (p = strchr(p, '_')))
		if (is_question(++p))
			return p;
	return NULL;
}

void uc_deps_note_text(struct graph *g, uint32_t object, uint64_t at)
{
	const char *text = uc_code_text(&g->objects[object].code, at);

	if (text && is_question(text))
		*uc_map_put(&g->asked_for, text) = g;
}

/* Is it the address of a function that nobody has asked for yet, by any of its names? */
static bool is_unasked(const struct graph *g, uint32_t node, const struct uc_ref *r)
{
	const struct uc_code *c = &g->objects[g->nodes[node].object].code;
	const char *label = r->kind == UC_REF_TAKE ? uc_code_label(c, r->to) : NULL;
	const char *question;

	if (!label || !question_of(label))
		return false;
	for (size_t i = 0; i < c->nsymbols; i++) {
		if (!c->symbols[i].defined || c->symbols[i].value != r->to)
			continue;
		question = question_of(c->symbols[i].name);
		if (!question || uc_map_get(&g->asked_for, question))
			return false;
	}
	return !uc_map_get(&g->asked_for, question_of(label));
}

/* main, which the program's first function hands to the C library. */
static bool is_main(const struct graph *g, uint32_t node, const struct uc_ref *r)
{
	const struct node *n = &g->nodes[node];
	const struct object *o = &g->objects[n->object];

	return g->before_main && o->starter && n->range.start == o->starter &&
	       (r->kind == UC_REF_TAKE ||
		(r->kind == UC_REF_SLOT && !uc_code_transfers(&o->code, r->at)));
}

bool uc_deps_postpone(struct graph *g, uint32_t node, const struct uc_ref *r)
{
	if (!is_conditional(g, node, r) && !is_main(g, node, r) && !is_unasked(g, node, r))
		return false;
	g->postponed = uc_room(g->postponed, g->npostponed, sizeof(*g->postponed));
	g->postponed[g->npostponed++] = (struct postponed){ *r, node };
	return true;
}

/* Adds to `set` who calls the node. */
static void add_callers(const struct graph *g, uint32_t node, struct uc_code_vec *set)
{
	for (size_t i = 0; i < g->nedges; i++) {
		bool known = false;

		if (g->edges[i].to != node)
			continue;
		for (size_t k = 0; k < set->n && !known; k++)
			known = set->v[k] == g->edges[i].from;
		if (!known)
			uc_code_add(set, g->edges[i].from);
	}
}

/* Is it executed only for the functions that the promise is about? */
static bool only_for_them(const struct graph *g, uint32_t node)
{
	struct uc_code_vec set = { 0 };
	bool only = true;

	uc_code_add(&set, node);
	for (size_t i = 0; i < set.n && only; i++) {
		const struct node *n = &g->nodes[set.v[i]];
		const char *name = n->data ? NULL : label_of(g, n);

		if (name && on_behalf(name))
			continue;
		only = !name && !n->taken && !n->data;
		add_callers(g, (uint32_t)set.v[i], &set);
	}
	free(set.v);
	return only;
}

bool uc_deps_release(struct graph *g)
{
	struct definition def[8];
	size_t n = uc_deps_lookup(g, preparer, def, 8), kept = 0;
	bool prepared = false;

	for (size_t i = 0; i < n; i++)
		prepared |= uc_deps_node(g, def[i].object, def[i].symbol->value) != NONE;
	for (size_t i = 0; i < g->npostponed; i++) {
		const struct postponed p = g->postponed[i];

		if (is_main(g, p.node, &p.ref) || is_unasked(g, p.node, &p.ref) ||
		    (is_conditional(g, p.node, &p.ref) && !prepared && only_for_them(g, p.node)))
			g->postponed[kept++] = p;
		else
			uc_deps_follow(g, p.node, &p.ref);
	}
	n = g->npostponed;
	g->npostponed = kept;
	return kept < n;
}

bool uc_deps_promises(const struct uc_code *c)
{
	for (size_t i = 0; i < c->nsymbols; i++)
		if (c->symbols[i].defined && !strcmp(c->symbols[i].name, preparer))
			return true;
	return false;
}

/*
 * ld.so(8): the loader profiles if it is started with LD_PROFILE, and for nothing else it sets a
 * timer. Who executes no programs starts none so.
 */
static void forget(struct uc_deps *d, size_t i)
{
	uc_deps_path_free(&d->calls[i].via);
	for (unsigned k = 0; k < UC_DEPS_ARGS; k++)
		free(d->calls[i].arg[k].v);
	memmove(&d->calls[i], &d->calls[i + 1], (--d->ncalls - i) * sizeof(*d->calls));
}

void uc_deps_forget_profiling(struct uc_deps *d)
{
	const struct uc_deps_call *c = uc_deps_find(d, SYS_setitimer);

	if (c && c->by_loader)
		forget(d, (size_t)(c - d->calls));
}

/* execve(2): who is started with its user's rights keeps them; an image starts its program so. */
void uc_deps_forget_privileged(struct uc_deps *d)
{
	for (size_t i = 0; i < d->nfiles; i++)
		if (d->files[i].set_id && d->files[i].role == UC_DEPS_PROGRAM)
			return;
	for (size_t i = d->ncalls; i-- > 0;)
		if (d->calls[i].privileged)
			forget(d, i);
}

/* The program's entry, or what that calls if it takes no address itself. */
uint64_t uc_deps_starter(struct uc_code *c)
{
	struct uc_code_range f;
	struct uc_refs refs;
	uint64_t starter = 0;

	if (!uc_code_function(c, c->entry, &f))
		return 0;
	uc_code_refs(c, &f, NULL, &refs);
	for (size_t i = 0; i < refs.n && starter != f.start; i++) {
		if (refs.v[i].kind == UC_REF_TAKE)
			starter = f.start;
		else if (refs.v[i].kind == UC_REF_CALL)
			starter = refs.v[i].to;
	}
	uc_refs_free(&refs);
	return starter;
}
