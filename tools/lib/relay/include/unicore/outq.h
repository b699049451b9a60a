// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_OUTQ_H
#define UNICORE_OUTQ_H
/*
 * Output to a descriptor that may be slow, without blocking and without changing the flags of an
 * open file that other processes share. What cannot be written at once waits in memory.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum uc_outq_how {
	UC_OUT_DIRECT,   /* regular files and the like: write never waits long */
	UC_OUT_NONBLOCK, /* our own non-blocking open file */
	UC_OUT_SOCKET,   /* send(MSG_DONTWAIT) */
	UC_OUT_PIECES,   /* pieces of at most PIPE_BUF after poll said writable */
};

struct uc_outq {
	int fd;
	bool own_fd;
	enum uc_outq_how how;
	int error;    /* errno of a failed write; everything after it is dropped */
	uint8_t *buf; /* pending bytes at buf[head..head+len) */
	size_t head, len, cap;
};

/* Output to `fd` (0, 1, 2 or a socket). The descriptor stays the caller's. */
void uc_outq_open(struct uc_outq *q, int fd);
void uc_outq_close(struct uc_outq *q);
/* Writes as much as possible, keeps the rest. 0, or -errno the first time the output fails. */
int uc_outq_put(struct uc_outq *q, const void *p, size_t n);
/* Writes pending bytes (call when poll says writable). 0, or -errno the first time it fails. */
int uc_outq_flush(struct uc_outq *q);
static inline bool uc_outq_pending(const struct uc_outq *q)
{
	return q->len != 0;
}

#endif
