// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_STDIO_H
#define UC_STDIO_H
/*
 * The standard streams as files. A stream whose host side is a terminal behaves like Linux's
 * /dev/console (the line discipline is the host's); any other looks like a pipe.
 * Context: thread, unless stated.
 */
#include <uc/vfs.h>

/* Puts standard input, output and error at descriptors 0, 1, 2 of t. After the console is
 * configured and the file systems are mounted. 0 or -ENOMEM. */
int uc_stdio_setup(struct uc_fdtable *t);

/* What core/boot binds the console's upcalls to: a signal from the host for the foreground process
 * group (else the first process), and a changed terminal size. Deferred-work context. */
void uc_stdio_signal(int sig);
void uc_stdio_winch(void);
/* The terminal's operations, for its names in /dev. */
extern const struct uc_file_ops uc_tty_file_ops;
#endif
