// SPDX-License-Identifier: BSD-3-Clause
/* One function for each message (diod's protocol.md, "9P2000.L"). */
#include "p9_client.h"
#include <asm/errno.h>
#include <uc/string.h>

#define QID 13u
#define AT_REMOVEDIR_9P 0x200u
#define GETATTR_BASIC 0x7ffull

/* Fields of a request as a format: w 16, d 32, q 64 bits, s a text (pointer, size_t length). */
static uint32_t fields_size(const char *fmt, va_list ap)
{
	uint32_t n = 0;
	for (; *fmt; fmt++) {
		if (*fmt == 's') {
			va_arg(ap, const char *);
			n += 2 + (uint32_t)va_arg(ap, size_t);
		} else if (*fmt == 'q') {
			va_arg(ap, uint64_t);
			n += 8;
		} else {
			va_arg(ap, uint32_t);
			n += *fmt == 'd' ? 4 : 2;
		}
	}
	return n;
}

static void put_fields(struct p9_buf *b, const char *fmt, va_list ap)
{
	for (; *fmt; fmt++) {
		if (*fmt == 's') {
			const char *s = va_arg(ap, const char *);
			p9_puts(b, s, va_arg(ap, size_t));
		} else if (*fmt == 'q') {
			p9_put64(b, va_arg(ap, uint64_t));
		} else if (*fmt == 'd') {
			p9_put32(b, va_arg(ap, uint32_t));
		} else {
			p9_put16(b, va_arg(ap, uint32_t));
		}
	}
}

/* Sends and waits. On 0 r->b is at the reply's fields, and r must be ended. rx: bytes they take. */
static int vcall(struct p9_req *r, struct p9_client *c, enum p9_type type, uint32_t rx,
		 const struct p9_data *out, const struct p9_data *in, const char *fmt, va_list ap)
{
	va_list again;
	va_copy(again, ap);
	int e = p9_req_begin(r, c, type, fields_size(fmt, ap), rx);
	if (!e) {
		put_fields(&r->b, fmt, again);
		r->out = out;
		r->in = in;
		e = p9_req_send(r);
		if (e)
			p9_req_end(r);
	}
	va_end(again);
	return e;
}

static int call(struct p9_req *r, struct p9_client *c, enum p9_type type, uint32_t rx,
		const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int e = vcall(r, c, type, rx, NULL, NULL, fmt, ap);
	va_end(ap);
	return e;
}

static int call_data(struct p9_req *r, struct p9_client *c, enum p9_type type, uint32_t rx,
		     const struct p9_data *out, const struct p9_data *in, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int e = vcall(r, c, type, rx, out, in, fmt, ap);
	va_end(ap);
	return e;
}

/* For messages whose reply says nothing more than yes. */
static int order(struct p9_client *c, enum p9_type type, uint32_t rx, const char *fmt, ...)
{
	struct p9_req r;
	va_list ap;
	va_start(ap, fmt);
	int e = vcall(&r, c, type, rx, NULL, NULL, fmt, ap);
	va_end(ap);
	if (!e)
		p9_req_end(&r);
	return e;
}

int p9_version(struct p9_client *c)
{
	struct p9_req r;
	uint32_t asked = c->msize;
	int e = call(&r, c, P9_VERSION, 4 + 2 + 16, "ds", asked, P9_VERSION_STR,
		     sizeof(P9_VERSION_STR) - 1);
	if (e)
		return e;
	e = p9_dec_version(&r.b, asked, &c->msize);
	p9_req_end(&r);
	return e;
}

int p9_attach(struct p9_client *c, uint32_t fid, struct p9_qid *q)
{
	struct p9_req r;
	/* As root; owners of new files are set one by one. */
	int e = call(&r, c, P9_ATTACH, QID, "ddssd", fid, P9_NOFID, "", (size_t)0, "", (size_t)0,
		     0u);
	if (e)
		return e;
	e = p9_dec_qid(&r.b, q);
	p9_req_end(&r);
	return e;
}

int p9_walk(struct p9_client *c, uint32_t dir, const char *name, size_t len, uint32_t *fid,
	    struct p9_qid *q)
{
	struct p9_req r;
	int e = p9_fid_alloc(c, fid);
	if (e)
		return e;
	e = call(&r, c, P9_WALK, 2 + QID, len ? "ddws" : "ddw", dir, *fid, len ? 1u : 0u, name,
		 len);
	if (!e) {
		e = p9_dec_walk(&r.b, len ? 1 : 0, q);
		p9_req_end(&r);
	}
	if (e)
		p9_fid_free(c, *fid);
	return e;
}

int p9_lopen(struct p9_client *c, uint32_t fid, uint32_t flags)
{
	return order(c, P9_LOPEN, QID + 4, "dd", fid, flags);
}

int p9_lcreate(struct p9_client *c, uint32_t dirfid, const char *name, size_t len, uint32_t flags,
	       uint32_t mode, uint32_t gid)
{
	return order(c, P9_LCREATE, QID + 4, "dsddd", dirfid, name, len, flags, mode, gid);
}

int p9_getattr(struct p9_client *c, uint32_t fid, struct p9_attr *a)
{
	struct p9_req r;
	int e = call(&r, c, P9_GETATTR, 8 + QID + 3 * 4 + 15 * 8, "dq", fid, GETATTR_BASIC);
	if (e)
		return e;
	e = p9_dec_attr(&r.b, a);
	p9_req_end(&r);
	return e;
}

