// SPDX-License-Identifier: BSD-3-Clause
#include <uc/filecall.h>

long uc_sys_umask(int mask)
{
	struct uc_fsctx *fs = uc_upcall_fsctx();
	uint32_t old = fs->umask;

	fs->umask = (uint32_t)mask & 0777;
	return old;
}
