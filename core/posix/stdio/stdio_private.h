// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_STDIO_PRIVATE_H
#define UC_STDIO_PRIVATE_H
#include <uc/console.h>
#include <uc/stdio.h>
#include <uc/vfs.h>
#define STDIO_SMALL 256u
/* A buffer of up to n bytes: the caller's of STDIO_SMALL, or the heap's if it has room. */
char *uc_stdio_bounce(char *small, size_t n, size_t *cap);
/* Transfers between an iterator and a console stream. Bytes or -errno, with SIGPIPE raised. */
ssize_t uc_stdio_write(enum uc_mux_stream s, struct uc_iter *it);
/* Part `stdin` (uc/part.h): reading, the poll mask, dropping what has arrived. */
__attribute__((weak)) ssize_t uc_stdio_read(struct uc_file *f, struct uc_iter *it);
__attribute__((weak)) unsigned uc_stdio_poll_in(struct uc_poll *p);
__attribute__((weak)) void uc_stdio_flush_input(void);
/* Fills a statx for a nameless stream or terminal. */
int uc_stdio_attr(const struct uc_inode *i, struct statx *st);
/* Makes the terminal the controlling terminal of the first process. */
void uc_tty_adopt_init(void);
extern const struct uc_inode_ops uc_stdio_inode_ops;
#endif
