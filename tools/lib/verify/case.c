// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "internal.h"

static void session_free(struct uc_vsession *s)
{
	for (size_t i = 0; i < s->nsteps; i++)
		free(s->steps[i].bytes);
	free(s->steps);
	free(s->script);
}

void verify_file_free(struct uc_vfile *f)
{
	free(f->name);
	free(f->from);
	free(f->text);
}

int verify_file_take_in(struct uc_vfile *f, size_t max)
{
	struct uc_buf b = { 0 };
	struct stat st;
	int rc = f->from ? uc_file_read(f->from, max, &b) : 0;

	if (rc || !f->from)
		return rc;
	if (f->mode < 0 && !stat(f->from, &st))
		f->mode = st.st_mode & 07777;
	free(f->from);
	f->from = NULL;
	f->text = b.p ? b.p : uc_xstrdup("");
	f->len = b.n;
	return 0;
}

void uc_vcase_free(struct uc_vcase *c)
{
	for (size_t i = 0; i < c->nfiles; i++)
		verify_file_free(&c->files[i]);
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

/* ---- copies ---- */

static char *copy_text(const char *s)
{
	return s ? uc_xstrdup(s) : NULL;
}

static char *copy_bytes(const char *p, size_t n)
{
	char *copy = p ? uc_xmalloc(n + 1) : NULL;

	if (copy) {
		memcpy(copy, p, n);
		copy[n] = 0;
	}
	return copy;
}

static void copy_session(const struct uc_vsession *from, struct uc_vsession *to)
{
	*to = (struct uc_vsession){ .script = copy_text(from->script), .nsteps = from->nsteps };
	to->steps = uc_xzalloc((from->nsteps + 1) * sizeof(*to->steps));
	for (size_t i = 0; i < from->nsteps; i++) {
		to->steps[i] = from->steps[i];
		to->steps[i].bytes = copy_bytes(from->steps[i].bytes, from->steps[i].len);
	}
}

static void copy_lists(const struct uc_vcase *from, struct uc_vcase *to)
{
	to->args = to->env = (struct uc_vec){ 0 };
	for (size_t i = 0; i < from->args.n; i++)
		uc_vec_add(&to->args, from->args.v[i]);
	for (size_t i = 0; i < from->env.n; i++)
		uc_vec_add(&to->env, from->env.v[i]);
	to->files = uc_xzalloc((from->nfiles + 1) * sizeof(*to->files));
	for (size_t i = 0; i < from->nfiles; i++) {
		const struct uc_vfile *f = &from->files[i];

		to->files[i] = *f;
		to->files[i].name = copy_text(f->name);
		to->files[i].from = copy_text(f->from);
		to->files[i].text = copy_bytes(f->text, f->len);
	}
	to->sessions = uc_xzalloc((from->nsessions + 1) * sizeof(*to->sessions));
	for (size_t i = 0; i < from->nsessions; i++)
		copy_session(&from->sessions[i], &to->sessions[i]);
	to->ignores = uc_xzalloc((from->nignores + 1) * sizeof(*to->ignores));
	for (size_t i = 0; i < from->nignores; i++) {
		to->ignores[i] = from->ignores[i];
		to->ignores[i].pattern = copy_text(from->ignores[i].pattern);
		to->ignores[i].why = copy_text(from->ignores[i].why);
	}
}

void verify_case_copy(const struct uc_vcase *from, struct uc_vcase *to)
{
	*to = *from;
	to->name = copy_text(from->name);
	to->exec = copy_text(from->exec);
	to->fault = copy_text(from->fault);
	to->input = copy_bytes(from->input, from->input_len);
	copy_lists(from, to);
}
