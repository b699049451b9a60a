// SPDX-License-Identifier: BSD-3-Clause
/* /proc/PID/fd and fdinfo. */
#include <asm/fcntl.h>
#include <uc/heap.h>
#include <uc/string.h>
#include "pid_private.h"

static struct uc_fdtable *table(const struct uc_pseudo_key *k)
{
	struct uc_proc *p = uc_pid_proc(k);

	return p ? p->fds : NULL;
}

static struct uc_file *file_of(const struct uc_pseudo_key *k)
{
	struct uc_fdtable *t = table(k);

	return t ? uc_fd_get(t, k->fd) : NULL;
}

static int next_fd(const struct uc_pseudo_key *dir, int after)
{
	struct uc_fdtable *t = table(dir);

	return t ? uc_fd_next(t, after + 1) : -1;
}

static bool fd_exists(const struct uc_pseudo_key *k)
{
	struct uc_file *f = file_of(k);

	if (f)
		uc_file_unref(f);
	return f != NULL;
}

static ssize_t target_fd(char *buf, size_t cap, const struct uc_pseudo_key *k)
{
	struct uc_file *f = file_of(k);
	char *tmp, *p;
	ssize_t n = -ENOMEM;

	if (!f)
		return -ENOENT;
	tmp = uc_heap_alloc(4096);
	if (tmp) {
		p = uc_file_show(f, uc_upcall_fsctx()->root, tmp, 4096);
		n = UC_IS_ERR(p) ? UC_PTR_ERR(p) : (ssize_t)UC_MIN(strlen(p), cap);
		if (n > 0)
			memcpy(buf, p, (size_t)n);
	}
	uc_heap_free(tmp);
	uc_file_unref(f);
	return n;
}

static struct uc_dentry *dentry_of(struct uc_file *f)
{
	struct uc_dentry *d;

	if (f->dentry) {
		uc_dentry_ref(f->dentry);
		return f->dentry;
	}
	if (!f->inode)
		return UC_ERR_PTR(-ENXIO);
	d = uc_dentry_anon(f->inode, f->anon_name ? f->anon_name : "");
	return d ? d : UC_ERR_PTR(-ENOMEM);
}

static struct uc_dentry *follow_fd(const struct uc_pseudo_key *k)
{
	struct uc_file *f = file_of(k);
	struct uc_dentry *d;

	if (!f)
		return UC_ERR_PTR(-ENOENT);
	d = dentry_of(f);
	uc_file_unref(f);
	return d;
}

static SHOW(show_fdinfo)
{
	struct uc_text t = { buf, cap, 0 };
	struct uc_file *f = file_of(k);
	int cloexec;

	if (!f)
		return -ENOENT;
	cloexec = uc_fd_cloexec(table(k), k->fd);
	uc_text_printf(&t, "pos:\t%lu\nflags:\t0%o\nmnt_id:\t%d\nino:\t%lu\n",
		       f->ops->seek ? f->pos : 0ul,
		       f->flags | (cloexec > 0 ? (unsigned)O_CLOEXEC : 0u), 1,
		       f->inode ? f->inode->ino : 0ul);
	if (f->ops->fdinfo) {
		bool fits = t.len < cap;
		ssize_t n = f->ops->fdinfo(f, fits ? buf + t.len : NULL, fits ? cap - t.len : 0);

		t.len += n > 0 ? (size_t)n : 0;
	}
	uc_file_unref(f);
	return (ssize_t)t.len;
}

static struct uc_pseudo_entry fd_link = {
	.name = "FD", .mode = S_IFLNK | 0700, .target = target_fd, .follow = follow_fd
};
static struct uc_pseudo_entry fdinfo_file = TEXT_FILE("FD", 0400, show_fdinfo);
static const struct uc_pseudo_numbered fd_links = { next_fd, fd_exists, UC_PSEUDO_FD, &fd_link };
static const struct uc_pseudo_numbered fdinfo_files = { next_fd, fd_exists, UC_PSEUDO_FD,
							&fdinfo_file };

int uc_pid_add_fd_dirs(struct uc_pseudo_entry *dir)
{
	struct uc_pseudo_entry *e = uc_heap_zalloc(2 * sizeof(*e));
	int r;

	if (!e)
		return -ENOMEM;
	e[0] = (struct uc_pseudo_entry){ .name = "fd",
					 .mode = S_IFDIR | 0500,
					 .numbered = &fd_links };
	e[1] = (struct uc_pseudo_entry){ .name = "fdinfo",
					 .mode = S_IFDIR | 0555,
					 .numbered = &fdinfo_files };
	fd_link.serial = 4090; /* numbered children share one: the number tells them apart */
	fdinfo_file.serial = 4091;
	r = uc_pseudo_add_to(dir, "", &e[0]);
	return r < 0 ? r : uc_pseudo_add_to(dir, "", &e[1]);
}
