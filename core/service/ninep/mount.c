// SPDX-License-Identifier: BSD-3-Clause
#include <asm/statfs.h>
#include <uc/init.h>
#include <uc/log.h>
#include <uc/ninep.h>
#include <uc/plat.h>
#include "p9_fs.h"

#define DATA_MAX       524288u
#define DATA_MIN       16384u
#define DATA_RAM_SHARE 64u
#define MS_RDONLY_FLAG 1ul

static struct p9_super *mounts;

/* Bytes in one message: larger is faster, but the memory for it must be there. */
static uint32_t data_size(void)
{
	uint64_t share = uc_plat_ram_bytes() / DATA_RAM_SHARE;
	uint32_t n = DATA_MIN;
	while (n < DATA_MAX && n * 2 <= share)
		n *= 2;
	return n;
}

static int p9_fs_statfs(struct uc_super *sb, void *out)
{
	struct p9_inode *root = p9_i(sb->root);
	struct p9_statfs f;
	enum { V9FS_MAGIC = 0x01021997 };
	int e = p9_statfs(p9_c(root), root->fid, &f);
	if (e)
		return e;
	struct statfs st = {
		.f_type = V9FS_MAGIC, .f_bsize = f.bsize, .f_frsize = f.bsize, .f_blocks = f.blocks,
		.f_bfree = f.bfree, .f_bavail = f.bavail, .f_files = f.files, .f_ffree = f.ffree,
		.f_namelen = UC_MIN(f.namelen, P9_NAME_MAX),
		.f_fsid = { .val = { (int)f.fsid, (int)(f.fsid >> 32) } },
	};
	memcpy(out, &st, sizeof(st));
	return 0;
}

/* Writes back every mapped file once. Files that appear meanwhile come after the ones here now. */
static int p9_fs_sync(struct uc_super *sb)
{
	struct p9_super *s = UC_CONTAINER(sb, struct p9_super, sb);
	unsigned count = 0;
	int first = 0;
	UC_LIST_FOREACH(it, &s->mapped)
		count++;
	while (count-- && !uc_list_empty(&s->mapped)) {
		struct p9_inode *p = UC_LIST_ENTRY(s->mapped.next, struct p9_inode, mapped_link);
		uc_list_remove(&p->mapped_link);
		uc_list_push_back(&s->mapped, &p->mapped_link);
		uc_inode_ref(&p->i);
		int e = p9_pages_write_back(p, 0, UINT64_MAX);
		uc_inode_unref(&p->i);
		first = first ? first : e;
	}
	return first;
}

static void unlink_mount(struct p9_super *s)
{
	for (struct p9_super **at = &mounts; *at; at = &(*at)->next) {
		if (*at == s) {
			*at = s->next;
			return;
		}
	}
}

static void p9_fs_kill(struct uc_super *sb)
{
	struct p9_super *s = UC_CONTAINER(sb, struct p9_super, sb);
	unlink_mount(s);
	uc_inode_unref(sb->root);
	/* Fids are given up in the background: their replies still need the client. */
	UC_WAIT_EVENT(&s->c.tag_wait, !s->c.tags, UC_FOREVER, false);
	p9_disconnect(&s->c);
	uc_heap_free(s);
}

static int attach(struct p9_super *s)
{
	struct p9_qid q;
	uint32_t fid;
	int e = p9_fid_alloc(&s->c, &fid);
	if (!e)
		e = p9_attach(&s->c, fid, &q);
	if (e)
		return e;
	struct uc_inode *root = p9_iget(s, fid);
	if (UC_IS_ERR(root))
		return UC_PTR_ERR(root);
	s->sb.root = root;
	if ((root->mode & S_IFMT) == S_IFDIR)
		return 0;
	uc_inode_unref(root);
	return -ENOTDIR;
}

static struct p9_super *super_new(const char *tag, bool ro)
{
	struct p9_super *s = uc_heap_zalloc(sizeof(*s));
	if (!s)
		return UC_ERR_PTR(-ENOMEM);
	s->sb = (struct uc_super){ .type = "9p",
				   .readonly = ro,
				   .statfs = p9_fs_statfs,
				   .sync = p9_fs_sync,
				   .kill = p9_fs_kill };
	uc_list_init(&s->mapped);
	uc_list_init(&s->parked);
	int e = p9_connect(&s->c, tag, data_size());
	if (!e) {
		e = attach(s);
		if (!e) {
			s->next = mounts;
			mounts = s;
			return s;
		}
		UC_WAIT_EVENT(&s->c.tag_wait, !s->c.tags, UC_FOREVER, false);
		p9_disconnect(&s->c);
	}
	uc_heap_free(s);
	return UC_ERR_PTR(e);
}

int uc_ninep_mount(const char *tag, const char *path, bool ro)
{
	struct p9_super *s = super_new(tag, ro);
	if (UC_IS_ERR(s))
		return UC_PTR_ERR(s);
	int e = uc_vfs_mount(&s->sb, path);
	if (e)
		p9_fs_kill(&s->sb);
	return e;
}

bool uc_ninep_reclaim(void)
{
	bool any = false;
	for (struct p9_super *s = mounts; s; s = s->next) {
		UC_LIST_FOREACH_SAFE(it, &s->mapped)
			any |= p9_pages_drop(UC_LIST_ENTRY(it, struct p9_inode, mapped_link),
					     false);
	}
	return any;
}

void uc_ninep_shutdown(void)
{
	for (struct p9_super *s = mounts; s; s = s->next) {
		p9_fs_sync(&s->sb);
		UC_LIST_FOREACH_SAFE(it, &s->parked) {
			struct p9_inode *p = UC_LIST_ENTRY(it, struct p9_inode, parked_link);
			p9_unlinkat(&s->c, p9_i(s->sb.root)->fid, p->parked, strlen(p->parked),
				    false);
			uc_list_remove(&p->parked_link);
		}
	}
}

/* ---- mount(2) ---- */

static struct uc_super *fs_mount(const char *source, unsigned long flags, const char *data)
{
	/* Options are accepted only as the defaults that this client has. */
	static const char *const known[] = { "trans=" UC_P9_TRANSPORT, "version=9p2000.L",
					     "cache=none", "access=user" };
	while (data && *data) {
		const char *end = strchr(data, ',');
		size_t n = end ? (size_t)(end - data) : strlen(data);
		bool ok = !n || (n > 6 && !strncmp(data, "msize=", 6));
		for (unsigned i = 0; i < UC_ARRAY_SIZE(known); i++)
			ok |= n == strlen(known[i]) && !memcmp(data, known[i], n);
		if (!ok)
			return UC_ERR_PTR(-EINVAL);
		data += n + (end ? 1 : 0);
	}
	struct p9_super *s = super_new(source, flags & MS_RDONLY_FLAG);
	return UC_IS_ERR(s) ? (void *)s : &s->sb;
}

static struct uc_fstype p9_fstype = { .name = "9p", .mount = fs_mount, .nodev = true };

static int ninep_init(void)
{
	uc_vfs_register_fs(&p9_fstype);
	return 0;
}
UC_INITCALL(UC_STAGE_FS, ninep_init);
