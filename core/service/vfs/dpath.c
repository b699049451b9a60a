// SPDX-License-Identifier: BSD-3-Clause
/* Paths of directory entries, built from the end of the buffer. */
#include <uc/string.h>
#include "vfs_impl.h"

static bool prepend(char *buf, char **p, const char *s, size_t n)
{
	if ((size_t)(*p - buf) < n)
		return false;
	*p -= n;
	memcpy(*p, s, n);
	return true;
}

/* Path of d from root in front of *p. 0, -ENAMETOOLONG, or 1: root was not met, *p is the path from
 * the top of its mounts. */
static int build(struct uc_dentry *d, struct uc_dentry *root, char *buf, char **p)
{
	bool any = false;
	for (;;) {
		if (d == root)
			break;
		if (d->parent == d) {
			if (!d->covers)
				break;
			d = d->covers;
			continue;
		}
		if (!prepend(buf, p, d->name, d->name_len) || !prepend(buf, p, "/", 1))
			return -ENAMETOOLONG;
		any = true;
		d = d->parent;
	}
	if (!any && !prepend(buf, p, "/", 1))
		return -ENAMETOOLONG;
	return d == root ? 0 : 1;
}

static char *copy_name(const char *name, char *buf, size_t cap)
{
	size_t n = strlen(name) + 1;
	if (n > cap)
		return UC_ERR_PTR(-ENAMETOOLONG);
	memcpy(buf, name, n);
	return buf;
}

char *uc_dentry_path(struct uc_dentry *d, struct uc_dentry *root, char *buf, size_t cap)
{
	if (uc_dentry_is_anon(d))
		return copy_name(d->name, buf, cap);
	if (!cap)
		return UC_ERR_PTR(-ENAMETOOLONG);
	if (d->unlinked)
		return UC_ERR_PTR(-ENOENT);
	char *p = buf + cap - 1;
	*p = 0;
	int r = build(d, root ? root : uc_vfs_root, buf, &p);
	return r == 0 ? p : UC_ERR_PTR(r < 0 ? r : -ENOENT);
}

char *uc_dentry_show(struct uc_dentry *d, struct uc_dentry *root, char *buf, size_t cap)
{
	static const char gone[] = " (deleted)", away[] = "(unreachable)";
	if (!cap)
		return UC_ERR_PTR(-ENAMETOOLONG);
	char *p = buf + cap - 1;
	*p = 0;
	if (d->unlinked && !prepend(buf, &p, gone, sizeof(gone) - 1))
		return UC_ERR_PTR(-ENAMETOOLONG);
	if (uc_dentry_is_anon(d))
		return prepend(buf, &p, d->name, d->name_len) ? p : UC_ERR_PTR(-ENAMETOOLONG);
	int r = build(d, root ? root : uc_vfs_root, buf, &p);
	if (r > 0)
		r = prepend(buf, &p, away, sizeof(away) - 1) ? 0 : -ENAMETOOLONG;
	return r < 0 ? UC_ERR_PTR(r) : p;
}

char *uc_file_show(struct uc_file *f, struct uc_dentry *root, char *buf, size_t cap)
{
	if (f->dentry)
		return uc_dentry_show(f->dentry, root, buf, cap);
	return copy_name(f->anon_name ? f->anon_name : "anon_inode:[unknown]", buf, cap);
}
