// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_DEPS_INTERNAL_H
#define UNICORE_DEPS_INTERNAL_H
#include <unicore/deps.h>

#define NONE UINT32_MAX

struct names { /* symbols of one object by name: chains of indices */
	uint32_t *first, *next;
	size_t mask;
};
struct object {
	struct uc_code code;
	uint8_t *data;
	size_t size;
	struct names names;
	struct bound { /* what each symbol is bound to, once it was asked for */
		uint32_t object, symbol;
	} * bound;
	uint8_t *seen; /* of each symbol: its data is reached */
	bool open, rooted;
	uint64_t starter; /* of a program: the function that knows where main is; 0: none */
	bool asks;        /* looks symbols up by name at run time */
	bool promises;    /* has functions of which contract.c knows more */
};
struct node { /* a function, or an extent of data, that is reached */
	struct uc_code_range range;
	uint64_t site; /* where in the parent */
	uint32_t object, parent;
	bool data, taken; /* taken: also reached otherwise than by a call */
	bool queued;
	uint8_t rounds;
	struct uc_code_args *args; /* what its callers pass; NULL: unknown, if entered */
	struct uc_code_vec others; /* places in it that something leads to, but the start */
	bool entered;              /* at its start */
};
struct edge { /* a call */
	uint32_t from, to;
	uint64_t at;
};
struct site {
	uint32_t node;
	uint64_t at;
};
struct postponed { /* a reference that is followed when something else is reached */
	struct uc_ref ref;
	uint32_t node;
};
struct graph {
	struct uc_deps *d;
	struct object *objects;
	struct node *nodes;
	struct edge *edges;
	struct site *sites, *legacy;
	uint32_t *slots; /* hash of nodes */
	size_t nnodes, nedges, nsites, nlegacy, nslots, done;
	size_t started;   /* nodes that code before main reaches come first */
	bool before_main; /* what the starter takes the address of does not count yet */
	struct postponed *postponed;
	size_t npostponed;
	struct uc_code_vec again; /* nodes that are entered in a way that they were not before */
	uint8_t *known;           /* a bit for each hash of a name that an object defines */
	struct uc_map imports;    /* seen: "OBJECT NAME" */
	struct uc_map asked_for;  /* functions of name services that reached code has the name of */
	struct uc_map returning;  /* name of a function -> this graph: it can return */
	bool partial;
};

/* scope.c */
bool uc_deps_open_object(struct graph *g, uint32_t object);
void uc_deps_close_object(struct object *o);
struct definition {
	uint32_t object;
	const struct uc_code_symbol *symbol;
};
/* Finds what symbol `want` of an object is bound to; skip: an object that is passed over. */
bool uc_deps_bind(struct graph *g, const struct uc_code_symbol *want, uint32_t skip,
		  struct definition *out);
/* All definitions of a name, for what asks for it at run time. */
size_t uc_deps_lookup(struct graph *g, const char *name, struct definition *out, size_t max);

/* reach.c */
void uc_deps_root(struct graph *g, uint32_t object);
void uc_deps_spread(struct graph *g); /* until nothing new is reached */

/* The node of a function that is reached, or NONE. */
uint32_t uc_deps_node(struct graph *g, uint32_t object, uint64_t function);
void uc_deps_follow(struct graph *g, uint32_t node, const struct uc_ref *r);

/* contract.c */
bool uc_deps_promises(const struct uc_code *c);
/* Where the function starts that hands main to the C library; 0: not found. */
uint64_t uc_deps_starter(struct uc_code *c);
/* true: the reference of the node counts only under a condition, and is kept for later. */
bool uc_deps_postpone(struct graph *g, uint32_t node, const struct uc_ref *r);
/* Reached code has the address of a text. */
void uc_deps_note_text(struct graph *g, uint32_t object, uint64_t at);
/* Of a program that executes none. */
void uc_deps_forget_profiling(struct uc_deps *d);
void uc_deps_forget_privileged(struct uc_deps *d);
/* Follows those whose condition is fulfilled; true: there were any. */
bool uc_deps_release(struct graph *g);

/* numbers.c */
void uc_deps_numbers(struct graph *g);
/* Then: which paths reached code gives to functions of the C library that open or execute. */
void uc_deps_paths(struct graph *g);

/* deps.c */
void uc_deps_sort_calls(struct uc_deps *d); /* by number */

/* paths.c */
void uc_deps_path_to(const struct graph *g, uint32_t node, uint64_t at, struct uc_deps_path *out);
void uc_deps_path_free(struct uc_deps_path *p);
#endif
