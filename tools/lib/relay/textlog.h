// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_RELAY_TEXTLOG_H
#define UNICORE_RELAY_TEXTLOG_H
/* Text of the kernel or the VMM: cut into lines, printed with a prefix or kept (the last of it). */
#include <stdbool.h>
#include <stddef.h>

#define UC_TEXTLOG_KEEP 32768u

struct uc_textlog {
	bool show;
	void (*print)(void *arg, const char *line, size_t n); /* a line without its newline */
	void *arg;
	/* NULL, or is given each whole line too, shown or not */
	void (*hear)(void *arg, const char *line, size_t n);
	void *hear_arg;
	char line[1024];
	size_t n;
	char *kept; /* whole lines, newline-terminated; at most UC_TEXTLOG_KEEP bytes */
	size_t kept_len;
};
void uc_textlog_add(struct uc_textlog *t, const void *p, size_t n);
/* Ends an unfinished line. */
void uc_textlog_flush(struct uc_textlog *t);
#endif
