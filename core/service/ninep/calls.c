// SPDX-License-Identifier: BSD-3-Clause
/* One function for each message (diod's protocol.md, "9P2000.L"). */
#include "p9_client.h"
#include <asm/errno.h>
#include <uc/string.h>

#define QID 13u
#define AT_REMOVEDIR_9P 0x200u
#define GETATTR_BASIC 0x7ffull

int p9_attach(struct p9_client *c, uint32_t fid, struct p9_qid *q)
{
	struct p9_req r;
	int e = p9_req_begin(&r, c, P9_ATTACH, 4 + 4 + 2 + 2 + 4, QID);
	if (e)
		return e;
	p9_put32(&r.b, fid);
	p9_put32(&r.b, P9_NOFID);
	p9_puts(&r.b, "", 0);
	p9_puts(&r.b, "", 0);
	p9_put32(&r.b, 0); /* as root; owners of new files are set one by one */
	e = p9_req_send(&r);
	if (!e)
		e = p9_dec_qid(&r.b, q);
	p9_req_end(&r);
	return e;
}

int p9_walk(struct p9_client *c, uint32_t dir, const char *name, size_t len, uint32_t *fid, struct p9_qid *q)
{
	struct p9_req r;
	int e = p9_fid_alloc(c, fid);
	if (e)
		return e;
	e = p9_req_begin(&r, c, P9_WALK, 4 + 4 + 2 + 2 + len, 2 + QID);
	if (!e) {
		p9_put32(&r.b, dir);
		p9_put32(&r.b, *fid);
		p9_put16(&r.b, len ? 1 : 0);
		if (len)
			p9_puts(&r.b, name, len);
		e = p9_req_send(&r);
		if (!e)
			e = p9_dec_walk(&r.b, len ? 1 : 0, q);
		p9_req_end(&r);
	}
	if (e)
		p9_fid_free(c, *fid);
	return e;
}

int p9_lopen(struct p9_client *c, uint32_t fid, uint32_t flags)
{
	struct p9_req r;
	int e = p9_req_begin(&r, c, P9_LOPEN, 4 + 4, QID + 4);
	if (e)
		return e;
	p9_put32(&r.b, fid);
	p9_put32(&r.b, flags);
	e = p9_req_send(&r);
	p9_req_end(&r);
	return e;
}

int p9_lcreate(struct p9_client *c, uint32_t dirfid, const char *name, size_t len, uint32_t flags, uint32_t mode, uint32_t gid)
{
	struct p9_req r;
	int e = p9_req_begin(&r, c, P9_LCREATE, 4 + 2 + len + 12, QID + 4);
	if (e)
		return e;
	p9_put32(&r.b, dirfid);
	p9_puts(&r.b, name, len);
	p9_put32(&r.b, flags);
	p9_put32(&r.b, mode);
	p9_put32(&r.b, gid);
	e = p9_req_send(&r);
	p9_req_end(&r);
	return e;
}

int p9_getattr(struct p9_client *c, uint32_t fid, struct p9_attr *a)
{
	struct p9_req r;
	int e = p9_req_begin(&r, c, P9_GETATTR, 4 + 8, 8 + QID + 3 * 4 + 15 * 8);
	if (e)
		return e;
	p9_put32(&r.b, fid);
	p9_put64(&r.b, GETATTR_BASIC);
	e = p9_req_send(&r);
	if (!e)
		e = p9_dec_attr(&r.b, a);
	p9_req_end(&r);
	return e;
}

