// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>

#include "flow.h"

/* Code that no path was found to may have one all the same (a handler that the runtime enters). */
static void run_unreached(struct unit *u)
{
	struct state *s = uc_xmalloc(sizeof(*s));

	uc_state_unknown(s);
	for (size_t i = 0; i < u->nblocks && !u->out->n; i++) {
		if (u->blocks[i].in || !u->blocks[i].computed)
			continue;
		uc_unit_enter(&u->blocks[i], s);
		uc_unit_run(u);
	}
	free(s);
}

void uc_code_values(struct uc_code *c, const struct uc_code_range *f, uint64_t at,
		    const struct uc_atom *want, struct uc_value *out)
{
	struct unit u = { .c = c, .wanted = at, .want = want, .out = out };
	struct state *s = uc_xmalloc(sizeof(*s));

	*out = (struct uc_value){ 0 };
	if (uc_unit_make(&u, f)) {
		u.beyond = !uc_unit_holds(&u, at);
		uc_state_entry(s);
		uc_unit_enter(&u.blocks[0], s);
		uc_unit_run(&u);
		if (!out->n)
			run_unreached(&u);
	} else {
		out->n = UC_VALUE_ANY;
	}
	free(s);
	uc_unit_free(&u);
}
