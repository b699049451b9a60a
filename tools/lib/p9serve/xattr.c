// SPDX-License-Identifier: BSD-3-Clause
/*
 * Extended attributes: the user's, and the access lists. Others (capabilities, labels, trusted
 * ones) are the host's own affair.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "p9s.h"

#define VALUE_MAX 65536u

static bool allowed(const char *name)
{
	return !strncmp(name, "user.", 5) || !strcmp(name, "system.posix_acl_access") ||
	       !strcmp(name, "system.posix_acl_default");
}

static struct p9s_xattr *value_new(struct uc_p9s *s, size_t size)
{
	if (size > UC_P9S_XATTR_BYTES - s->xattr_bytes)
		return NULL;
	struct p9s_xattr *x = calloc(1, sizeof(*x) + size);
	if (x) {
		x->size = (uint32_t)size;
		s->xattr_bytes += size;
	}
	return x;
}

static void value_free(struct uc_p9s *s, struct p9s_xattr *x, size_t size)
{
	s->xattr_bytes -= size;
	free(x);
}

void p9s_xattr_free(struct uc_p9s *s, struct p9s_fid *f)
{
	if (f->xattr)
		value_free(s, f->xattr, f->xattr->size);
	f->xattr = NULL;
}

/* Keeps the names that a client may know. Their total length. */
static size_t filter(char *list, size_t n)
{
	size_t keep = 0;

	for (size_t at = 0; at < n;) {
		size_t len = strnlen(list + at, n - at) + 1;

		if (at + len <= n && allowed(list + at)) {
			memmove(list + keep, list + at, len);
			keep += len;
		}
		at += len;
	}
	return keep;
}

/* Reads the value, or the list for the empty name. Bytes or -errno. */
static ssize_t fetch(const struct p9s_node *n, const char *name, char *buf)
{
	char path[32];
	ssize_t r;

	p9s_fd_path(n->fd, path);
	if (*name && !allowed(name))
		return -EOPNOTSUPP;
	r = *name ? getxattr(path, name, buf, VALUE_MAX) : listxattr(path, buf, VALUE_MAX);
	if (r < 0)
		return -errno;
	return *name ? r : (ssize_t)filter(buf, (size_t)r);
}

int p9s_xattrwalk(struct uc_p9s *s, struct p9s_in *in, struct p9s_out *out)
{
	uint32_t id = p9s_get32(in), to = p9s_get32(in);
	char name[P9S_NAME_MAX + 1], *buf;
	struct p9s_fid *f, *x;

	p9s_get_cstr(in, name, sizeof(name));
	if (p9s_in_end(in))
		return -EPROTO;
	int e = p9s_fid_file(s, id, &f);
	if (e)
		return e;
	buf = malloc(VALUE_MAX);
	ssize_t n = buf ? fetch(f->node, name, buf) : -ENOMEM;
	struct p9s_xattr *v = n < 0 ? NULL : value_new(s, (size_t)n);
	e = n < 0 ? (int)n : v ? p9s_fid_new(s, to, f->node, f->uid, &x) : -ENOMEM;
	if (!e) {
		memcpy(v->value, buf, (size_t)n);
		x->kind = P9S_XATTR_READ;
		x->xattr = v;
		p9s_put64(out, (uint64_t)n);
	} else if (v) {
		value_free(s, v, (size_t)n);
	}
	free(buf);
	return e;
}

int p9s_xattrcreate(struct uc_p9s *s, struct p9s_in *in, struct p9s_out *out)
{
	uint32_t id = p9s_get32(in);
	char name[P9S_NAME_MAX + 1];
	struct p9s_fid *f;

	(void)out;
	p9s_get_cstr(in, name, sizeof(name));
	uint64_t size = p9s_get64(in);
	uint32_t flags = p9s_get32(in);
	if (p9s_in_end(in))
		return -EPROTO;
	int e = p9s_fid_file(s, id, &f);
	if (e)
		return e;
	if (f->io >= 0 || flags & ~(uint32_t)(XATTR_CREATE | XATTR_REPLACE))
		return f->io >= 0 ? -EBUSY : -EINVAL;
	if (s->ro || !allowed(name))
		return s->ro ? -EROFS : -EOPNOTSUPP;
	if (size > VALUE_MAX)
		return -E2BIG;
	struct p9s_xattr *v = value_new(s, (size_t)size);
	if (!v)
		return -ENOMEM;
	memcpy(v->name, name, sizeof(name));
	v->flags = (int)flags;
	f->kind = P9S_XATTR_WRITE;
	f->xattr = v;
	return 0;
}

int p9s_xattr_read(struct p9s_fid *f, uint64_t off, uint32_t count, struct p9s_out *out)
{
	const struct p9s_xattr *x = f->xattr;
	uint32_t left = off < x->size ? x->size - (uint32_t)off : 0;

	count = count < left ? count : left;
	p9s_put32(out, count);
	if (count)
		memcpy(out->p + out->at, x->value + off, count);
	out->at += count;
	return 0;
}

int p9s_xattr_write(struct p9s_fid *f, uint64_t off, const uint8_t *p, uint32_t n)
{
	struct p9s_xattr *x = f->xattr;

	if (off > x->size || n > x->size - off)
		return -ENOSPC;
	memcpy(x->value + off, p, n);
	if (x->done < off + n)
		x->done = (uint32_t)(off + n);
	return 0;
}

/* An attribute of which not all was sent is not set; the empty one is removed. */
int p9s_xattr_commit(struct p9s_fid *f)
{
	const struct p9s_xattr *x = f->xattr;
	char path[32];

	p9s_fd_path(f->node->fd, path);
	if (x->done != x->size)
		return -EINVAL;
	int r = x->size ? setxattr(path, x->name, x->value, x->size, x->flags)
			: removexattr(path, x->name);
	return r < 0 ? -errno : 0;
}
