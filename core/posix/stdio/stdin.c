// SPDX-License-Identifier: BSD-3-Clause
/* Standard input, for images with a call that reads it. */
#include "stdio_private.h"
#include <asm/errno.h>
#include <asm/fcntl.h>
#include <asm/poll.h>
#include <uc/heap.h>
#include <uc/part.h>
#include <uc/proc.h>

UC_PART(stdin);

ssize_t uc_stdio_read(struct uc_file *f, struct uc_iter *it)
{
	char small[STDIO_SMALL], *buf;
	size_t cap;
	ssize_t r;

	if (it->left == 0)
		return 0;
	buf = uc_stdio_bounce(small, it->left, &cap);
	r = uc_console_read(buf, cap, f->flags & O_NONBLOCK);
	if (r > 0)
		r = uc_iter_put(it, buf, (size_t)r);
	if (buf != small)
		uc_heap_free(buf);
	return r == -EINTR ? -UC_ERESTARTSYS : r;
}

unsigned uc_stdio_poll_in(struct uc_poll *p)
{
	uc_poll_wait(p, uc_console_readq());
	return uc_console_readable() ? POLLIN | POLLRDNORM : 0;
}

void uc_stdio_flush_input(void)
{
	char buf[128];

	while (uc_console_readable() && uc_console_read(buf, sizeof(buf), true) > 0) {}
}
