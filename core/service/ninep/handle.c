// SPDX-License-Identifier: BSD-3-Clause
#include "p9_fs.h"

/* What of the open flags the server has to know; their values are Linux's on x86. */
#define SENT_FLAGS (O_ACCMODE | O_DSYNC | O_SYNC | O_APPEND | O_DIRECTORY)

struct p9_handle *p9_handle_new(uint32_t fid, unsigned flags)
{
	struct p9_handle *h = uc_heap_alloc(sizeof(*h));
	unsigned acc = flags & O_ACCMODE;
	if (h)
		*h = (struct p9_handle){ .fid = fid,
					 .refs = 1,
					 .rd = acc != O_WRONLY,
					 .wr = acc != O_RDONLY,
					 .append = flags & O_APPEND };
	return h;
}

struct p9_handle *p9_handle_open(struct p9_inode *p, unsigned flags)
{
	struct p9_client *c = p9_c(p);
	struct p9_qid q;
	uint32_t fid;
	int e = p9_walk(c, p->fid, NULL, 0, &fid, &q);
	if (e)
		return UC_ERR_PTR(e);
	e = p9_lopen(c, fid, flags & SENT_FLAGS);
	struct p9_handle *h = e ? UC_ERR_PTR(e) : p9_handle_new(fid, flags);
	if (UC_IS_ERR(h) || !h)
		p9_clunk(c, fid);
	return h ? h : UC_ERR_PTR(-ENOMEM);
}

void p9_handle_put(struct p9_inode *p, struct p9_handle *h)
{
	if (!h || --h->refs)
		return;
	p9_clunk(p9_c(p), h->fid);
	uc_heap_free(h);
}
