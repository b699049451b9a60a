// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>

#include <unicore/input.h>

static void free_values(struct uc_map *m)
{
	for (size_t i = 0; i < m->n; i++) free(m->e[i].value);
	uc_map_free(m);
}

void uc_input_free(struct uc_input *in)
{
	free(in->root.dir);
	free_values(&in->owners);
	free_values(&in->by_name);
	uc_vec_free(&in->picks);
	uc_vec_free(&in->packages);
	free(in->exec);
	uc_vec_free(&in->argv);
	uc_vec_free(&in->env);
	free(in->cwd);
	free(in->user);
	*in = (struct uc_input){ 0 };
}
