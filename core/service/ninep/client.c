// SPDX-License-Identifier: BSD-3-Clause
/* Tags, fids and the exchange of one request for its reply. */
#include "p9_client.h"
#include <asm/errno.h>
#include <uc/heap.h>
#include <uc/log.h>
#include <uc/string.h>

#define TAGS      64u
#define FID_MAX   65536u
#define MSG_SPACE UC_PAGE_SIZE /* of msize, for everything but data */

/* ---- identifiers ---- */

static uint16_t tag_take(struct p9_client *c)
{
	UC_WAIT_EVENT(&c->tag_wait, ~c->tags, UC_FOREVER, false);
	uint16_t tag = __builtin_ctzll(~c->tags);
	c->tags |= 1ull << tag;
	return tag;
}

static void tag_give(struct p9_client *c, uint16_t tag)
{
	if (tag == P9_NOTAG)
		return;
	c->tags &= ~(1ull << tag);
	uc_waitq_wake(&c->tag_wait, 1, 0);
}

static bool fids_grow(struct p9_client *c)
{
	uint32_t words = c->fid_words ? c->fid_words * 2 : 2;
	if (words * 32 > FID_MAX)
		return false;
	uint32_t *map = uc_heap_realloc(c->fid_map, words * sizeof(*map));
	if (!map)
		return false;
	memset(map + c->fid_words, 0, (words - c->fid_words) * sizeof(*map));
	c->fid_map = map;
	c->fid_words = words;
	return true;
}

int p9_fid_alloc(struct p9_client *c, uint32_t *fid)
{
	for (uint32_t w = 0; w < c->fid_words || fids_grow(c); w++) {
		if (!~c->fid_map[w])
			continue;
		uint32_t bit = __builtin_ctz(~c->fid_map[w]);
		c->fid_map[w] |= 1u << bit;
		*fid = w * 32 + bit;
		return 0;
	}
	return -ENOMEM;
}

void p9_fid_free(struct p9_client *c, uint32_t fid)
{
	c->fid_map[fid / 32] &= ~(1u << fid % 32);
}

/* ---- one exchange ---- */

struct waiting { struct uc_p9_call call; bool done; struct uc_waitq q; };

static void wake(struct uc_p9_call *call)
{
	struct waiting *w = UC_CONTAINER(call, struct waiting, call);
	w->done = true;
	uc_waitq_wake_all(&w->q);
}

int p9_req_begin(struct p9_req *r, struct p9_client *c, enum p9_type type, uint32_t tx, uint32_t rx)
{
	/* Every reply may turn out to be an error. */
	rx = UC_MAX(rx + P9_HDR, P9_READ_HDR);
	tx += P9_HDR;
	*r = (struct p9_req){ .c = c, .tx_cap = tx, .rx_cap = rx, .type = type };
	r->mem = uc_heap_alloc(tx + rx);
	if (!r->mem)
		return -ENOMEM;
	r->tag = type == P9_VERSION ? P9_NOTAG : tag_take(c);
	p9_start(&r->b, r->mem, tx, type, r->tag);
	return 0;
}

void p9_req_end(struct p9_req *r)
{
	tag_give(r->c, r->tag);
	uc_heap_free(r->mem);
}

static void add_bufs(struct uc_p9_call *call, unsigned *count, const struct p9_data *d)
{
	unsigned at = call->nout + call->nin;
	if (!d)
		return;
	UC_ASSERT(at + d->n <= UC_P9_MAX_BUFS, "a transfer fits into one chain");
	memcpy(call->bufs + at, d->bufs, d->n * sizeof(d->bufs[0]));
	*count += d->n;
}

int p9_req_send(struct p9_req *r)
{
	struct waiting w = { .call = { .complete = wake } };
	struct uc_p9_call *call = &w.call;
	int e = p9_finish(&r->b, r->out ? r->out->len : 0);
	if (e)
		return e;
	uc_waitq_init(&w.q);
	call->bufs[0] = (struct uc_vq_buf){ uc_virt_to_phys(r->mem), r->b.at };
	call->nout = 1;
	add_bufs(call, &call->nout, r->out);
	call->bufs[call->nout] =
		(struct uc_vq_buf){ uc_virt_to_phys(r->mem + r->tx_cap), r->rx_cap };
	call->nin = 1;
	add_bufs(call, &call->nin, r->in);
	e = uc_p9_start(r->c->ch, call);
	if (e)
		return e;
	UC_WAIT_EVENT(&w.q, w.done, UC_FOREVER, false);
	if (call->error)
		return call->error;
	return p9_reply(&r->b, r->mem + r->tx_cap, r->rx_cap, call->written, r->type, r->tag,
			&r->size);
}

/* ---- clunk in the background ---- */

struct clunk {
	struct uc_p9_call call;
	struct p9_client *c;
	uint32_t fid;
	uint16_t tag;
	uint8_t tx[P9_HDR + 4], rx[P9_READ_HDR];
};

static void clunk_done(struct uc_p9_call *call)
{
	struct clunk *k = UC_CONTAINER(call, struct clunk, call);
	tag_give(k->c, k->tag);
	p9_fid_free(k->c, k->fid);
	uc_heap_free(k);
}

void p9_clunk(struct p9_client *c, uint32_t fid)
{
	struct clunk *k = uc_heap_alloc(sizeof(*k));
	if (!k)
		return; /* the fid stays taken on both sides */
	memset(k, 0, sizeof(*k));
	k->c = c;
	k->fid = fid;
	k->tag = tag_take(c);
	struct p9_buf b;
	p9_start(&b, k->tx, sizeof(k->tx), P9_CLUNK, k->tag);
	p9_put32(&b, fid);
	p9_finish(&b, 0);
	k->call.complete = clunk_done;
	k->call.nout = k->call.nin = 1;
	k->call.bufs[0] = (struct uc_vq_buf){ uc_virt_to_phys(k->tx), sizeof(k->tx) };
	k->call.bufs[1] = (struct uc_vq_buf){ uc_virt_to_phys(k->rx), sizeof(k->rx) };
	if (uc_p9_start(c->ch, &k->call))
		clunk_done(&k->call);
}

/* ---- session ---- */

int p9_connect(struct p9_client *c, const char *tag, uint32_t data_max)
{
	*c = (struct p9_client){ .msize = data_max + MSG_SPACE };
	uc_waitq_init(&c->tag_wait);
	c->ch = uc_p9_claim(tag);
	if (!c->ch)
		return -ENODEV;
	int e = p9_version(c);
	if (e) {
		uc_p9_release(c->ch);
		return e;
	}
	/* A server with the smallest message size still takes half a page of data at once. */
	c->data_max = c->msize >= 2 * MSG_SPACE ? UC_PAGE_DOWN(c->msize - MSG_SPACE) : c->msize / 2;
	return 0;
}

void p9_disconnect(struct p9_client *c)
{
	uc_p9_release(c->ch);
	uc_heap_free(c->fid_map);
}