int p9_setattr(struct p9_client *c, uint32_t fid, const struct p9_setattr *s)
{
	return order(c, P9_SETATTR, 0, "dddddqqqqq", fid, s->valid, s->mode, s->uid, s->gid,
		     s->size, s->atime, s->atime_ns, s->mtime, s->mtime_ns);
}

int p9_statfs(struct p9_client *c, uint32_t fid, struct p9_statfs *s)
{
	struct p9_req r;
	int e = call(&r, c, P9_STATFS, 3 * 4 + 6 * 8, "d", fid);
	if (e)
		return e;
	e = p9_dec_statfs(&r.b, s);
	p9_req_end(&r);
	return e;
}

/* Read and readdir: the data follows the reply's header in the caller's memory. */
static int64_t read_into(struct p9_client *c, enum p9_type type, uint32_t fid, uint64_t off,
			 const struct p9_data *data)
{
	struct p9_req r;
	uint32_t count = 0;
	int e = call_data(&r, c, type, P9_READ_HDR - P9_HDR, NULL, data, "dqd", fid, off,
			  data->len);
	if (e)
		return e;
	e = r.size < P9_READ_HDR
		    ? -EPROTO
		    : p9_dec_count(&r.b, UC_MIN(data->len, r.size - P9_READ_HDR), &count);
	p9_req_end(&r);
	return e ? e : (int64_t)count;
}

int64_t p9_read(struct p9_client *c, uint32_t fid, uint64_t off, const struct p9_data *data)
{
	return read_into(c, P9_READ, fid, off, data);
}

int64_t p9_readdir(struct p9_client *c, uint32_t fid, uint64_t off, void *buf, uint32_t n)
{
	struct uc_vq_buf b = { uc_virt_to_phys(buf), n };
	struct p9_data data = { &b, 1, n };
	return read_into(c, P9_READDIR, fid, off, &data);
}

int64_t p9_write(struct p9_client *c, uint32_t fid, uint64_t off, const struct p9_data *data)
{
	struct p9_req r;
	uint32_t count = 0;
	int e = call_data(&r, c, P9_WRITE, 4, data, NULL, "dqd", fid, off, data->len);
	if (e)
		return e;
	e = p9_dec_count(&r.b, data->len, &count);
	p9_req_end(&r);
	return e ? e : (int64_t)count;
}

int p9_clunk_wait(struct p9_client *c, uint32_t fid)
{
	int e = order(c, P9_CLUNK, 0, "d", fid);
	p9_fid_free(c, fid); /* gone whatever the server says */
	return e;
}

int p9_fsync(struct p9_client *c, uint32_t fid, bool datasync)
{
	return order(c, P9_FSYNC, 0, "dd", fid, (uint32_t)datasync);
}

int p9_mkdir(struct p9_client *c, uint32_t dir, const char *name, size_t len, uint32_t mode,
	     uint32_t gid)
{
	return order(c, P9_MKDIR, QID, "dsdd", dir, name, len, mode, gid);
}

int p9_mknod(struct p9_client *c, uint32_t dir, const char *name, size_t len, uint32_t mode,
	     uint32_t major, uint32_t minor, uint32_t gid)
{
	return order(c, P9_MKNOD, QID, "dsdddd", dir, name, len, mode, major, minor, gid);
}

int p9_symlink(struct p9_client *c, uint32_t dir, const char *name, size_t len, const char *target,
	       uint32_t gid)
{
	return order(c, P9_SYMLINK, QID, "dssd", dir, name, len, target, strlen(target), gid);
}

int p9_link(struct p9_client *c, uint32_t dir, uint32_t fid, const char *name, size_t len)
{
	return order(c, P9_LINK, 0, "dds", dir, fid, name, len);
}

int p9_renameat(struct p9_client *c, uint32_t od, const char *on, size_t ol, uint32_t nd,
		const char *nn, size_t nl)
{
	return order(c, P9_RENAMEAT, 0, "dsds", od, on, ol, nd, nn, nl);
}

int p9_unlinkat(struct p9_client *c, uint32_t dir, const char *name, size_t len, bool isdir)
{
	return order(c, P9_UNLINKAT, 0, "dsd", dir, name, len, isdir ? AT_REMOVEDIR_9P : 0u);
}

int p9_readlink(struct p9_client *c, uint32_t fid, char *buf, size_t cap)
{
	struct p9_req r;
	int e = call(&r, c, P9_READLINK, 2 + 4096, "d", fid);
	if (e)
		return e;
	e = p9_dec_readlink(&r.b, buf, cap);
	p9_req_end(&r);
	return e;
}

int p9_xattrwalk(struct p9_client *c, uint32_t fid, const char *name, uint32_t *newfid,
		 uint64_t *size)
{
	struct p9_req r;
	int e = p9_fid_alloc(c, newfid);
	if (e)
		return e;
	e = call(&r, c, P9_XATTRWALK, 8, "dds", fid, *newfid, name, strlen(name));
	if (!e) {
		*size = p9_get64(&r.b);
		e = r.b.bad ? -EPROTO : 0;
		p9_req_end(&r);
	}
	if (e)
		p9_fid_free(c, *newfid);
	return e;
}

int p9_xattrcreate(struct p9_client *c, uint32_t fid, const char *name, uint64_t size,
		   uint32_t flags)
{
	return order(c, P9_XATTRCREATE, 0, "dsqd", fid, name, strlen(name), size, flags);
}