int p9_setattr(struct p9_client *c, uint32_t fid, const struct p9_setattr *s)
{
	struct p9_req r;
	int e = p9_req_begin(&r, c, P9_SETATTR, 5 * 4 + 5 * 8, 0);
	if (e)
		return e;
	p9_put32(&r.b, fid);
	p9_put32(&r.b, s->valid);
	p9_put32(&r.b, s->mode);
	p9_put32(&r.b, s->uid);
	p9_put32(&r.b, s->gid);
	p9_put64(&r.b, s->size);
	p9_put64(&r.b, s->atime);
	p9_put64(&r.b, s->atime_ns);
	p9_put64(&r.b, s->mtime);
	p9_put64(&r.b, s->mtime_ns);
	e = p9_req_send(&r);
	p9_req_end(&r);
	return e;
}

int p9_statfs(struct p9_client *c, uint32_t fid, struct p9_statfs *s)
{
	struct p9_req r;
	int e = p9_req_begin(&r, c, P9_STATFS, 4, 3 * 4 + 6 * 8);
	if (e)
		return e;
	p9_put32(&r.b, fid);
	e = p9_req_send(&r);
	if (!e)
		e = p9_dec_statfs(&r.b, s);
	p9_req_end(&r);
	return e;
}

/* Read and readdir: the data follows the reply's header in the caller's memory. */
static int64_t read_into(struct p9_client *c, enum p9_type type, uint32_t fid, uint64_t off, const struct p9_data *data)
{
	struct p9_req r;
	uint32_t count = 0;
	int e = p9_req_begin(&r, c, type, 4 + 8 + 4, P9_READ_HDR - P9_HDR);
	if (e)
		return e;
	p9_put32(&r.b, fid);
	p9_put64(&r.b, off);
	p9_put32(&r.b, data->len);
	r.in = data;
	e = p9_req_send(&r);
	if (!e)
		e = r.size < P9_READ_HDR ? -EPROTO : p9_dec_count(&r.b, UC_MIN(data->len, r.size - P9_READ_HDR), &count);
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
	int e = p9_req_begin(&r, c, P9_WRITE, 4 + 8 + 4, 4);
	if (e)
		return e;
	p9_put32(&r.b, fid);
	p9_put64(&r.b, off);
	p9_put32(&r.b, data->len);
	r.out = data;
	e = p9_req_send(&r);
	if (!e)
		e = p9_dec_count(&r.b, data->len, &count);
	p9_req_end(&r);
	return e ? e : (int64_t)count;
}

int p9_fsync(struct p9_client *c, uint32_t fid, bool datasync)
{
	struct p9_req r;
	int e = p9_req_begin(&r, c, P9_FSYNC, 4 + 4, 0);
	if (e)
		return e;
	p9_put32(&r.b, fid);
	p9_put32(&r.b, datasync);
	e = p9_req_send(&r);
	p9_req_end(&r);
	return e;
}

int p9_mkdir(struct p9_client *c, uint32_t dir, const char *name, size_t len, uint32_t mode, uint32_t gid)
{
	struct p9_req r;
	int e = p9_req_begin(&r, c, P9_MKDIR, 4 + 2 + len + 8, QID);
	if (e)
		return e;
	p9_put32(&r.b, dir);
	p9_puts(&r.b, name, len);
	p9_put32(&r.b, mode);
	p9_put32(&r.b, gid);
	e = p9_req_send(&r);
	p9_req_end(&r);
	return e;
}

int p9_mknod(struct p9_client *c, uint32_t dir, const char *name, size_t len, uint32_t mode, uint32_t major, uint32_t minor, uint32_t gid)
{
	struct p9_req r;
	int e = p9_req_begin(&r, c, P9_MKNOD, 4 + 2 + len + 16, QID);
	if (e)
		return e;
	p9_put32(&r.b, dir);
	p9_puts(&r.b, name, len);
	p9_put32(&r.b, mode);
	p9_put32(&r.b, major);
	p9_put32(&r.b, minor);
	p9_put32(&r.b, gid);
	e = p9_req_send(&r);
	p9_req_end(&r);
	return e;
}

