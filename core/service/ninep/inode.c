// SPDX-License-Identifier: BSD-3-Clause
/* Inodes: one for each file the guest knows, found again by the server's qid. */
#include "p9_fs.h"

static struct p9_inode *find(struct p9_super *s, uint64_t path, struct uc_rbnode **parent,
			     struct uc_rbnode ***link)
{
	struct uc_rbnode **at = &s->inodes.root, *up = NULL;
	while (*at) {
		struct p9_inode *p = UC_CONTAINER(*at, struct p9_inode, node);
		if (p->path == path)
			return p;
		up = *at;
		at = path < p->path ? &up->left : &up->right;
	}
	*parent = up;
	*link = at;
	return NULL;
}

void p9_unlist(struct p9_inode *p)
{
	if (!p->listed)
		return;
	p->listed = false;
	uc_rb_erase(&p9_sb(p)->inodes, &p->node);
}

void p9_replace_fid(struct p9_inode *p, uint32_t fid)
{
	uint32_t old = p->fid;
	p->fid = fid;
	p9_clunk(p9_c(p), old);
}

static void take_attr(struct p9_inode *p, const struct p9_attr *a)
{
	p->i.mode = (p->i.mode & S_IFMT) | (a->mode & 07777);
	p->i.uid = a->uid;
	p->i.gid = a->gid;
	p->i.rdev = a->rdev;
	p->version = a->qid.version;
}

int p9_refresh(struct p9_inode *p, struct p9_attr *a)
{
	int e = p9_getattr(p9_c(p), p->fid, a);
	if (!e)
		take_attr(p, a);
	return e;
}

static void set_ops(struct p9_inode *p, struct p9_super *s, uint32_t mode)
{
	const struct uc_inode_ops *ops = &p9_special_ops;
	const struct uc_file_ops *fops = NULL;
	if ((mode & S_IFMT) == S_IFREG) {
		ops = &p9_file_ops;
		fops = &p9_file_fops;
	} else if ((mode & S_IFMT) == S_IFDIR) {
		ops = &p9_dir_ops;
		fops = &p9_dir_fops;
	} else if ((mode & S_IFMT) == S_IFLNK) {
		ops = &p9_link_ops;
	}
	uc_inode_init(&p->i, &s->sb, ops, fops, mode);
	if (ops == &p9_file_ops)
		p->i.vmobj.ops = &p9_vmobj_ops;
}

static struct p9_inode *inode_new(struct p9_super *s, uint32_t fid, const struct p9_attr *a)
{
	struct p9_inode *p = uc_heap_zalloc(sizeof(*p));
	if (!p)
		return NULL;
	set_ops(p, s, a->mode);
	p->i.ino = p->path = a->qid.path;
	p->fid = fid;
	uc_list_init(&p->mapped_link);
	uc_list_init(&p->parked_link);
	uc_mutex_init(&p->io);
	take_attr(p, a);
	return p;
}

/* A known file was found under some name: that name is the one that is right now. */
static struct uc_inode *reuse(struct p9_inode *p, uint32_t fid, const struct p9_attr *a)
{
	uc_inode_ref(&p->i);
	if (p->parked)
		p9_clunk(p9_c(p), fid);
	else
		p9_replace_fid(p, fid);
	take_attr(p, a);
	return &p->i;
}

struct uc_inode *p9_iget(struct p9_super *s, uint32_t fid)
{
	struct p9_attr a;
	struct uc_rbnode *parent = NULL, **link = NULL;
	int e = p9_getattr(&s->c, fid, &a);
	if (e) {
		p9_clunk(&s->c, fid);
		return UC_ERR_PTR(e);
	}
	struct p9_inode *p = find(s, a.qid.path, &parent, &link);
	if (p && (p->i.mode & S_IFMT) == (a.mode & S_IFMT))
		return reuse(p, fid, &a);
	if (p) { /* the host used the number again for something else */
		p9_unlist(p);
		find(s, a.qid.path, &parent, &link);
	}
	p = inode_new(s, fid, &a);
	if (!p) {
		p9_clunk(&s->c, fid);
		return UC_ERR_PTR(-ENOMEM);
	}
	uc_rb_link(&s->inodes, &p->node, parent, link);
	p->listed = true;
	return &p->i;
}

struct uc_inode *p9_lookup(struct uc_inode *dir, const char *name, size_t len)
{
	struct p9_inode *d = p9_i(dir);
	struct p9_super *s = p9_sb(d);
	struct p9_qid q;
	uint32_t fid;
	int e = p9_walk(&s->c, d->fid, name, len, &fid, &q);
	return e ? UC_ERR_PTR(e) : p9_iget(s, fid);
}

static void p9_inode_release(struct uc_inode *i)
{
	struct p9_inode *p = p9_i(i);
	p9_unpark(p);
	p9_pages_drop(p, true);
	p9_handle_put(p, p->spare);
	p9_handle_put(p, p->dir);
	p9_unlist(p);
	p9_clunk(p9_c(p), p->fid);
	uc_heap_free(p);
}

