// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_SYSVIPC_SEM_H
#define UC_SYSVIPC_SEM_H
/* Semaphore sets. No lock: an operation is tried and done without blocking in between. */
#include "ipc.h"
#include <linux/sem.h>

struct sem { uint16_t val; int pid; unsigned ncnt, zcnt; /* sleepers for more, for zero */ };
/* What a process's SEM_UNDO operations on a set amount to. */
struct sem_undo { struct uc_list link; struct uc_proc *proc; int adj[]; };
struct semset {
	struct ipc ipc;               /* first */
	struct uc_waitq q;            /* all sleepers; they look again after each change */
	struct uc_list undos;
	uint32_t refs;                /* 1 while it exists, and one for each sleeper */
	bool removed;
	int64_t otime;
	unsigned n;
	struct sem sem[];
};
extern struct ipc_kind sem_kind;
/* Values changed: sleepers look again. */
void sem_changed(struct semset *s);
void sem_unref(struct semset *s);
/* Drops everybody's undo of semaphore i (-1: all), as SETVAL and SETALL do. */
void sem_forget_undo(struct semset *s, int i);
#endif
