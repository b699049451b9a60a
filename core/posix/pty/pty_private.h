// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PTY_PRIVATE_H
#define UC_PTY_PRIVATE_H
/*
 * Pseudo-terminals: pty(7). A pair lives while its master or a file of its slave is open; the
 * slave's inode in /dev/pts is part of it. Nothing between two waits blocks, so no locks.
 */
#include <asm/errno.h>
#include <uc/ttyjob.h>
#include <uc/vfs.h>
#include "ldisc.h"

#define PTY_MAX 4096
#define PTY_MAJOR 136u

struct pty_size { uint16_t rows, cols, xpixel, ypixel; };
struct pty {
	struct uc_inode inode;       /* first; its references keep the pair */
	struct uc_list link;         /* pairs with an open master */
	int n;
	bool hung_up;                /* the master is closed */
	bool locked;                 /* not unlocked by TIOCSPTLCK yet */
	unsigned opens;              /* files of the slave */
	bool was_open;
	int64_t mtime;
	struct uc_ttyjob job;
	struct pty_size size;
	struct ldisc l;
	struct uc_waitq master, slave; /* who reads, writes or polls on that side */
};
extern const struct uc_file_ops pty_slave_ops, pty_master_ops;
extern struct uc_list pty_all;

static inline struct pty *pty_of(const struct uc_inode *i) { return (struct pty *)i; }
/* A new pair, with the reference of its master; or UC_ERR_PTR. */
struct pty *pty_new(void);
/* The master is closed: takes the pair out of /dev/pts and drops that reference. */
void pty_gone(struct pty *p);
int pty_devpts_mount(void);
/* f becomes a file of p's slave. 0, -EIO. */
int pty_open_slave(struct pty *p, struct uc_file *f);
long pty_ioctl(struct pty *p, struct uc_file *f, bool master, unsigned cmd, uc_uptr arg);
/* Both sides look again. */
void pty_changed(struct pty *p);
/* Sends a signal to the foreground group. */
void pty_signal(const struct pty *p, int sig);
#endif
