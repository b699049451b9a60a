// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>

#include <unicore/verify.h>

static void session_free(struct uc_vsession *s)
{
	for (size_t i = 0; i < s->nsteps; i++)
		free(s->steps[i].bytes);
	free(s->steps);
	free(s->script);
}

void uc_vcase_free(struct uc_vcase *c)
{
	for (size_t i = 0; i < c->nfiles; i++) {
		free(c->files[i].name);
		free(c->files[i].from);
		free(c->files[i].text);
	}
	for (size_t i = 0; i < c->nsessions; i++)
		session_free(&c->sessions[i]);
	for (size_t i = 0; i < c->nignores; i++) {
		free(c->ignores[i].pattern);
		free(c->ignores[i].why);
	}
	free(c->files);
	free(c->sessions);
	free(c->ignores);
	free(c->name);
	free(c->exec);
	free(c->fault);
	free(c->input);
	uc_vec_free(&c->args);
	uc_vec_free(&c->env);
	*c = (struct uc_vcase){ 0 };
}
