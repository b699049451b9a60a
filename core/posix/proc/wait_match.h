// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PROC_WAIT_MATCH_H
#define UC_PROC_WAIT_MATCH_H
/* Which children a wait call means: wait(2). Pure. */
#include <asm/signal.h>
#include <linux/wait.h>
#include <uc/types.h>

struct uc_wait_sel { int type, id; unsigned options; }; /* type: P_ALL, P_PID, P_PGID */

static inline bool uc_wait_matches(const struct uc_wait_sel *s, int pid, int pgid, int exit_signal)
{
	if (s->type == P_PID && pid != s->id)
		return false;
	if (s->type == P_PGID && pgid != s->id)
		return false;
	if (s->options & __WALL)
		return true;
	return (exit_signal != SIGCHLD) == !!(s->options & __WCLONE);
}

/* The pid argument of wait4: < -1 a group, -1 any, 0 the caller's group, > 0 one process. */
static inline void uc_wait_sel_pid(struct uc_wait_sel *s, int pid, int my_pgid)
{
	s->type = pid == -1 ? P_ALL : pid > 0 ? P_PID : P_PGID;
	s->id = pid > 0 ? pid : pid == 0 ? my_pgid : -pid;
}
#endif
