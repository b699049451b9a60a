// SPDX-License-Identifier: BSD-3-Clause
/* Scripts: what is executed instead, with which arguments. */
#include <asm/errno.h>
#include <uc/heap.h>
#include <uc/part.h>
#include "exec_internal.h"
#include "script.h"

UC_PART(script);

static size_t count(char *const *v)
{
	size_t n = 0;

	while (v[n])
		n++;
	return n;
}

/* argv of a script: interpreter, its argument, the script's name, the old argv but argv[0]. */
static int script_argv(struct exec_job *j, const struct uc_script *s)
{
	size_t n = count(j->argv), k = 0;
	char **v = uc_heap_alloc((n + 4) * sizeof(*v));

	if (!v)
		return -ENOMEM;
	v[k++] = (char *)s->interp;
	if (s->arg)
		v[k++] = (char *)s->arg;
	v[k++] = (char *)j->name;
	for (size_t i = 1; i < n; i++)
		v[k++] = j->argv[i];
	v[k] = NULL;
	uc_heap_free(j->own_argv);
	j->argv = j->own_argv = v;
	return 0;
}

static int open_interpreter(struct exec_job *j, const char *path)
{
	struct uc_file *f = uc_exec_open(j->fs, NULL, path, true);

	if (UC_IS_ERR(f))
		return (int)UC_PTR_ERR(f);
	if (j->own_file)
		uc_file_unref(j->f);
	j->f = f;
	j->own_file = true;
	j->name = path;
	return 0;
}

int exec_interpreter(struct exec_job *j)
{
	struct uc_script s;
	int r;

	if (uc_script_parse(j->head[j->depth], j->head_len, &s) < 0)
		return 0;
	if (j->depth == EXEC_SCRIPT_DEPTH)
		return -ELOOP;
	r = script_argv(j, &s);
	if (r == 0)
		r = open_interpreter(j, s.interp);
	return r < 0 ? r : 1;
}
