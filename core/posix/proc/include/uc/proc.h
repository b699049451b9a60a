// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PROC_H
#define UC_PROC_H
/*
 * Processes and their threads (tasks) with Linux semantics. A unikernel usually has one process;
 * fork and execve give more, each with its own address space.
 * Context: thread.
 */
#include <asm/resource.h>
#include <asm/siginfo.h>
#include <asm/signal.h>
#include <uc/exec.h>
#include <uc/list.h>
#include <uc/sched.h>
#include <uc/time.h>
#include <uc/vfs.h>
#include <uc/vm.h>

#define UC_NSIG 64
typedef uint64_t uc_sigset; /* bit n-1 is signal n */
static inline uc_sigset uc_sigbit(int sig) { return 1ull << (sig - 1); }
struct uc_sigaction { uint64_t handler, flags, restorer, mask; }; /* layout of rt_sigaction(2) */
struct uc_siginfo { uint8_t raw[128]; };                          /* Linux siginfo_t */
struct uc_sigpending { uc_sigset set; struct uc_list queue; unsigned count; };
struct uc_sighand { uint32_t refs; struct uc_sigaction act[UC_NSIG]; };
/* What continues an interrupted call with an adjusted timeout (UC_ERESTART_BLOCK): the call sets fn
 * and args, returns -UC_ERESTART_BLOCK; restart_syscall calls fn. Cleared before fn runs. */
struct uc_restart { long (*fn)(struct uc_restart *b); uint64_t arg[6]; };
/* A vfork in progress, on the parent's kernel stack. */
struct uc_vfork { struct uc_waitq q; bool done; };

/* set: a process has asked for sets of its own; else its user number decides (uc/caps.h). */
struct uc_caps {
	uint64_t effective, permitted, inheritable, bounding, ambient;
	uint32_t securebits;
	bool set, keep;
};

struct uc_proc {
	int pid, ppid, pgid, sid;
	struct uc_list all_link;          /* uc_proc_list */
	struct uc_list tasks;             /* live threads */
	unsigned ntasks;
	struct uc_proc *parent; struct uc_list children, child_link;
	struct uc_mm *mm;
	struct uc_fdtable *fds; struct uc_fsctx *fs; struct uc_sighand *sighand;
	struct uc_sigpending pending;     /* process-directed */
	struct uc_waitq child_wait;       /* wait4 */
	struct uc_waitq sig_wait;         /* signalfd: woken when a signal is queued */
	struct uc_waitq stop_wait;        /* stopped tasks; execve awaiting the end of the others */
	bool exiting, zombie, stopped; struct uc_vfork *vfork_done;
	int stop_code, stop_pending;      /* wait status of the last stop; not yet waited for */
	bool cont_pending;                /* continued, not yet waited for */
	struct uc_task *exec_task;        /* the thread that runs execve and outlives the others */
	int exit_code;                    /* wait status */
	int exit_signal;                  /* sent to the parent, usually SIGCHLD */
	uint32_t uid, euid, suid, fsuid, gid, egid, sgid, fsgid;
	uint32_t groups[32];
	unsigned ngroups;
	struct { uint64_t cur, max; } rlim[16];
	struct uc_timer itimer_real; uc_nsec itimer_interval; struct uc_list posix_timers;
	uc_nsec start_time, cpu_dead /* of ended threads */, cpu_children; uint64_t minflt_children;
	char comm[16]; char *cmdline; size_t cmdline_len;
	struct uc_caps caps;
	bool dumpable, no_new_privs, execed, subreaper, no_thp; int pdeath_sig;
	int ctty; /* controlling terminal: 0 none, 1 the console, 2 + n pseudo-terminal n */
	uint32_t membarrier;              /* registered commands; fork inherits, execve clears */
	struct uc_pidfd *pidfd;           /* shared by the descriptors for it; NULL: none */
};
struct uc_task {
	struct uc_thread thread;          /* first member */
	struct uc_proc *proc; struct uc_list link;
	struct uc_list hash_link;         /* by tid */
	int tid;
	uc_sigset blocked, saved_mask; bool restore_mask; /* sigsuspend, ppoll */
	uc_sigset real_blocked;           /* during rt_sigtimedwait */
	struct uc_sigpending pending;
	uint64_t altstack_sp, altstack_size; uint32_t altstack_flags;
	uc_uptr clear_child_tid, robust_list; uint64_t robust_len;
	uc_uptr rseq; uint32_t rseq_len, rseq_sig;
	struct uc_restart restart;
	struct { uint64_t addr, err, trapno; } fault; /* last one, for the signal frame */
	struct uc_vfork *vfork_wait;      /* this thread waits for a vfork child */
	bool exiting; int sched_policy, sched_prio, nice;
	uint16_t ioprio; /* as in ioprio_set(2); 0: none of its own */
};
static inline struct uc_task *uc_task_current(void)
{
	return (struct uc_task *)uc_thread_current();
}
static inline struct uc_proc *uc_proc_current(void) { return uc_task_current()->proc; }
/* NULL on kernel threads (and the boot thread): they have no address space of their own. */
static inline struct uc_task *uc_task_try_current(void)
{
	struct uc_thread *t = uc_thread_current();
	return t && t->pt_root ? (struct uc_task *)t : NULL;
}
extern struct uc_list uc_proc_list;
extern struct uc_proc *uc_proc_init; /* pid 1: its end ends the machine */
struct uc_proc *uc_proc_find(int pid);
struct uc_task *uc_task_find(int tid);

