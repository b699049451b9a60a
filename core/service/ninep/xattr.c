// SPDX-License-Identifier: BSD-3-Clause
#include "p9_fs.h"

/* Reads the value (or list) behind an xattr fid. Bytes or -errno. */
static ssize_t read_all(struct p9_client *c, uint32_t fid, uint8_t *buf, size_t n)
{
	size_t done = 0;
	while (done < n) {
		struct uc_vq_buf v = { uc_virt_to_phys(buf + done),
				       UC_MIN(n - done, (size_t)c->data_max) };
		struct p9_data d = { &v, 1, v.len };
		int64_t got = p9_read(c, fid, done, &d);
		if (got < 0)
			return got;
		if (!got)
			break;
		done += got;
	}
	return done;
}

static ssize_t get(struct uc_inode *i, const char *name, void *buf, size_t cap)
{
	struct p9_inode *p = p9_i(i);
	struct p9_client *c = p9_c(p);
	uint64_t size;
	uint32_t fid;
	ssize_t r = p9_xattrwalk(c, p->fid, name, &fid, &size);
	if (r)
		return r;
	if (size > INT32_MAX) /* no reply of a sane server */
		r = -E2BIG;
	else if (!cap)
		r = size;
	else if (size > cap)
		r = -ERANGE;
	else
		r = size;
	if (cap && r > 0) {
		/* The caller's buffer need not be contiguous for the device: heap memory is. */
		uint8_t *tmp = uc_heap_alloc(size);
		r = tmp ? read_all(c, fid, tmp, size) : -ENOMEM;
		if (r > 0)
			memcpy(buf, tmp, r);
		uc_heap_free(tmp);
	}
	p9_clunk(c, fid);
	return r;
}

ssize_t p9_getxattr(struct uc_inode *i, const char *name, void *buf, size_t cap)
{
	return get(i, name, buf, cap);
}

ssize_t p9_listxattr(struct uc_inode *i, char *buf, size_t cap)
{
	return get(i, "", buf, cap);
}

static int write_value(struct p9_client *c, uint32_t fid, const uint8_t *v, size_t n)
{
	uint8_t *tmp = uc_heap_alloc(n);
	size_t done = 0;
	int e = tmp ? 0 : -ENOMEM;
	if (tmp)
		memcpy(tmp, v, n);
	while (!e && done < n) {
		struct uc_vq_buf b = { uc_virt_to_phys(tmp + done),
				       UC_MIN(n - done, (size_t)c->data_max) };
		struct p9_data d = { &b, 1, b.len };
		int64_t put = p9_write(c, fid, done, &d);
		e = put < 0 ? (int)put : put ? 0 : -EIO;
		done += put > 0 ? put : 0;
	}
	uc_heap_free(tmp);
	return e;
}

/* The value is set, or removed if it is empty, when the fid is given up. */
int p9_setxattr(struct uc_inode *i, const char *name, const void *v, size_t n, int flags)
{
	struct p9_inode *p = p9_i(i);
	struct p9_client *c = p9_c(p);
	bool remove = n == SIZE_MAX;
	struct p9_qid q;
	uint32_t fid;
	if (!n)
		return -EOPNOTSUPP; /* the protocol means removal by an empty value */
	int e = p9_walk(c, p->fid, NULL, 0, &fid, &q);
	if (e)
		return e;
	e = p9_xattrcreate(c, fid, name, remove ? 0 : n, remove ? 0 : flags);
	if (!e && !remove)
		e = write_value(c, fid, v, n);
	int end = p9_clunk_wait(c, fid);
	return e ? e : end;
}
