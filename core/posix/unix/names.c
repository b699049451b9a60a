// SPDX-License-Identifier: BSD-3-Clause
/* Names of sockets: files and the abstract name space. */
#include "unix_private.h"
#include <uc/fmt.h>
#include <uc/heap.h>
#include <uc/string.h>

#define FAMILY_LEN 2u

static struct uc_list abstract_names = UC_LIST_INIT(abstract_names);

struct uc_unix_name *uc_unix_name_ref(struct uc_unix_name *n)
{
	if (n)
		n->refs++;
	return n;
}

void uc_unix_name_unref(struct uc_unix_name *n)
{
	if (n && --n->refs == 0)
		uc_heap_free(n);
}

static bool is_abstract(const struct uc_sockaddr *a, unsigned len)
{
	return len > FAMILY_LEN && a->data[0] == 0;
}

static int check_address(const struct uc_sockaddr *a, unsigned len)
{
	return a->family != UC_AF_UNIX || len < FAMILY_LEN || len > FAMILY_LEN + UC_UNIX_PATH_MAX
		       ? -EINVAL
		       : 0;
}

/* The path as a string: it may fill all of sun_path and lack a NUL. Returns the length of the
 * address with one. */
static unsigned path_of(const struct uc_sockaddr *a, unsigned len, char path[UC_UNIX_PATH_MAX + 1])
{
	memcpy(path, a->data, len - FAMILY_LEN);
	path[len - FAMILY_LEN] = 0;
	return FAMILY_LEN + (unsigned)strlen(path) + 1;
}

static struct uc_unix_name *name_new(const struct uc_sockaddr *a, unsigned len)
{
	struct uc_unix_name *n = uc_heap_zalloc(sizeof(*n));

	if (!n)
		return NULL;
	n->refs = 1;
	n->len = len;
	memcpy(&n->addr, a, UC_MIN(len, FAMILY_LEN + UC_UNIX_PATH_MAX));
	return n;
}

static struct uc_unix *find_abstract(const struct uc_sockaddr *a, unsigned len)
{
	UC_LIST_FOREACH(it, &abstract_names) {
		struct uc_unix *u = UC_LIST_ENTRY(it, struct uc_unix, bound_link);

		if (u->name->len == len && memcmp(&u->name->addr, a, len) == 0)
			return u;
	}
	return NULL;
}

static int bind_abstract(struct uc_unix *u, const struct uc_sockaddr *a, unsigned len)
{
	if (find_abstract(a, len))
		return -EADDRINUSE;
	u->name = name_new(a, len);
	if (!u->name)
		return -ENOMEM;
	uc_list_push_back(&abstract_names, &u->bound_link);
	return 0;
}

/* bind(2) with only a family: a free name of five hexadecimal digits. */
int uc_unix_autobind(struct uc_unix *u)
{
	static uint32_t next = 1;
	struct uc_sockaddr a = { .family = UC_AF_UNIX };
	int r = -EADDRINUSE;

	if (u->name)
		return 0;
	for (unsigned tries = 0; r == -EADDRINUSE && tries < 0x100000; tries++) {
		uc_snprintf((char *)a.data + 1, 6, "%05x", next++ & 0xfffffu);
		r = bind_abstract(u, &a, FAMILY_LEN + 6);
	}
	return r;
}

static int bind_path(struct uc_unix *u, const struct uc_sockaddr *a, unsigned len)
{
	struct uc_fsctx *fs = uc_upcall_fsctx();
	char path[UC_UNIX_PATH_MAX + 1];
	unsigned full = path_of(a, len, path);
	struct uc_sockaddr with_nul = *a;
	struct uc_dentry *d;
	int r;

	if (u->name) { /* Linux looks at the path first */
		d = uc_vfs_lookup(fs, NULL, path, 0);
		if (UC_IS_ERR(d))
			return -EINVAL;
		uc_dentry_unref(d);
		return -EADDRINUSE;
	}
	r = uc_vfs_mknod(fs, NULL, path, S_IFSOCK | 0777, 0);
	if (r < 0)
		return r == -EEXIST ? -EADDRINUSE : r;
	d = uc_vfs_lookup(fs, NULL, path, 0);
	if (UC_IS_ERR(d))
		return (int)UC_PTR_ERR(d);
	memset(with_nul.data + (full - FAMILY_LEN - 1), 0,
	       sizeof(with_nul.data) - (full - FAMILY_LEN - 1));
	u->name = name_new(&with_nul, full);
	if (u->name) {
		u->bound = d->inode;
		uc_inode_ref(d->inode);
		d->inode->ext = u;
	}
	uc_dentry_unref(d);
	return u->name ? 0 : -ENOMEM;
}

int uc_unix_bind(struct uc_sock *s, const struct uc_sockaddr *a, unsigned len)
{
	struct uc_unix *u = uc_unix_of(s);
	int r = check_address(a, len);

	if (r < 0)
		return r;
	if (len == FAMILY_LEN)
		return uc_unix_autobind(u);
	if (is_abstract(a, len))
		return u->name ? -EINVAL : bind_abstract(u, a, len);
	return bind_path(u, a, len);
}

void uc_unix_unbind(struct uc_unix *u)
{
	uc_list_remove(&u->bound_link);
	if (u->bound) {
		u->bound->ext = NULL;
		uc_inode_unref(u->bound);
		u->bound = NULL;
	}
}

static struct uc_unix *find_path(const struct uc_sockaddr *a, unsigned len)
{
	char path[UC_UNIX_PATH_MAX + 1];
	struct uc_unix *u = NULL;
	struct uc_dentry *d;
	int r;

	path_of(a, len, path);
	d = uc_vfs_lookup(uc_upcall_fsctx(), NULL, path, UC_LOOKUP_FOLLOW);
	if (UC_IS_ERR(d))
		return (struct uc_unix *)d;
	r = uc_vfs_permission(d->inode, UC_MAY_WRITE);
	if (r == 0 && ((d->inode->mode & S_IFMT) != S_IFSOCK || !(u = d->inode->ext)))
		r = -ECONNREFUSED;
	if (r == 0)
		uc_sock_ref(&u->s);
	uc_dentry_unref(d);
	return r < 0 ? UC_ERR_PTR(r) : u;
}

struct uc_unix *uc_unix_find(const struct uc_sockaddr *a, unsigned len, int type)
{
	struct uc_unix *u;
	int r = check_address(a, len);

	if (r < 0 || len == FAMILY_LEN)
		return UC_ERR_PTR(-EINVAL);
	if (is_abstract(a, len)) {
		u = find_abstract(a, len);
		if (!u)
			return UC_ERR_PTR(-ECONNREFUSED);
		uc_sock_ref(&u->s);
	} else {
		u = find_path(a, len);
	}
	if (!UC_IS_ERR(u) && u->s.type != type) {
		uc_sock_unref(&u->s);
		return UC_ERR_PTR(-EPROTOTYPE);
	}
	return u;
}
