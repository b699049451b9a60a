// SPDX-License-Identifier: BSD-3-Clause
#include "p9_proto.h"
#include <asm/errno.h>
#include <uc/string.h>

#define MIN_MSIZE 4096u
#define MAX_ERRNO 4095u
#define BASIC_ATTR 0x7ffull

static uint8_t *room(struct p9_buf *b, uint32_t n)
{
	if (b->bad || n > b->cap - b->at) {
		b->bad = true;
		return NULL;
	}
	uint8_t *p = b->p + b->at;
	b->at += n;
	return p;
}

static void put(struct p9_buf *b, const void *v, uint32_t n)
{
	uint8_t *p = room(b, n);
	if (p)
		memcpy(p, v, n);
}

void p9_put8(struct p9_buf *b, uint8_t v) { put(b, &v, sizeof(v)); }
void p9_put16(struct p9_buf *b, uint16_t v) { put(b, &v, sizeof(v)); }
void p9_put32(struct p9_buf *b, uint32_t v) { put(b, &v, sizeof(v)); }
void p9_put64(struct p9_buf *b, uint64_t v) { put(b, &v, sizeof(v)); }

void p9_puts(struct p9_buf *b, const char *s, size_t n)
{
	if (n > UINT16_MAX)
		b->bad = true;
	p9_put16(b, n);
	put(b, s, n);
}

void p9_start(struct p9_buf *b, uint8_t *p, uint32_t cap, enum p9_type type, uint16_t tag)
{
	*b = (struct p9_buf){ .p = p, .cap = cap };
	p9_put32(b, 0);
	p9_put8(b, type);
	p9_put16(b, tag);
}

int p9_finish(struct p9_buf *b, uint32_t more)
{
	uint32_t size = b->at + more;
	if (b->bad)
		return -ENAMETOOLONG; /* only names and texts vary in length */
	memcpy(b->p, &size, sizeof(size));
	return 0;
}

uint8_t p9_get8(struct p9_buf *b)
{
	uint8_t *p = room(b, 1);
	return p ? *p : 0;
}

uint16_t p9_get16(struct p9_buf *b)
{
	uint16_t v = 0;
	uint8_t *p = room(b, sizeof(v));
	if (p)
		memcpy(&v, p, sizeof(v));
	return v;
}

uint32_t p9_get32(struct p9_buf *b)
{
	uint32_t v = 0;
	uint8_t *p = room(b, sizeof(v));
	if (p)
		memcpy(&v, p, sizeof(v));
	return v;
}

uint64_t p9_get64(struct p9_buf *b)
{
	uint64_t v = 0;
	uint8_t *p = room(b, sizeof(v));
	if (p)
		memcpy(&v, p, sizeof(v));
	return v;
}

const char *p9_gets(struct p9_buf *b, uint16_t *n)
{
	*n = p9_get16(b);
	const char *s = (const char *)room(b, *n);
	if (!s)
		*n = 0;
	return s;
}

static int done(const struct p9_buf *b)
{
	return b->bad ? -EPROTO : 0;
}

int p9_reply(struct p9_buf *b, uint8_t *p, uint32_t cap, uint32_t have, enum p9_type request,
	     uint16_t tag, uint32_t *psize)
{
	*b = (struct p9_buf){ .p = p, .cap = UC_MIN(cap, have) };
	uint32_t size = p9_get32(b);
	uint8_t type = p9_get8(b);
	uint16_t got_tag = p9_get16(b);
	if (b->bad || size < P9_HDR || size > have || got_tag != tag)
		return -EPROTO;
	b->cap = UC_MIN(b->cap, size);
	*psize = size;
	if (type == request + 1u)
		return 0;
	if (type != P9_LERROR + 1u)
		return -EPROTO;
	uint32_t e = p9_get32(b);
	return b->bad || !e || e > MAX_ERRNO ? -EPROTO : -(int)e;
}

int p9_dec_version(struct p9_buf *b, uint32_t asked, uint32_t *msize)
{
	uint16_t n;
	*msize = p9_get32(b);
	const char *s = p9_gets(b, &n);
	bool ours = s && n == sizeof(P9_VERSION_STR) - 1 && !memcmp(s, P9_VERSION_STR, n);
	return ours && *msize <= asked && *msize >= MIN_MSIZE ? 0 : -EPROTO;
}

int p9_dec_qid(struct p9_buf *b, struct p9_qid *q)
{
	q->type = p9_get8(b);
	q->version = p9_get32(b);
	q->path = p9_get64(b);
	return done(b);
}

int p9_dec_walk(struct p9_buf *b, unsigned names, struct p9_qid *last)
{
	unsigned n = p9_get16(b);
	if (b->bad || n > names)
		return -EPROTO;
	for (unsigned i = 0; i < n; i++)
		p9_dec_qid(b, last);
	return b->bad ? -EPROTO : n < names ? -ENOENT : 0;
}

int p9_dec_attr(struct p9_buf *b, struct p9_attr *a)
{
	a->valid = p9_get64(b);
	p9_dec_qid(b, &a->qid);
	a->mode = p9_get32(b);
	a->uid = p9_get32(b);
	a->gid = p9_get32(b);
	uint64_t *rest[] = { &a->nlink, &a->rdev, &a->size, &a->blksize, &a->blocks, &a->atime,
			     &a->atime_ns, &a->mtime, &a->mtime_ns, &a->ctime, &a->ctime_ns,
			     &a->btime, &a->btime_ns };
	for (unsigned i = 0; i < UC_ARRAY_SIZE(rest); i++)
		*rest[i] = p9_get64(b);
	p9_get64(b); /* generation */
	p9_get64(b); /* data version */
	if (b->bad || (a->valid & BASIC_ATTR) != BASIC_ATTR || a->size > INT64_MAX)
		return -EPROTO;
	return 0;
}

int p9_dec_statfs(struct p9_buf *b, struct p9_statfs *s)
{
	s->type = p9_get32(b);
	s->bsize = p9_get32(b);
	s->blocks = p9_get64(b);
	s->bfree = p9_get64(b);
	s->bavail = p9_get64(b);
	s->files = p9_get64(b);
	s->ffree = p9_get64(b);
	s->fsid = p9_get64(b);
	s->namelen = p9_get32(b);
	return done(b);
}

int p9_dec_count(struct p9_buf *b, uint32_t asked, uint32_t *count)
{
	*count = p9_get32(b);
	return b->bad || *count > asked ? -EPROTO : 0;
}

int p9_dec_readlink(struct p9_buf *b, char *out, size_t cap)
{
	uint16_t n;
	const char *s = p9_gets(b, &n);
	if (!s || !n || memchr(s, 0, n))
		return -EPROTO;
	size_t take = UC_MIN((size_t)n, cap);
	memcpy(out, s, take);
	return take;
}

int p9_dec_dirent(struct p9_buf *b, struct p9_dirent *e)
{
	if (b->at == b->cap)
		return 0;
	p9_dec_qid(b, &e->qid);
	e->next = p9_get64(b);
	e->type = p9_get8(b);
	e->name = p9_gets(b, &e->len);
	if (!e->name || !e->len || e->len > P9_NAME_MAX)
		return -EPROTO;
	return memchr(e->name, '/', e->len) || memchr(e->name, 0, e->len) ? -EPROTO : 1;
}
