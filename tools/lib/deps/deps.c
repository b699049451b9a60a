// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <unicore/msg.h>

#include "internal.h"

/* ---- files ---- */

static uint32_t index_of(const struct uc_deps *d, const char *path)
{
	for (uint32_t i = 0; i < d->nfiles; i++)
		if (!strcmp(d->files[i].path, path))
			return i;
	return NONE;
}

/* The file that the interpreter's name leads to; musl's is the C library itself. */
static bool is_loader(const struct uc_object *o)
{
	const char *base = uc_path_base(o->path);

	if (!o->requester || !o->requester->elf.interp)
		return false;
	return !strcmp(uc_path_base(o->requester->elf.interp), base) ||
	       (o->musl && !strcmp(base, "libc.so"));
}

static enum uc_deps_role role_of(const struct uc_object *o)
{
	if (o->program)
		return UC_DEPS_PROGRAM;
	if (is_loader(o))
		return UC_DEPS_LOADER;
	if (!o->requester && uc_elf_is_program(&o->elf))
		return UC_DEPS_OTHER;
	return o->requester ? UC_DEPS_LIBRARY : UC_DEPS_PLUGIN;
}

/* A static program has the loader in it, and the names of its variables, if it may need one. */
static bool may_open(const struct uc_object *o, const char *host)
{
	static const char setting[] = "LD_LIBRARY_PATH";

	if (!o->elf.interp && uc_elf_is_program(&o->elf))
		return uc_file_mentions(host, setting, sizeof(setting) - 1);
	return uc_map_get(&o->elf.imported, "dlopen") || uc_map_get(&o->elf.imported, "dlmopen");
}

static bool is_set_id(const struct uc_tree *t, const char *path)
{
	const struct uc_node *n = uc_tree_get(t, path);

	return n && n->mode & (S_ISUID | S_ISGID);
}

static void add_file(struct uc_deps *d, const struct uc_rootfs *r, const struct uc_object *o)
{
	struct uc_deps_file *f;

	if (index_of(d, o->path) != NONE)
		return;
	d->files = uc_room(d->files, d->nfiles, sizeof(*d->files));
	f = &d->files[d->nfiles++];
	*f = (struct uc_deps_file){ .path = uc_xstrdup(o->path),
				    .soname = o->elf.soname ? uc_xstrdup(o->elf.soname) : NULL,
				    .host = uc_root_host(r->root, o->path),
				    .by = (uint32_t)(d->nfiles - 1),
				    .role = role_of(o),
				    .set_id = is_set_id(r->tree, o->path),
				    .musl = o->musl };
	f->opens = !is_loader(o) && may_open(o, f->host);
	if (o->requester && index_of(d, o->requester->path) != NONE)
		f->by = index_of(d, o->requester->path);
	switch (f->role) {
	case UC_DEPS_PROGRAM:
		f->why = uc_xstrdup("the program");
		break;
	case UC_DEPS_PLUGIN:
		f->why = uc_xstrdup("may be opened at run time");
		break;
	case UC_DEPS_OTHER:
		f->why = uc_xstrdup("may be executed");
		break;
	case UC_DEPS_LOADER:
		f->why = uc_xstrdup("loads the program");
		break;
	case UC_DEPS_LIBRARY:
		f->why = uc_xasprintf("%s %s", o->optional ? "opened or needed by" : "needed by",
				      o->requester->path);
		break;
	}
}

void uc_deps_add(struct uc_deps *d, const struct uc_rootfs *r)
{
	for (size_t i = 0; i < r->objects.n; i++)
		add_file(d, r, r->objects.e[i].value);
}

/* ---- analysis ---- */

/* Can any definition of the name return? Asked often, so kept. */
static bool any_returns(void *arg, const char *name, unsigned depth)
{
	struct graph *g = arg;
	struct definition def[8];
	void **known = uc_map_put(&g->returning, name);
	bool back;
	size_t n;

	if (*known)
		return *known == g;
	*known = g; /* one that is being looked at: taken to return */
	n = uc_deps_lookup(g, name, def, 8);
	back = !n;
	for (size_t i = 0; i < n && !back; i++)
		back = uc_code_returns(&g->objects[def[i].object].code, def[i].symbol->value,
				       depth);
	*uc_map_put(&g->returning, name) = back ? (void *)g : (void *)g->d;
	return back;
}

static void open_objects(struct graph *g)
{
	/* Mostly it takes less than a second: nothing to say where nobody watches. */
	bool watched = isatty(STDERR_FILENO);
	struct uc_progress p;

	if (watched)
		uc_progress_start(&p, "analysing", g->d->nfiles, false);
	for (uint32_t i = 0; i < g->d->nfiles; i++) {
		if (!uc_deps_open_object(g, i))
			g->partial = true;
		g->objects[i].code.returns = any_returns;
		g->objects[i].code.arg = g;
		if (watched)
			uc_progress_update(&p, i + 1);
	}
	if (watched)
		uc_progress_end(&p);
}

