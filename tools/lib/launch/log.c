// SPDX-License-Identifier: BSD-3-Clause
/* Lines of the kernel's log that speak of system calls. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <uc/abi/faults.h>
#include <unicore/link.h>
#include <unicore/msg.h>

#include "internal.h"

/* A kernel without the trace part knows calls by number only. NULL: unknown. */
static const char *call_name(unsigned long nr)
{
	static struct uc_systab tab;
	static bool loaded;

	if (!loaded) {
		char *path = uc_libfile(NULL, UC_SYSTAB_FILE);

		loaded = true;
		if (access(path, R_OK) == 0 && uc_systab_load(path, &tab))
			tab.n = 0;
		free(path);
	}
	return nr < tab.n ? tab.name[nr] : NULL;
}

/* The call that "system call 0 (errno 38)" in a line speaks of; *end: behind its number. NULL:
 * none,
 * or the line has the name already. */
static const char *call_in(const char *line, size_t n, const char **end)
{
	static const char mark[] = "system call ";
	const char *at = memmem(line, n, mark, sizeof(mark) - 1), *name;
	char *stop;

	if (!at)
		return NULL;
	name = call_name(strtoul(at + sizeof(mark) - 1, &stop, 10));
	*end = stop;
	return stop <= line + n && !strncmp(stop, " (errno", 7) ? name : NULL;
}

/* "system call 0 (errno 38)" is printed as "system call 0 (read) (errno 38)". */
void uc_log_line(const char *line, int n)
{
	const char *end, *name = call_in(line, (size_t)n, &end);
	int head = name ? (int)(end - line) : n;

	fprintf(stderr, "unicore[kernel]: %.*s", head, line);
	if (name)
		fprintf(stderr, " (%s)", name);
	fprintf(stderr, "%.*s\n", n - head, line + head);
}

static void tell_absent(const struct uc_launch *l, const char *line, size_t n)
{
	char *text = uc_xstrndup(line, n);
	const char *end, *name = call_in(text, n, &end);

	if (name && !uc_vec_has(l->calls_missing, name))
		uc_warn(name,
			"the program made this system call, which the image was built without "
			"(`unicore why-not %s %s` tells more; build with --calls all to have each)",
			name, l->image);
	free(text);
}

/* What the arguments of the program's calls were not to ask for. */
static void tell_unlinked(const struct uc_launch *l, const char *line, size_t n)
{
	static const char mark[] = "not linked: ";
	char *text = uc_xstrndup(line, n), *at = strstr(text, mark), *end;

	if (at) {
		at += sizeof(mark) - 1;
		end = strstr(at, " (errno");
		if (end)
			*end = 0;
		uc_warn(l->image,
			"the program asked for what the image was built without: %s (build with "
			"--calls all to have everything)",
			at);
	}
	free(text);
}

void uc_log_heard(void *arg, const char *line, size_t n)
{
	const struct uc_log_hearing *h = arg;

	if (h->l->fault && memmem(line, n, UC_INJECT_LOG, sizeof(UC_INJECT_LOG) - 1))
		h->out->fault_injected = true;
	if (h->l->image) {
		tell_absent(h->l, line, n);
		tell_unlinked(h->l, line, n);
	}
}
