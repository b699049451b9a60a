// SPDX-License-Identifier: BSD-3-Clause
#include "state.h"

static bool same(const struct uc_atom *a, const struct uc_atom *b)
{
	return a->kind == b->kind && a->where == b->where && a->off == b->off;
}

void uc_value_add(struct uc_value *v, const struct uc_atom *a)
{
	if (v->n == UC_VALUE_ANY)
		return;
	for (unsigned i = 0; i < v->n; i++)
		if (same(&v->v[i], a))
			return;
	if (v->n == UC_ATOMS_MAX)
		v->n = UC_VALUE_ANY;
	else
		v->v[v->n++] = *a;
}

bool uc_value_join(struct uc_value *to, const struct uc_value *from)
{
	uint8_t before = to->n;

	if (from->n == UC_VALUE_ANY)
		to->n = UC_VALUE_ANY;
	else
		for (unsigned i = 0; i < from->n; i++)
			uc_value_add(to, &from->v[i]);
	return to->n != before;
}
