// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PIPE_PRIVATE_H
#define UC_PIPE_PRIVATE_H
#include <uc/pipe.h>
extern const struct uc_file_ops uc_pipe_file_ops;
void uc_pipe_init(struct uc_pipe *p, struct uc_inode *i);
/* Counts f as a user of p in the direction of its access mode. */
void uc_pipe_attach(struct uc_pipe *p, struct uc_file *f);
void uc_pipe_wake_readers(struct uc_pipe *p);
void uc_pipe_wake_writers(struct uc_pipe *p);
ssize_t uc_pipe_read(struct uc_pipe *p, struct uc_iter *it, bool nonblock);
ssize_t uc_pipe_write(struct uc_pipe *p, struct uc_iter *it, bool nonblock);
bool uc_pipe_is_anon(const struct uc_inode *i);
/* The last file of a FIFO is closed: its contents are gone. */
void uc_fifo_free(struct uc_pipe *p);
#endif
