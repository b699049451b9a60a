// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PTY_H
#define UC_PTY_H
/* Pseudo-terminals. An optional µlib: others refer to it weakly. Context: thread. */
#include <uc/vfs.h>
/* Opening /dev/tty by a process whose controlling terminal is a pseudo-terminal: f becomes a file
 * of it. 0, -ENXIO: it has none, -EIO. */
__attribute__((weak)) int uc_pty_open_ctty(struct uc_file *f);
#endif