/* Does the name still lead to this file? */
static bool p9_revalidate(struct uc_inode *dir, struct uc_inode *child, const char *name,
			  size_t len)
{
	struct p9_inode *d = p9_i(dir), *p = p9_i(child);
	struct p9_qid q = { 0 };
	uint32_t fid, uid, gid;
	if (p9_walk(p9_c(d), d->fid, name, len, &fid, &q))
		return false;
	bool same = q.path == p->path && p->listed && !p->parked;
	if (same)
		p9_replace_fid(p, fid);
	else
		p9_clunk(p9_c(d), fid);
	uc_upcall_creds(&uid, &gid);
	struct p9_attr a;
	if (same && uid) /* permissions matter to everyone but root */
		same = p9_refresh(p, &a) == 0 && ((a.mode ^ child->mode) & S_IFMT) == 0;
	return same;
}

static ssize_t p9_fs_readlink(struct uc_inode *i, char *buf, size_t cap)
{
	struct p9_inode *p = p9_i(i);
	return p9_readlink(p9_c(p), p->fid, buf, cap);
}

/* ---- opening ---- */

static struct p9_handle *take_spare(struct p9_inode *p, unsigned flags)
{
	struct p9_handle *h = p->spare;
	if (!h || flags & (O_APPEND | O_DSYNC | O_SYNC))
		return NULL;
	p->spare = NULL;
	return h;
}

static int p9_file_open(struct uc_inode *i, struct uc_file *f)
{
	struct p9_inode *p = p9_i(i);
	struct p9_handle *h = take_spare(p, f->flags);
	/* Close-to-open consistency: what the host changed since is seen from here on. */
	if (!i->maps)
		p9_pages_drop(p, false);
	if (!h)
		h = p9_handle_open(p, f->flags & ~(unsigned)O_DIRECTORY);
	if (UC_IS_ERR(h))
		return UC_PTR_ERR(h);
	f->priv = h;
	p->opens++;
	return 0;
}

static int p9_dir_open(struct uc_inode *i, struct uc_file *f)
{
	p9_i(i)->opens++;
	return 0;
}

static void p9_dir_release(struct uc_file *f)
{
	struct p9_inode *p = p9_i(f->inode);
	if (--p->opens)
		return;
	p9_handle_put(p, p->dir);
	p->dir = NULL;
}

static loff_t p9_dir_seek(struct uc_file *f, loff_t off, int whence)
{
	return uc_file_seek_size(f, off, whence, INT64_MAX);
}

/* ---- reading directories ---- */

/* Positions 0 to 2 are the VFS's own: the server's follow them. */
#define POS_SHIFT 3u
#define DIR_CHUNK 8192u

static uint64_t pos_of(uint64_t cookie)
{
	return cookie > INT64_MAX - POS_SHIFT ? INT64_MAX : cookie + POS_SHIFT;
}

static uint64_t cookie_of(uint64_t pos)
{
	return pos < POS_SHIFT ? 0 : pos == INT64_MAX ? INT64_MAX : pos - POS_SHIFT;
}

static bool hidden(struct p9_inode *d, const struct p9_dirent *e)
{
	if (e->name[0] == '.' && (e->len == 1 || (e->len == 2 && e->name[1] == '.')))
		return true;
	return &d->i == d->i.sb->root && p9_is_parked_name(e->name, e->len);
}

/* Hands over one chunk of entries. 1: more may follow, 0: the taker has enough, or -errno. */
static int give_chunk(struct p9_inode *d, struct p9_buf *b, uint64_t *cookie, uc_filldir fill,
		      void *ctx)
{
	struct p9_dirent e;
	int r;
	while ((r = p9_dec_dirent(b, &e)) > 0) {
		*cookie = e.next;
		if (!hidden(d, &e) && fill(ctx, e.name, e.len, e.qid.path, e.type, pos_of(e.next)))
			return 0;
	}
	return r < 0 ? r : 1;
}

/* The directory open at the server, referenced, or UC_ERR_PTR. */
static struct p9_handle *dir_handle(struct p9_inode *d)
{
	if (!d->dir) {
		struct p9_handle *h = p9_handle_open(d, O_RDONLY | O_DIRECTORY);
		if (UC_IS_ERR(h))
			return h;
		if (d->dir)
			p9_handle_put(d, h);
		else
			d->dir = h;
	}
	d->dir->refs++;
	return d->dir;
}

static int p9_dir_fsync(struct uc_file *f, bool datasync)
{
	struct p9_inode *d = p9_i(f->inode);
	struct p9_handle *h = dir_handle(d);
	if (UC_IS_ERR(h))
		return UC_PTR_ERR(h);
	int r = p9_fsync(p9_c(d), h->fid, datasync);
	p9_handle_put(d, h);
	return r;
}

