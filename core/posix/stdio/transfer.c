// SPDX-License-Identifier: BSD-3-Clause
#include "stdio_private.h"
#include <asm/errno.h>
#include <asm/fcntl.h>
#include <uc/heap.h>
#include <uc/proc.h>

#define CHUNK 16384u

char *uc_stdio_bounce(char *small, size_t n, size_t *cap)
{
	char *p = n > STDIO_SMALL ? uc_heap_alloc(UC_MIN(n, (size_t)CHUNK)) : NULL;

	*cap = p ? UC_MIN(n, (size_t)CHUNK) : UC_MIN(n, (size_t)STDIO_SMALL);
	return p ? p : small;
}

ssize_t uc_stdio_write(enum uc_mux_stream s, struct uc_iter *it)
{
	char small[STDIO_SMALL], *buf;
	size_t cap, done = 0;
	ssize_t r = 0;

	if (it->left == 0)
		return 0;
	buf = uc_stdio_bounce(small, it->left, &cap);
	while (it->left > 0) {
		r = uc_iter_get(it, buf, UC_MIN(it->left, (uint64_t)cap));
		if (r > 0)
			r = uc_console_write(s, buf, (size_t)r);
		if (r <= 0)
			break;
		done += (size_t)r;
	}
	if (buf != small)
		uc_heap_free(buf);
	if (r == -EPIPE)
		uc_upcall_sigpipe();
	return done ? (ssize_t)done : r == -EINTR ? -UC_ERESTARTSYS : r;
}

int uc_stdio_attr(const struct uc_inode *i, struct statx *st)
{
	*st = (struct statx){
		.stx_mask = STATX_BASIC_STATS,
		.stx_blksize = (uint32_t)UC_PAGE_SIZE,
		.stx_nlink = 1,
		.stx_mode = (uint16_t)i->mode,
		.stx_ino = i->ino,
		.stx_uid = i->uid,
		.stx_gid = i->gid,
		.stx_rdev_major = uc_dev_major(i->rdev),
		.stx_rdev_minor = uc_dev_minor(i->rdev),
	};
	return 0;
}