static void forget_calls(struct uc_deps *d)
{
	for (size_t i = 0; i < d->ncalls; i++) {
		uc_deps_path_free(&d->calls[i].via);
		free(d->calls[i].name);
		for (unsigned k = 0; k < UC_DEPS_ARGS; k++)
			free(d->calls[i].arg[k].v);
	}
	for (size_t i = 0; i < d->nunknown; i++) {
		free(d->unknown[i].why);
		uc_deps_path_free(&d->unknown[i].via);
	}
	d->ncalls = d->nunknown = 0;
	free(d->calls);
	free(d->unknown);
	d->calls = NULL;
	d->unknown = NULL;
}

static bool can_execute(const struct uc_deps *d)
{
	return d->nunknown || uc_deps_find(d, SYS_execve) || uc_deps_find(d, SYS_execveat);
}

/* Code for the calls of 32-bit programs has other numbers. */
static void report_legacy(struct graph *g)
{
	for (size_t i = 0; i < g->nlegacy; i++) {
		struct uc_deps *d = g->d;

		d->unknown = uc_room(d->unknown, d->nunknown, sizeof(*d->unknown));
		d->unknown[d->nunknown] = (struct uc_deps_unknown){
			.why = uc_xstrdup("a call by int 0x80 or sysenter")
		};
		uc_deps_path_to(g, g->legacy[i].node, g->legacy[i].at,
				&d->unknown[d->nunknown++].via);
	}
}

static bool root_others(struct graph *g)
{
	bool any = false;

	for (uint32_t i = 0; i < g->d->nfiles; i++)
		if (g->d->files[i].role == UC_DEPS_OTHER && !g->objects[i].rooted) {
			uc_deps_root(g, i);
			any = true;
		}
	return any;
}

static int by_number(const void *a, const void *b)
{
	return (int)((const struct uc_deps_call *)a)->nr -
	       (int)((const struct uc_deps_call *)b)->nr;
}

void uc_deps_sort_calls(struct uc_deps *d)
{
	if (d->ncalls)
		qsort(d->calls, d->ncalls, sizeof(*d->calls), by_number);
}

static void release(struct graph *g)
{
	for (size_t i = 0; i < g->d->nfiles; i++)
		uc_deps_close_object(&g->objects[i]);
	for (size_t i = 0; i < g->nnodes; i++) {
		free(g->nodes[i].args);
		free(g->nodes[i].others.v);
	}
	free(g->again.v);
	free(g->postponed);
	free(g->objects);
	free(g->nodes);
	free(g->edges);
	free(g->sites);
	free(g->legacy);
	free(g->slots);
	uc_map_free(&g->imports);
	uc_map_free(&g->asked_for);
	uc_map_free(&g->returning);
	free(g->known);
}

/* The code that can run before main. */
static void start_phase(struct graph *g)
{
	g->before_main = true;
	uc_deps_spread(g);
	g->before_main = false;
	g->started = g->nnodes;
}

int uc_deps_analyse(struct uc_deps *d)
{
	struct graph g = { .d = d, .objects = uc_xzalloc((d->nfiles + 1) * sizeof(*g.objects)) };

	open_objects(&g);
	for (uint32_t i = 0; i < d->nfiles; i++)
		if (d->files[i].role != UC_DEPS_OTHER)
			uc_deps_root(&g, i);
	start_phase(&g);
	do {
		uc_deps_spread(&g);
		forget_calls(d);
		uc_deps_numbers(&g);
		report_legacy(&g);
	} while (can_execute(d) && root_others(&g));
	if (!can_execute(d)) {
		uc_deps_forget_profiling(d);
		uc_deps_forget_privileged(d);
	}
	uc_deps_paths(&g);
	for (size_t i = 0; i < g.nnodes && uc_msg_verbosity > 2; i++)
		uc_note(3, "reached %s %s%lx", d->files[g.nodes[i].object].path,
			g.nodes[i].data ? "data " : "", (unsigned long)g.nodes[i].range.start);
	d->partial = g.partial;
	d->analysed = true;
	uc_deps_sort_calls(d);
	release(&g);
	return 0;
}

/* ---- result ---- */

const struct uc_deps_call *uc_deps_find(const struct uc_deps *d, unsigned nr)
{
	for (size_t i = 0; i < d->ncalls; i++)
		if (d->calls[i].nr == nr)
			return &d->calls[i];
	return NULL;
}

struct uc_deps_call *uc_deps_call(struct uc_deps *d, unsigned nr)
{
	const struct uc_deps_call *c = uc_deps_find(d, nr);

	if (c)
		return &d->calls[c - d->calls];
	d->calls = uc_room(d->calls, d->ncalls, sizeof(*d->calls));
	d->calls[d->ncalls] = (struct uc_deps_call){ .nr = nr };
	return &d->calls[d->ncalls++];
}

void uc_deps_free(struct uc_deps *d)
{
	forget_calls(d);
	for (size_t i = 0; i < d->nfiles; i++) {
		free(d->files[i].path);
		free(d->files[i].soname);
		free(d->files[i].host);
		free(d->files[i].why);
	}
	for (size_t i = 0; i < d->nimports; i++) {
		free(d->imports[i].name);
		free(d->imports[i].version);
	}
	for (size_t i = 0; i < d->nuses; i++) {
		free(d->uses[i].path);
		free(d->uses[i].name);
	}
	free(d->files);
	free(d->imports);
	free(d->uses);
	*d = (struct uc_deps){ .nfiles = 0 };
}
