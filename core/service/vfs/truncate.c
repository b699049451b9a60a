// SPDX-License-Identifier: BSD-3-Clause
#include <uc/part.h>
#include "vfs_impl.h"

UC_NEEDS_PART(setattr);

int uc_file_truncate(struct uc_file *f, uint64_t size)
{
	if (f->flags & O_PATH)
		return -EBADF;
	if (!f->inode || !UC_ISREG(f->inode) || !uc_file_may_write(f) || !f->inode->ops->setattr)
		return -EINVAL;
	int r = uc_upcall_check_fsize(size);
	if (r)
		return r;
	struct uc_attr a = { .valid = UC_ATTR_SIZE, .size = size };
	r = f->inode->ops->setattr(f->inode, &a);
	if (r == 0)
		uc_file_touched(f, IN_MODIFY);
	return r;
}
