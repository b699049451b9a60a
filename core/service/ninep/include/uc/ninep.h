// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_NINEP_H
#define UC_NINEP_H
/*
 * Host folders: a 9P2000.L client (QEMU -virtfs) as a file system. Names and data are always the
 * host's (nothing is cached but pages that are mapped). Context: thread; blocks.
 */
#include <uc/types.h>
/* Mounts the folder that the host exports under `tag` at `path` (created if missing).
 * 0, -ENODEV (no such tag), -EPROTO (not a 9P2000.L server), or the server's error. */
int uc_ninep_mount(const char *tag, const char *path, bool ro);
/* Drops pages that no mapping uses. Whether memory was freed. Does not block. For reclaim. */
bool uc_ninep_reclaim(void);
/* Before power-off: writes back mapped pages, removes files whose unlinking waits for a close. */
void uc_ninep_shutdown(void);
#endif