static int p9_fs_readdir(struct uc_inode *dir, uint64_t pos, uc_filldir fill, void *ctx)
{
	struct p9_inode *d = p9_i(dir);
	struct p9_handle *h = dir_handle(d);
	if (UC_IS_ERR(h))
		return UC_PTR_ERR(h);
	uint32_t chunk = UC_MIN(p9_c(d)->data_max, DIR_CHUNK);
	uint8_t *buf = uc_heap_alloc(chunk);
	if (!buf) {
		p9_handle_put(d, h);
		return -ENOMEM;
	}
	uint64_t cookie = cookie_of(pos);
	int r = 1;
	while (r > 0) {
		int64_t n = p9_readdir(p9_c(d), h->fid, cookie, buf, chunk);
		if (n <= 0) {
			r = n;
			break;
		}
		struct p9_buf b = { .p = buf, .cap = n };
		r = give_chunk(d, &b, &cookie, fill, ctx);
	}
	p9_handle_put(d, h);
	uc_heap_free(buf);
	return r;
}

const struct uc_file_ops p9_dir_fops = { .seek = p9_dir_seek,
					 .fsync = p9_dir_fsync,
					 .release = p9_dir_release };

/* ---- creation ---- */

/* The creator owns what it made; the server made it as root. */
static void chown_new(struct p9_inode *p, uint32_t uid, uint32_t gid)
{
	struct p9_attr a;
	if (p->i.uid == uid && p->i.gid == gid)
		return;
	struct p9_setattr s = { .valid = UC_ATTR_UID | UC_ATTR_GID, .uid = uid, .gid = gid };
	if (p9_setattr(p9_c(p), p->fid, &s) == 0)
		p9_refresh(p, &a);
}

static struct uc_inode *finish_new(struct uc_inode *dir, const char *name, size_t len, uint32_t uid,
				   uint32_t gid)
{
	struct uc_inode *i = p9_lookup(dir, name, len);
	if (!UC_IS_ERR(i))
		chown_new(p9_i(i), uid, gid);
	return i;
}

static struct uc_inode *create_file(struct p9_inode *d, const char *name, size_t len, uint32_t mode,
				    uint32_t uid, uint32_t gid)
{
	struct p9_client *c = p9_c(d);
	struct p9_qid q;
	uint32_t fid;
	int e = p9_walk(c, d->fid, NULL, 0, &fid, &q);
	if (e)
		return UC_ERR_PTR(e);
	e = p9_lcreate(c, fid, name, len, O_RDWR | O_CREAT | O_EXCL, mode & 07777, gid);
	if (e) {
		p9_clunk(c, fid);
		return UC_ERR_PTR(e);
	}
	struct uc_inode *i = finish_new(&d->i, name, len, uid, gid);
	struct p9_handle *h = UC_IS_ERR(i) ? NULL : p9_handle_new(fid, O_RDWR);
	if (!h || p9_i(i)->spare) {
		p9_clunk(c, fid);
		uc_heap_free(h);
	} else {
		p9_i(i)->spare = h;
	}
	return i;
}

static struct uc_inode *p9_fs_create(struct uc_inode *dir, const char *name, size_t len,
				     uint32_t mode, uint64_t rdev)
{
	struct p9_inode *d = p9_i(dir);
	uint32_t uid, gid;
	int e;
	uc_vfs_new_owner(dir, &mode, &uid, &gid);
	if ((mode & S_IFMT) == S_IFREG)
		return create_file(d, name, len, mode, uid, gid);
	if ((mode & S_IFMT) == S_IFDIR)
		e = p9_mkdir(p9_c(d), d->fid, name, len, mode & 07777, gid);
	else
		e = p9_mknod(p9_c(d), d->fid, name, len, mode, uc_dev_major(rdev),
			     uc_dev_minor(rdev), gid);
	return e ? UC_ERR_PTR(e) : finish_new(dir, name, len, uid, gid);
}

static struct uc_inode *p9_fs_symlink(struct uc_inode *dir, const char *name, size_t len,
				      const char *target)
{
	struct p9_inode *d = p9_i(dir);
	uint32_t mode = S_IFLNK | 0777, uid, gid;
	uc_vfs_new_owner(dir, &mode, &uid, &gid);
	int e = p9_symlink(p9_c(d), d->fid, name, len, target, gid);
	return e ? UC_ERR_PTR(e) : finish_new(dir, name, len, uid, gid);
}

static int p9_fs_link(struct uc_inode *dir, const char *name, size_t len, struct uc_inode *target)
{
	struct p9_inode *d = p9_i(dir);
	return p9_link(p9_c(d), d->fid, p9_i(target)->fid, name, len);
}

#define P9_COMMON .getattr = p9_fs_getattr, .setattr = p9_fs_setattr, .release = p9_inode_release, \
	.getxattr = p9_getxattr, .listxattr = p9_listxattr, .setxattr = p9_setxattr

const struct uc_inode_ops p9_dir_ops = {
	P9_COMMON,
	.lookup = p9_lookup,
	.create = p9_fs_create,
	.link = p9_fs_link,
	.unlink = p9_unlink,
	.symlink = p9_fs_symlink,
	.rename = p9_rename,
	.open = p9_dir_open,
	.readdir = p9_fs_readdir,
	.revalidate = p9_revalidate,
};
const struct uc_inode_ops p9_file_ops = { P9_COMMON, .open = p9_file_open };
const struct uc_inode_ops p9_link_ops = { P9_COMMON, .readlink = p9_fs_readlink };
const struct uc_inode_ops p9_special_ops = { P9_COMMON };
