// SPDX-License-Identifier: BSD-3-Clause
#include "vfs_impl.h"

int uc_vfs_mount(struct uc_super *sb, const char *path)
{
	int r = uc_vfs_mkdir_p(path, 0755);
	if (r)
		return r;
	struct uc_dentry *d =
		uc_vfs_lookup(NULL, NULL, path, UC_LOOKUP_FOLLOW | UC_LOOKUP_DIRECTORY);
	if (UC_IS_ERR(d))
		return (int)UC_PTR_ERR(d);
	r = uc_vfs_mount_at(sb, d);
	uc_dentry_unref(d);
	return r;
}
