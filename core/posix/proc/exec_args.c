// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <uc/heap.h>
#include <uc/string.h>
#include <uc/user.h>
#include "exec_args.h"

/* Limits of execve(2). */
#define ARG_FLOOR (128u << 10)   /* ARG_MAX that is always available */
#define ARG_CEILING (6u << 20)   /* three quarters of the default stack limit */
#define STRING_MAX (128u << 10)  /* MAX_ARG_STRLEN, with its NUL */

static int grow_pool(struct uc_exec_args *a, size_t need)
{
	size_t cap = a->cap ? a->cap : 1024;
	char *p;

	while (cap < need)
		cap *= 2;
	if (cap == a->cap)
		return 0;
	p = uc_heap_realloc(a->pool, cap);
	if (!p)
		return -ENOMEM;
	a->pool = p;
	a->cap = cap;
	return 0;
}

static int add_offset(struct uc_exec_args *a)
{
	if (a->n == a->noffs) {
		size_t noffs = a->noffs ? a->noffs * 2 : 32;
		size_t *p = uc_heap_realloc(a->offs, noffs * sizeof(*p));

		if (!p)
			return -ENOMEM;
		a->offs = p;
		a->noffs = noffs;
	}
	a->offs[a->n++] = a->used;
	return 0;
}

static int add_string(struct uc_exec_args *a, uc_uptr src)
{
	size_t room = 256;
	ssize_t len;
	int r = add_offset(a);

	if (r < 0)
		return r;
	for (;; room *= 2) {
		r = grow_pool(a, a->used + room);
		if (r < 0)
			return r;
		len = uc_user_str(a->pool + a->used, src, a->cap - a->used);
		if (len != -ENAMETOOLONG)
			break;
		if (a->cap - a->used >= STRING_MAX)
			return -E2BIG;
		room = UC_MAX(room, a->cap - a->used);
	}
	if (len < 0)
		return (int)len;
	if (len >= (ssize_t)STRING_MAX)
		return -E2BIG;
	a->used += (size_t)len + 1;
	return a->used + a->n * sizeof(uint64_t) > a->limit ? -E2BIG : 0;
}

static int add_vector(struct uc_exec_args *a, uc_uptr vec)
{
	uc_uptr s;
	int r;

	for (; vec; vec += sizeof(s)) {
		if (uc_user_read(&s, vec, sizeof(s)) < 0)
			return -EFAULT;
		if (!s)
			return 0;
		r = add_string(a, s);
		if (r < 0)
			return r;
	}
	return 0;
}

static char **vector(const struct uc_exec_args *a, size_t from, size_t to)
{
	char **v = uc_heap_alloc((to - from + 1) * sizeof(*v));

	if (!v)
		return NULL;
	for (size_t i = from; i < to; i++)
		v[i - from] = a->pool + a->offs[i];
	v[to - from] = NULL;
	return v;
}

int uc_exec_args_read(struct uc_exec_args *a, uc_uptr argv, uc_uptr envp, uint64_t stack_limit)
{
	size_t argc;
	int r;

	memset(a, 0, sizeof(*a));
	a->limit = UC_MIN(UC_MAX(stack_limit / 4, (uint64_t)ARG_FLOOR), (uint64_t)ARG_CEILING);
	r = add_vector(a, argv);
	argc = a->n;
	if (r == 0)
		r = add_vector(a, envp);
	if (r < 0)
		return r;
	a->argv = vector(a, 0, argc);
	a->envp = vector(a, argc, a->n);
	return a->argv && a->envp ? 0 : -ENOMEM;
}

void uc_exec_args_free(struct uc_exec_args *a)
{
	uc_heap_free(a->argv);
	uc_heap_free(a->envp);
	uc_heap_free(a->offs);
	uc_heap_free(a->pool);
}
