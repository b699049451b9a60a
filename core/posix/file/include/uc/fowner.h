// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_FOWNER_H
#define UC_FOWNER_H
/*
 * Signals that a file sends: fcntl(2), "Managing signals".
 * Context: thread; functions do not block.
 */
#include <uc/part.h>
#include <uc/vfs.h>

/* Who gets them: type F_OWNER_*, pid 0: nobody. 0, -ESRCH. */
int uc_fowner_set(struct uc_file *f, int type, int pid);
/* The owner, 0 when it has ended. */
int uc_fowner_pid(const struct uc_file *f);
/* The same with a group as a negative number (F_SETOWN); -EINVAL. */
int uc_fowner_set_signed(struct uc_file *f, int who);
int uc_fowner_get_signed(const struct uc_file *f);
/* SIGURG to the owner, if there is one and who set it may send it signals. */
void uc_fowner_urgent(struct uc_file *f);
/* The signal of asynchronous input and output; reason: POLL_* of asm/siginfo.h. */
void uc_fowner_io(struct uc_file *f, int fd, int reason);
/* O_ASYNC on or off; fd is what the signals will name. 0, -ENOMEM, -ENOTTY (another kind). */
int uc_file_async(struct uc_file *f, int fd, bool on);
/* The ioctl FIOASYNC; a part that an image with fcntl has. */
__attribute__((weak)) long uc_file_fioasync(struct uc_file *f, int fd, uc_uptr arg);
#endif
