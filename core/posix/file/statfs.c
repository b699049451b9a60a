// SPDX-License-Identifier: BSD-3-Clause
#include <asm/statfs.h>
#include <linux/magic.h>
#include <uc/filecall.h>
#include <uc/string.h>
#include <uc/part.h>

UC_NEEDS_PART(statfs);

static long put_statfs(struct uc_super *sb, uint32_t type, uc_uptr ubuf)
{
	struct statfs st;
	int r = 0;

	memset(&st, 0, sizeof(st));
	st.f_bsize = st.f_frsize = (long)UC_PAGE_SIZE;
	st.f_namelen = 255;
	if (sb && sb->statfs)
		r = sb->statfs(sb, &st);
	else
		st.f_type = type == S_IFIFO    ? PIPEFS_MAGIC
			    : type == S_IFSOCK ? SOCKFS_MAGIC
					       : ANON_INODE_FS_MAGIC;
	return r < 0 ? r : uc_user_write(ubuf, &st, sizeof(st));
}

long uc_sys_statfs(uc_uptr path, uc_uptr buf)
{
	struct uc_dentry *d = uc_path_lookup(AT_FDCWD, path, UC_LOOKUP_FOLLOW);
	long r;

	if (UC_IS_ERR(d))
		return UC_PTR_ERR(d);
	r = put_statfs(d->inode->sb, 0, buf);
	uc_dentry_unref(d);
	return r;
}

long uc_sys_fstatfs(unsigned fd, uc_uptr buf)
{
	struct uc_file *f = uc_fget_path((int)fd);
	long r;

	if (!f)
		return -EBADF;
	r = put_statfs(f->inode ? f->inode->sb : NULL, f->inode ? f->inode->mode & S_IFMT : 0, buf);
	uc_file_unref(f);
	return r;
}
