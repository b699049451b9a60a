// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include "textlog.h"

/* Keeps a line, dropping the oldest ones when there is too much. */
static void keep(struct uc_textlog *t, const char *line, size_t n)
{
	if (!t->kept && !(t->kept = malloc(UC_TEXTLOG_KEEP + 1)))
		return;
	if (t->kept_len + n + 1 > UC_TEXTLOG_KEEP) {
		size_t drop = t->kept_len / 2;

		while (drop < t->kept_len && t->kept[drop - 1] != '\n')
			drop++;
		memmove(t->kept, t->kept + drop, t->kept_len - drop);
		t->kept_len -= drop;
	}
	memcpy(t->kept + t->kept_len, line, n);
	t->kept_len += n;
	t->kept[t->kept_len++] = '\n';
}

static void line_done(struct uc_textlog *t)
{
	if (t->hear)
		t->hear(t->hear_arg, t->line, t->n);
	if (t->show)
		t->print(t->arg, t->line, t->n);
	else
		keep(t, t->line, t->n);
	t->n = 0;
}

/* Control characters from the guest must not steer the terminal. */
static char printable(unsigned char c)
{
	return c == '\t' || (c >= 0x20 && c != 0x7f) ? (char)c : '?';
}

void uc_textlog_add(struct uc_textlog *t, const void *data, size_t n)
{
	const unsigned char *p = data;

	for (; n; n--, p++) {
		if (*p == '\n') {
			line_done(t);
			continue;
		}
		if (*p == '\r')
			continue;
		if (t->n == sizeof(t->line))
			line_done(t);
		t->line[t->n++] = printable(*p);
	}
}

void uc_textlog_flush(struct uc_textlog *t)
{
	if (t->n)
		line_done(t);
}
