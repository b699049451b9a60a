// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_SYSVIPC_IPC_H
#define UC_SYSVIPC_IPC_H
/*
 * What the kinds of System V IPC have in common: identifiers, keys and permissions,
 * sysvipc(7). Nothing here blocks. Context: thread.
 */
#include <asm/errno.h>
#include <asm/ipcbuf.h>
#include <linux/ipc.h>
#include <uc/proc.h>
#include <uc/user.h>

#define IPC_MAX 4096u /* objects of a kind */
#define IPC_READ 0444u
#define IPC_WRITE 0222u

struct ipc {
	struct uc_list link;
	int id, key;
	uint32_t uid, gid, cuid, cgid, mode;
	int64_t ctime; /* s since the epoch */
};
struct ipc_kind {
	struct uc_list all;
	unsigned n;
	int last_id;
	/* A new object of `size` with the kind's part filled in, or UC_ERR_PTR. */
	struct ipc *(*create)(uint64_t size);
	/* An existing one is asked for with `size`: 0 or -EINVAL. */
	int (*check)(const struct ipc *o, uint64_t size);
};

/* shmget, semget: identifier or -errno. */
long ipc_get(struct ipc_kind *k, int key, uint64_t size, int flags);
struct ipc *ipc_find(const struct ipc_kind *k, int id);
/* The index-th object of a kind, for SHM_STAT and SEM_STAT. NULL: none. */
struct ipc *ipc_at(const struct ipc_kind *k, int index);
/* want: IPC_READ, IPC_WRITE. 0 or -EACCES. */
int ipc_may(const struct ipc *o, unsigned want);
/* The caller may change or remove it: 0 or -EPERM. */
int ipc_owned(const struct ipc *o);
/* No longer found by key (IPC_RMID of what is in use). */
void ipc_hide(struct ipc *o);
void ipc_remove(struct ipc_kind *k, struct ipc *o);
struct ipc64_perm ipc_perm_of(const struct ipc *o);
void ipc_set(struct ipc *o, const struct ipc64_perm *p);
int64_t ipc_now(void);
#endif
