// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_MSG_H
#define UNICORE_MSG_H
/*
 * Messages to the person at the keyboard, on stderr:
 *     unicore: <what>: <why> (<how to mend>)
 * what: the thing concerned (a file, an option, a program); why: a sentence part without a full
 * stop; how to mend: what to do about it, or NULL when nothing useful can be said.
 * A progress line that is on the screen is cleared first.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include <unicore/exit.h>

#define UC_MSG_FMT(f, a) __attribute__((format(printf, f, a)))

/* Prints the message and returns status, so that `return uc_fail(...)` ends a function. */
int uc_fail(int status, const char *what, const char *fix, const char *why, ...) UC_MSG_FMT(4, 5);
int uc_vfail(int status, const char *what, const char *fix, const char *why, va_list ap)
	UC_MSG_FMT(4, 0);
/* The same for a failed system call; err is an errno value, named in words: "cannot open it: no
 * such file or directory". doing: "cannot open it". */
int uc_fail_os(int status, const char *what, const char *fix, int err, const char *doing);
/* Prints `unicore: warning: <what>: <why>`. */
void uc_warn(const char *what, const char *why, ...) UC_MSG_FMT(2, 3);
/* Prints `unicore: <text>` if -v or more was given (uc_msg_verbosity >= level). */
void uc_note(int level, const char *text, ...) UC_MSG_FMT(2, 3);
/* -1 quiet (errors only), 0 normal, 1.. more. Set by the command from -q/-v. */
extern int uc_msg_verbosity;

/*
 * Progress of a longer job: a bar redrawn in place when stderr is a terminal, else one plain line
 * at the start (and nothing more), so that logs stay readable. Silent when quiet. One at a time.
 */
struct uc_progress {
	const char *label;
	uint64_t total, done; /* total 0: unknown, a running figure is shown */
	uint64_t last_ms;     /* time of the last redraw */
	bool bytes, shown;    /* figures are bytes */
};
void uc_progress_start(struct uc_progress *p, const char *label, uint64_t total, bool bytes);
void uc_progress_update(struct uc_progress *p,
			uint64_t done); /* cheap: redraws at most 10 times a second */
void uc_progress_end(struct uc_progress *p);

#endif
