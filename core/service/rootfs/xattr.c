// SPDX-License-Identifier: BSD-3-Clause
/* Extended attributes: the image's until the first change, which copies them all. */
#include <linux/xattr.h>
#include <uc/part.h>
#include "rootfs_impl.h"

UC_PART(xattr);

static struct rfs_xattr **find_own(struct rfs_node *n, const char *name)
{
	struct rfs_xattr **p = &n->xattrs;
	while (*p && strcmp((*p)->name, name))
		p = &(*p)->next;
	return p;
}

static struct rfs_xattr *xattr_new(const char *prefix, const char *name, size_t len, const void *v,
				   size_t n)
{
	size_t plen = strlen(prefix);
	struct rfs_xattr *x = uc_heap_zalloc(sizeof(*x) + plen + len + 1 + n);
	if (!x)
		return NULL;
	memcpy(x->name, prefix, plen);
	memcpy(x->name + plen, name, len);
	x->value = x->name + plen + len + 1;
	x->value_len = n;
	memcpy(x->value, v, n);
	return x;
}

static bool only_own(const struct rfs_node *n)
{
	return n->nid == RFS_NO_NID || (n->flags & RFS_OWN_XATTRS);
}

/* ---- the image's ---- */

static bool same_name(const struct uc_erofs_xattr *x, const char *name)
{
	size_t plen = strlen(x->prefix);
	return !strncmp(name, x->prefix, plen) && strlen(name + plen) == x->name_len &&
	       !memcmp(name + plen, x->name, x->name_len);
}

struct want { const char *name; struct uc_erofs_xattr found; bool any; };

static bool match(void *ctx, const struct uc_erofs_xattr *x)
{
	struct want *w = ctx;
	w->any = same_name(x, w->name);
	if (w->any)
		w->found = *x;
	return !w->any;
}

struct copy { struct rfs_node *n; bool failed; };

static bool copy_one(void *ctx, const struct uc_erofs_xattr *x)
{
	struct copy *c = ctx;
	struct rfs_xattr *own = xattr_new(x->prefix, x->name, x->name_len, x->value, x->value_len);
	c->failed = !own;
	if (own) {
		own->next = c->n->xattrs;
		c->n->xattrs = own;
	}
	return own != NULL;
}

static int copy_up(struct rfs_node *n)
{
	if (only_own(n))
		return 0;
	struct copy c = { .n = n };
	int r = uc_erofs_xattrs(&rfs_of(n)->lower, n->nid, copy_one, &c);
	if (r == 0 && c.failed)
		r = -ENOSPC;
	if (r)
		rfs_xattrs_free(n);
	else
		n->flags |= RFS_OWN_XATTRS;
	return r;
}

/* ---- operations ---- */

static ssize_t give(const void *v, size_t n, void *buf, size_t cap)
{
	if (!cap)
		return (ssize_t)n;
	if (n > cap)
		return -ERANGE;
	memcpy(buf, v, n);
	return (ssize_t)n;
}

ssize_t rfs_getxattr(struct uc_inode *i, const char *name, void *buf, size_t cap)
{
	struct rfs_node *n = rfs_node(i);
	if (only_own(n)) {
		struct rfs_xattr *x = *find_own(n, name);
		return x ? give(x->value, x->value_len, buf, cap) : -ENODATA;
	}
	struct want w = { .name = name };
	int r = uc_erofs_xattrs(&rfs_of(n)->lower, n->nid, match, &w);
	if (r)
		return r;
	return w.any ? give(w.found.value, w.found.value_len, buf, cap) : -ENODATA;
}

struct listing { char *buf; size_t cap, len; bool root; };

static bool list_name(struct listing *l, const char *prefix, const char *name, size_t len)
{
	size_t plen = strlen(prefix);
	if (!l->root &&
	    !strncmp(plen ? prefix : name, XATTR_TRUSTED_PREFIX, XATTR_TRUSTED_PREFIX_LEN))
		return true;
	size_t end = l->len + plen + len + 1;
	if (end <= l->cap) {
		memcpy(l->buf + l->len, prefix, plen);
		memcpy(l->buf + l->len + plen, name, len);
		l->buf[end - 1] = 0;
	}
	l->len = end;
	return true;
}

static bool list_lower(void *ctx, const struct uc_erofs_xattr *x)
{
	return list_name(ctx, x->prefix, x->name, x->name_len);
}

ssize_t rfs_listxattr(struct uc_inode *i, char *buf, size_t cap)
{
	struct rfs_node *n = rfs_node(i);
	uint32_t uid, gid;
	uc_upcall_creds(&uid, &gid);
	struct listing l = { .buf = buf, .cap = cap, .root = uid == 0 };
	int r = 0;
	if (!only_own(n))
		r = uc_erofs_xattrs(&rfs_of(n)->lower, n->nid, list_lower, &l);
	for (struct rfs_xattr *x = n->xattrs; x; x = x->next)
		list_name(&l, "", x->name, strlen(x->name));
	if (r)
		return r;
	return cap && l.len > cap ? -ERANGE : (ssize_t)l.len;
}

int rfs_setxattr(struct uc_inode *i, const char *name, const void *v, size_t len, int flags)
{
	struct rfs_node *n = rfs_node(i);
	bool remove = len == SIZE_MAX;
	int r = copy_up(n);
	if (r)
		return r;
	struct rfs_xattr **p = find_own(n, name), *fresh = NULL;
	if (*p && (flags & XATTR_CREATE))
		return -EEXIST;
	if (!*p && (remove || (flags & XATTR_REPLACE)))
		return -ENODATA;
	if (!remove && !(fresh = xattr_new("", name, strlen(name), v, len)))
		return -ENOSPC;
	struct rfs_xattr *old = *p;
	if (old)
		*p = old->next;
	uc_heap_free(old);
	if (fresh) {
		fresh->next = n->xattrs;
		n->xattrs = fresh;
	}
	n->ctime = rfs_now(rfs_of(n));
	rfs_changed(n);
	return 0;
}
