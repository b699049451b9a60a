// SPDX-License-Identifier: BSD-3-Clause
#include <uc/filecall.h>
#include <uc/filelock.h>

long uc_sys_flock(unsigned fd, unsigned cmd)
{
	struct uc_filelock want = { .kind = UC_LOCK_FLOCK, .start = 0, .end = INT64_MAX };
	unsigned op = cmd & ~(unsigned)LOCK_NB;
	struct uc_file *f;
	int r;

	if (op != LOCK_SH && op != LOCK_EX && op != LOCK_UN)
		return -EINVAL;
	f = uc_fget((int)fd);
	if (!f)
		return -EBADF;
	want.owner = f;
	want.write = op == LOCK_EX;
	r = f->inode ? uc_filelock_apply(f->inode, f, &want, op != LOCK_UN, !(cmd & LOCK_NB))
		     : -EBADF;
	uc_file_unref(f);
	return r;
}
