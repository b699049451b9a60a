// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_FILELOCK_H
#define UC_FILELOCK_H
/*
 * Advisory locks: record locks owned by a descriptor table (POSIX), record locks owned by an open
 * file (OFD) and whole-file locks (flock). Record locks of both kinds exclude each other; flock is
 * apart. Context: thread.
 */
#include <uc/vfs.h>

enum uc_lock_kind { UC_LOCK_POSIX, UC_LOCK_OFD, UC_LOCK_FLOCK };
struct uc_filelock {
	struct uc_list link;        /* inode->flocks */
	struct uc_list owner_link;  /* file->flock_owner; self-linked for POSIX locks */
	enum uc_lock_kind kind;
	const void *owner;          /* struct uc_fdtable or struct uc_file */
	bool write;
	int pid;                    /* for F_GETLK; -1 for OFD locks */
	uint64_t start, end;        /* inclusive; end INT64_MAX: to the end of the file */
};
/* Applies want (a range, kind, owner): locks, or unlocks if !lock. 0, -EAGAIN (would have to wait),
 * -EDEADLK, -ENOLCK, -UC_ERESTARTSYS. f: for owner links of OFD and flock locks. */
int uc_filelock_apply(struct uc_inode *i, struct uc_file *f, const struct uc_filelock *want,
		      bool lock, bool wait);
/* First lock that conflicts, or NULL. */
const struct uc_filelock *uc_filelock_conflict(struct uc_inode *i, const struct uc_filelock *want);
#endif
