// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_CLI_INTERNAL_H
#define UNICORE_CLI_INTERNAL_H
/* Shared inside the library only. */
#include <unicore/cli.h>

/* Removes a progress bar from the terminal before other text is printed. */
void uc_progress_clear(void);

/* Placeholder of an option's value ("SIZE", "auto|kvm|tcg"), "" for flags. Into buf. */
const char *uc_opt_placeholder(const struct uc_opt *o, char *buf, size_t cap);
bool uc_opt_takes_value(const struct uc_opt *o);

/* Walks prose: calls para(line, len, verbatim, arg) for each paragraph or example line. */
void uc_prose_walk(const char *text,
		   void (*para)(const char *s, size_t n, bool verbatim, void *arg), void *arg);
#endif
