// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PIPE_H
#define UC_PIPE_H
/*
 * Pipes and FIFOs: a ring of bytes with pages that come and go with the contents.
 * Context: thread. A write of at most PIPE_BUF bytes is atomic (pipe(7)).
 */
#include <uc/vfs.h>

#define UC_PIPE_BUF 4096u
#define UC_PIPE_DEFAULT_SIZE 65536u
#define UC_PIPE_MAX_SIZE 1048576u /* /proc/sys/fs/pipe-max-size */

/* ---- the ring: no blocking, no locking ---- */
struct uc_ring {
	uint8_t **pages; /* cap >> 12 slots, NULL where empty; allocated with the first byte */
	uint8_t *spare;        /* one page kept to save an allocation per message */
	uint32_t cap;          /* power of two, at least a page */
	uint32_t head, used;   /* next byte to read, bytes held */
};
void uc_ring_init(struct uc_ring *r, uint32_t cap);
void uc_ring_fini(struct uc_ring *r);
static inline uint32_t uc_ring_room(const struct uc_ring *r) { return r->cap - r->used; }
/* Moves up to n bytes. Bytes moved (at most what fits or is there); -EFAULT, -ENOMEM only if
 * none. */
ssize_t uc_ring_put(struct uc_ring *r, struct uc_iter *from, size_t n);
ssize_t uc_ring_get(struct uc_ring *r, struct uc_iter *to, size_t n);
/* Copies up to n bytes from `off` bytes past the head without consuming them. */
ssize_t uc_ring_peek(struct uc_ring *r, uint32_t off, void *buf, size_t n);
void uc_ring_drop(struct uc_ring *r, size_t n); /* n <= used */
/* New capacity, at least what is used. 0, -EBUSY, -ENOMEM. */
int uc_ring_resize(struct uc_ring *r, uint32_t cap);

/* ---- pipes ---- */
struct uc_pipe {
	struct uc_mutex lock; /* held while bytes move; not while sleeping for room or data */
	struct uc_ring ring;
	struct uc_waitq rq, wq, openq; /* data, room, FIFO open */
	uint32_t readers, writers, files;
	uint32_t r_opens, w_opens;     /* ever */
	struct uc_inode *inode;        /* borrowed; a nameless pipe's own */
};
struct uc_pipe *uc_pipe_of(struct uc_file *f); /* NULL: not a pipe */
/* In a source file: whoever links it can open FIFOs as well. */
extern const char uc_link_fifo;
#define UC_LINK_FIFO static const char *const uc_needs_fifo UC_USED = &uc_link_fifo
/* The two ends of a new pipe. flags: O_NONBLOCK. 0 or -ENOMEM. */
int uc_pipe_new(struct uc_file *ends[2], unsigned flags);
/* Waits for data (room): 0, -EAGAIN, -UC_ERESTARTSYS; waiting for room: -EPIPE without readers. At
 * the end of data (no writers) 0 with an empty ring. */
int uc_pipe_wait_data(struct uc_pipe *p, bool nonblock);
int uc_pipe_wait_room(struct uc_pipe *p, uint32_t n, bool nonblock);
#endif
