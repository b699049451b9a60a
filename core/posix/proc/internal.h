// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PROC_INTERNAL_H
#define UC_PROC_INTERNAL_H
/* Shared by the files of this µlib. */
#include <uc/proc.h>

/* Address space used by a thread that has given up its own. */
extern uc_paddr uc_proc_kernel_root;

/* A process with empty lists, registered nowhere. NULL: no memory. */
struct uc_proc *uc_proc_alloc(void);
/* Enters p into the process list and under its parent (NULL: none). */
void uc_proc_link(struct uc_proc *p, struct uc_proc *parent);
/* Undoes both and frees p, which must have no tasks and no resources. */
void uc_proc_free(struct uc_proc *p);
/* A thread of p that will run fn(task); not linked, not started. NULL: no memory. */
struct uc_task *uc_task_alloc(struct uc_proc *p, void (*fn)(void *));
void uc_task_free(struct uc_task *t); /* never started */
void uc_task_link(struct uc_task *t);
void uc_task_unlink(struct uc_task *t);
void uc_task_set_tid(struct uc_task *t, int tid); /* while linked */
/* What execve changes in the process itself: name, command line, credentials. */
void uc_proc_exec_done(struct uc_proc *p, const char *path, char *const argv[],
		       const struct uc_exec_image *img);
/* A number used by no process, thread, group or session. -EAGAIN: all taken. */
int uc_pid_alloc(void);

/* Makes the running task use mm (NULL: none) for its memory accesses. */
void uc_task_use_mm(struct uc_task *t, struct uc_mm *mm);
/* clear_child_tid and robust futexes, before the task leaves its address space. */
void uc_task_release_mm(struct uc_task *t);
/* Lets a parent blocked in vfork go on. */
void uc_proc_vfork_done(struct uc_proc *p);
/* Asks every thread of p but `except` to end; they do on their way out of the kernel. */
void uc_proc_kill_tasks(struct uc_proc *p, struct uc_task *except);
/* The last thread t of p, which is not the first process, has ended: p becomes a zombie or goes.
 * Part `family` (uc/part.h): only images with more processes have it. */
__attribute__((weak)) void uc_proc_leave_family(struct uc_proc *p, struct uc_task *t);
/* Removes a zombie for good, adding its times to its parent. */
void uc_proc_reap(struct uc_proc *p);
/* Tells the parent about an end, stop or continuation. */
void uc_proc_notify_parent(struct uc_proc *p, int code, int status);

/* ---- signal queues ---- */
void uc_sigpending_init(struct uc_sigpending *q);
void uc_sigpending_flush(struct uc_sigpending *q, uc_sigset set);
/* Takes the next signal of `set` from the queue. Its number, or 0. */
int uc_sigpending_take(struct uc_sigpending *q, uc_sigset set, struct uc_siginfo *info);
/* Takes a signal for the current task from its own queue or the process's. */
int uc_signal_take(uc_sigset set, struct uc_siginfo *info);
/* Recomputes whether the task has something to do before it returns to the application. */
void uc_signal_recalc(struct uc_task *t);
struct uc_sighand *uc_sighand_new(void);
struct uc_sighand *uc_sighand_copy(const struct uc_sighand *h);
void uc_sighand_ref(struct uc_sighand *h);
void uc_sighand_unref(struct uc_sighand *h);
/* execve: handlers become default, ignored signals stay ignored. */
void uc_sighand_exec(struct uc_sighand *h);

/* Reads a sigset argument of the rt_ calls: -EINVAL if size is not 8, -EFAULT. */
int uc_sigset_read(uc_sigset *out, uc_uptr p, uint64_t size);
#define UC_SIG_UNBLOCKABLE (uc_sigbit(SIGKILL) | uc_sigbit(SIGSTOP))
#endif
