// SPDX-License-Identifier: BSD-3-Clause
/* Text shared by help and manual: placeholders and paragraphs. */
#include <string.h>

#include "internal.h"

const char *uc_opt_placeholder(const struct uc_opt *o, char *buf, size_t cap)
{
	size_t at = 0;

	buf[0] = 0;
	if (o->type != UC_T_ENUM) {
		snprintf(buf, cap, "%s", o->arg ? o->arg : "");
		return buf;
	}
	for (int i = 0; o->choices[i] && at < cap; i++) {
		int n = snprintf(buf + at, cap - at, "%s%s", i ? "|" : "", o->choices[i]);

		at += n > 0 ? (size_t)n : 0;
	}
	return buf;
}

void uc_prose_walk(const char *s, void (*para)(const char *s, size_t n, bool verbatim, void *arg),
		   void *arg)
{
	while (*s) {
		if (*s == '\n') {
			s++;
			continue;
		}
		if (s[0] == ' ' && s[1] == ' ') { /* an example line */
			size_t n = strcspn(s, "\n");

			para(s + 2, n - 2, true, arg);
			s += n;
			continue;
		}
		const char *end = strstr(s, "\n\n"), *example = strstr(s, "\n  ");
		if (example && (!end || example < end))
			end = example;
		size_t n = end ? (size_t)(end - s) : strlen(s);
		para(s, n, false, arg);
		s += n;
	}
}