/* Hooks of optional µlibs, set by their UC_INITCALL when linked in; else NULL. */
struct uc_proc_hooks {
	/* Thread ends (or execve drops its memory), address space still active: robust futexes. */
	void (*robust_exit)(struct uc_task *t);
	/* Wakes one waiter of the futex at addr in the current address space (clear_child_tid). */
	void (*futex_wake)(uc_uptr addr);
	/* Deletes p->posix_timers (exit, execve). */
	void (*timers_drop)(struct uc_proc *p);
	/* p, a session's leader with a controlling terminal, ends. */
	void (*session_end)(struct uc_proc *p);
	/* p ends: undoes its semaphore operations. */
	void (*sem_exit)(struct uc_proc *p);
	/* A signal with si_code SI_TIMER is taken from a queue: fills si_overrun, re-arms it. */
	void (*timer_signal)(struct uc_siginfo *info);
	/* A signal handler is about to run (or another thread was preferred) at r: leaves a
	 * restartable sequence of the current task through its abort handler. */
	void (*rseq_interrupt)(struct uc_regs *r);
};
extern struct uc_proc_hooks uc_proc_hooks;

/* Gives p a descriptor table of its own, a copy of the one it shared. 0 or -ENOMEM. Context: a
 * thread of p. May block. */
int uc_proc_unshare_fds(struct uc_proc *p);
/* Boot: creates the first process without a program (uc_proc_init, pid 1), so that its streams can
 * be opened in uc_proc_init->fds. 0 or -ENOMEM. */
int uc_proc_prepare_init(void);
/* Boot: loads the program into the first process (prepared here if need be) and starts it; the
 * calling boot thread ends. Returns only on failure: -errno, the program cannot be started. */
int uc_proc_start_init(const char *path, char *const argv[], char *const envp[], const char *cwd,
		       uint32_t uid, uint32_t gid, uint32_t umask);
/* Ends the current process with a wait status ((exit code & 0xff) << 8, or a signal number). */
UC_NORETURN void uc_proc_exit_group(int wait_status);
/* Ends the current thread only; the last one ends the process with wait_status. */
UC_NORETURN void uc_task_exit(int wait_status);
/* CPU time of all threads of p, past and present. */
uc_nsec uc_proc_cpu_ns(const struct uc_proc *p);
/* Bound by core/boot: the first process ended, so the machine does. Its output has been closed. */
UC_NORETURN void uc_upcall_init_exited(int wait_status);

/* ---- signals ---- */
/* Sends sig (0: only checks) with info (NULL: kernel-generated SI_KERNEL). 0, -ESRCH, -EAGAIN. */
int uc_signal_proc(struct uc_proc *p, int sig, const struct uc_siginfo *info);
int uc_signal_task(struct uc_task *t, int sig, const struct uc_siginfo *info);
int uc_signal_pgrp(int pgid, int sig, const struct uc_siginfo *info);
/* A fault signal in the current thread: forced (unblocked, default action if ignored). The caller
 * has filled the task's `fault` record. Takes effect at the return to the application. */
void uc_signal_force(int sig, int code, uint64_t addr);
/* A deliverable signal is pending for the current task. */
bool uc_signal_pending(void);
/* Fills info for a signal sent by a process (SI_USER, SI_TKILL, SI_QUEUE ...) or by the kernel. */
void uc_siginfo_user(struct uc_siginfo *info, int sig, int code, int pid, uint32_t uid);
/* Replaces the blocked set of the current task (SIGKILL and SIGSTOP are left out). */
void uc_signal_set_blocked(uc_sigset set);
/* ppoll, pselect6, epoll_pwait: sets the mask until the call returns; uc_signal_deliver puts the
 * old one back (after a handler, if one runs). Call uc_signal_end_mask(interrupted) at the end. */
void uc_signal_begin_mask(uc_sigset set);
void uc_signal_end_mask(bool interrupted);
/* Return value for an interrupted call; turned into a restart or -EINTR on the way out. */
#define UC_ERESTARTSYS   512 /* restart if SA_RESTART, else -EINTR */
#define UC_ERESTARTNOINTR 513 /* always restart */
#define UC_ERESTARTNOHAND 514 /* restart only if no handler ran */
#define UC_ERESTART_BLOCK 516 /* restart with an adjusted timeout, else -EINTR */
/* Called by the attention upcall: delivers what is pending. May not return (default action). */
void uc_signal_deliver(struct uc_regs *r);

/* Report of a fatal fault in the application to the log: registers, backtrace, mapping. */
void uc_report_fault(struct uc_task *t, const struct uc_regs *r, int sig, int code, uint64_t addr);

/* Something not implemented was asked for: counted, named in the log once, and with strict=1 the
 * machine stops with UC_EXIT_STRICT (uc_upcall_strict_stop).
 * What: "ioctl 0x5401", "fcntl 1040", "clone flags 0x…". Returns err. */
long uc_unsupported(long err, const char *fmt, ...) UC_PRINTF(2, 3);
/* The same for a part (uc/part.h) that the image was linked without. */
#define uc_not_linked(err, ...) uc_unsupported(err, "not linked: " __VA_ARGS__)
extern bool uc_strict;                          /* bootparam strict=1 */
uint64_t uc_unsupported_count(void);            /* how often it was called */
UC_NORETURN void uc_upcall_strict_stop(void);   /* bound by core/boot */
#endif