int p9_symlink(struct p9_client *c, uint32_t dir, const char *name, size_t len, const char *target, uint32_t gid)
{
	struct p9_req r;
	size_t n = strlen(target);
	int e = p9_req_begin(&r, c, P9_SYMLINK, 4 + 2 + len + 2 + n + 4, QID);
	if (e)
		return e;
	p9_put32(&r.b, dir);
	p9_puts(&r.b, name, len);
	p9_puts(&r.b, target, n);
	p9_put32(&r.b, gid);
	e = p9_req_send(&r);
	p9_req_end(&r);
	return e;
}

int p9_link(struct p9_client *c, uint32_t dir, uint32_t fid, const char *name, size_t len)
{
	struct p9_req r;
	int e = p9_req_begin(&r, c, P9_LINK, 4 + 4 + 2 + len, 0);
	if (e)
		return e;
	p9_put32(&r.b, dir);
	p9_put32(&r.b, fid);
	p9_puts(&r.b, name, len);
	e = p9_req_send(&r);
	p9_req_end(&r);
	return e;
}

int p9_renameat(struct p9_client *c, uint32_t od, const char *on, size_t ol, uint32_t nd, const char *nn, size_t nl)
{
	struct p9_req r;
	int e = p9_req_begin(&r, c, P9_RENAMEAT, 4 + 2 + ol + 4 + 2 + nl, 0);
	if (e)
		return e;
	p9_put32(&r.b, od);
	p9_puts(&r.b, on, ol);
	p9_put32(&r.b, nd);
	p9_puts(&r.b, nn, nl);
	e = p9_req_send(&r);
	p9_req_end(&r);
	return e;
}

int p9_unlinkat(struct p9_client *c, uint32_t dir, const char *name, size_t len, bool isdir)
{
	struct p9_req r;
	int e = p9_req_begin(&r, c, P9_UNLINKAT, 4 + 2 + len + 4, 0);
	if (e)
		return e;
	p9_put32(&r.b, dir);
	p9_puts(&r.b, name, len);
	p9_put32(&r.b, isdir ? AT_REMOVEDIR_9P : 0);
	e = p9_req_send(&r);
	p9_req_end(&r);
	return e;
}

int p9_readlink(struct p9_client *c, uint32_t fid, char *buf, size_t cap)
{
	struct p9_req r;
	int e = p9_req_begin(&r, c, P9_READLINK, 4, 2 + 4096);
	if (e)
		return e;
	p9_put32(&r.b, fid);
	e = p9_req_send(&r);
	if (!e)
		e = p9_dec_readlink(&r.b, buf, cap);
	p9_req_end(&r);
	return e;
}

int p9_xattrwalk(struct p9_client *c, uint32_t fid, const char *name, uint32_t *newfid, uint64_t *size)
{
	struct p9_req r;
	size_t n = strlen(name);
	int e = p9_fid_alloc(c, newfid);
	if (e)
		return e;
	e = p9_req_begin(&r, c, P9_XATTRWALK, 4 + 4 + 2 + n, 8);
	if (!e) {
		p9_put32(&r.b, fid);
		p9_put32(&r.b, *newfid);
		p9_puts(&r.b, name, n);
		e = p9_req_send(&r);
		if (!e) {
			*size = p9_get64(&r.b);
			e = r.b.bad ? -EPROTO : 0;
		}
		p9_req_end(&r);
	}
	if (e)
		p9_fid_free(c, *newfid);
	return e;
}

int p9_xattrcreate(struct p9_client *c, uint32_t fid, const char *name, uint64_t size, uint32_t flags)
{
	struct p9_req r;
	size_t n = strlen(name);
	int e = p9_req_begin(&r, c, P9_XATTRCREATE, 4 + 2 + n + 8 + 4, 0);
	if (e)
		return e;
	p9_put32(&r.b, fid);
	p9_puts(&r.b, name, n);
	p9_put64(&r.b, size);
	p9_put32(&r.b, flags);
	e = p9_req_send(&r);
	p9_req_end(&r);
	return e;
}
