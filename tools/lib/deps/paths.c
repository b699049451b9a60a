// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define STEPS_MAX 256

static void prepend(struct uc_deps_path *p, const struct graph *g, const struct node *n,
		    uint64_t at)
{
	const char *name =
		n->data ? NULL : uc_code_label(&g->objects[n->object].code, n->range.start);

	p->v = uc_xrealloc(p->v, (p->n + 1) * sizeof(*p->v));
	memmove(p->v + 1, p->v, p->n * sizeof(*p->v));
	p->n++;
	p->v[0] = (struct uc_deps_step){ .file = n->object,
					 .function = n->range.start,
					 .at = at,
					 .name = name ? uc_xstrdup(name) : NULL,
					 .data = n->data };
}

/* From the root to the node, in front of what p already has. */
void uc_deps_path_to(const struct graph *g, uint32_t node, uint64_t at, struct uc_deps_path *p)
{
	for (unsigned i = 0; node != NONE && i < STEPS_MAX; i++) {
		const struct node *n = &g->nodes[node];

		prepend(p, g, n, at);
		at = n->site;
		node = n->parent;
	}
}

void uc_deps_path_free(struct uc_deps_path *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->v[i].name);
	free(p->v);
}
