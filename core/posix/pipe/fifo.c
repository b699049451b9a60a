// SPDX-License-Identifier: BSD-3-Clause
/* FIFOs: fifo(7). A FIFO's pipe lives while it is open, in inode->ext. */
#include "pipe_private.h"
#include <asm/errno.h>
#include <asm/fcntl.h>
#include <uc/heap.h>
#include <uc/init.h>
#include <uc/proc.h>

const char uc_link_fifo = 0;

void uc_fifo_free(struct uc_pipe *p)
{
	p->inode->ext = NULL;
	uc_ring_fini(&p->ring);
	uc_heap_free(p);
}

static struct uc_pipe *fifo_of(struct uc_inode *i)
{
	if (!i->ext) {
		struct uc_pipe *p = uc_heap_alloc(sizeof(*p));

		if (!p)
			return NULL;
		uc_pipe_init(p, i);
		i->ext = p;
	}
	return i->ext;
}

/* Waits until the other side has been opened (again). */
static int wait_partner(struct uc_pipe *p, const uint32_t *opens)
{
	uint32_t before = *opens;
	int r = UC_WAIT_EVENT(&p->openq, *opens != before, UC_FOREVER, true);

	return r == -EINTR ? -UC_ERESTARTSYS : r;
}

/* A pipe opened anew through /proc/self/fd does not wait for a partner. */
static int fifo_open(struct uc_inode *i, struct uc_file *f)
{
	unsigned acc = f->flags & O_ACCMODE;
	bool nonblock = f->flags & O_NONBLOCK, waits = !uc_pipe_is_anon(i);
	struct uc_pipe *p = fifo_of(i);
	int r = 0;

	if (!p)
		return -ENOMEM;
	if (acc == O_WRONLY && nonblock && waits && !p->readers) {
		if (p->files == 0)
			uc_fifo_free(p);
		return -ENXIO;
	}
	f->pos = 0;
	uc_pipe_attach(p, f);
	uc_waitq_wake_all(&p->openq);
	if (acc == O_RDONLY && waits && !p->writers) {
		if (nonblock)
			f->pos = p->w_opens;
		else
			r = wait_partner(p, &p->w_opens);
	} else if (acc == O_WRONLY && waits && !p->readers) {
		r = wait_partner(p, &p->r_opens);
	}
	if (r < 0) {
		uc_pipe_file_ops.release(f);
		return r;
	}
	f->ops = &uc_pipe_file_ops;
	return 0;
}

static int fifo_start(void)
{
	uc_vfs_fifo_open = fifo_open;
	return 0;
}
UC_INITCALL(UC_STAGE_CORE, fifo_start);
