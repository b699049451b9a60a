// SPDX-License-Identifier: BSD-3-Clause
/* System calls and their results, from the tracer and from the guest's log, in one form. */
#include <stdlib.h>
#include <string.h>

#include <unicore/link.h>

#include "internal.h"

#define PREFIX "unicore[kernel]: ["

/* Results that say where something was put, or which number the kernel chose for a process. */
static bool is_arbitrary(const char *name)
{
	static const char *const names[] = { "mmap",
					     "brk",
					     "mremap",
					     "shmat",
					     "getpid",
					     "gettid",
					     "getppid",
					     "fork",
					     "vfork",
					     "clone",
					     "clone3",
					     "wait4",
					     "getpgrp",
					     "getpgid",
					     "set_tid_address",
					     "setsid",
					     "getsid",
					     "times",
					     "sched_getaffinity",
					     NULL };

	for (const char *const *n = names; *n; n++)
		if (!strcmp(*n, name))
			return true;
	return false;
}

/* What the vDSO answers in one system and the kernel in the other. */
static bool is_of_vdso(const char *name)
{
	return !strcmp(name, "clock_gettime") || !strcmp(name, "gettimeofday") ||
	       !strcmp(name, "time") || !strcmp(name, "getcpu");
}

int verify_calls_names(struct uc_vec *names)
{
	struct uc_systab tab;
	int rc = uc_systab_installed(NULL, &tab);

	for (unsigned nr = 0; !rc && nr < tab.n; nr++)
		uc_vec_add(names, tab.name[nr] ? tab.name[nr] : "?");
	uc_systab_free(&tab);
	return rc;
}

static void add_error(struct uc_buf *b, long tid, const char *name, const char *error)
{
	uc_buf_printf(b, "%ld %s %s\n", tid, name, error);
}

void verify_calls_add(struct uc_buf *b, long tid, const char *name, long result)
{
	if (is_of_vdso(name))
		return;
	if (result < 0 && result > -4096) {
		const char *error = strerrorname_np((int)-result);

		if (error) /* those without a name restart the call */
			add_error(b, tid, name, error);
	} else if (is_arbitrary(name)) {
		uc_buf_printf(b, "%ld %s done\n", tid, name);
	} else {
		uc_buf_printf(b, "%ld %s %ld\n", tid, name, result);
	}
}

/* "TID] NAME(ARGUMENTS) = RESULT", or "TID] <... NAME resumed>…) = RESULT" */
static void parse_line(char *line, struct uc_buf *out)
{
	static const char resumed[] = "<... ";
	char *at, *end, *result = NULL;
	long tid = strtol(line, &at, 10);

	for (char *p = strstr(at, ") = "); p; p = strstr(p + 1, ") = "))
		result = p + 4;
	if (at[0] != ']' || at[1] != ' ' || !result || result[0] == '?')
		return;
	at += 2;
	if (uc_has_prefix(at, resumed))
		at += sizeof(resumed) - 1;
	end = at + strcspn(at, "( ");
	if (!*end)
		return;
	*end = 0;
	if (uc_has_prefix(result, "-1 E")) {
		result[3 + strcspn(result + 3, " \n")] = 0;
		if (!uc_has_prefix(result + 3, "ERESTART"))
			add_error(out, tid, at, result + 3);
	} else {
		verify_calls_add(out, tid, at, strtol(result, NULL, 0));
	}
}

void verify_calls_parse(const char *log, size_t n, struct uc_buf *out)
{
	char *text = uc_xstrndup(log ? log : "", n), *next = text, *line;

	while ((line = strsep(&next, "\n")))
		while (line && (line = strstr(line, PREFIX))) { /* behind what the program wrote */
			line += sizeof(PREFIX) - 1;
			if (!strstr(line, PREFIX))
				parse_line(line, out);
		}
	free(text);
	verify_calls_sort(out);
}

void verify_calls_sort(struct uc_buf *b)
{
	struct uc_buf sorted = { 0 };
	struct uc_vec lines = { 0 }, threads = { 0 };
	char *next = b->p, *line;

	while (next && (line = strsep(&next, "\n")))
		if (*line) {
			char *tid = uc_xstrndup(line, strcspn(line, " "));

			uc_vec_add(&lines, line);
			uc_vec_add_once(&threads, tid);
			free(tid);
		}
	for (size_t t = 0; t < threads.n; t++)
		for (size_t i = 0; i < lines.n; i++) {
			size_t len = strlen(threads.v[t]);

			if (!strncmp(lines.v[i], threads.v[t], len) && lines.v[i][len] == ' ')
				uc_buf_printf(&sorted, "%s\n", lines.v[i] + len + 1);
		}
	uc_vec_free(&lines);
	uc_vec_free(&threads);
	uc_buf_free(b);
	*b = sorted;
}
