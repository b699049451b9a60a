// SPDX-License-Identifier: BSD-3-Clause
#include <uc/part.h>
#include "vfs_impl.h"

UC_NEEDS_PART(seek);

loff_t uc_file_seek(struct uc_file *f, loff_t off, int whence)
{
	if (f->flags & O_PATH)
		return -EBADF;
	if (!f->ops->seek)
		return -ESPIPE;
	uc_mutex_lock(&f->pos_lock);
	loff_t r = f->ops->seek(f, off, whence);
	uc_mutex_unlock(&f->pos_lock);
	return r;
}
