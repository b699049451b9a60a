// SPDX-License-Identifier: BSD-3-Clause
/* /proc/PID/{stat,statm,status,limits}. */
#include <asm/resource.h>
#include <uc/string.h>
#include <uc/caps.h>
#include "pid_private.h"

char uc_pid_state(const struct uc_task *t)
{
	if (t->proc->zombie)
		return 'Z';
	if (t->proc->stopped)
		return 'T';
	return t->thread.state == UC_THREAD_BLOCKED ? 'S' : 'R';
}

static uc_sigset handled(const struct uc_proc *p, bool ignored)
{
	uc_sigset set = 0;

	for (int s = 1; s <= UC_NSIG; s++) {
		uint64_t h = p->sighand ? p->sighand->act[s - 1].handler : 0;

		if (ignored ? h == 1 : h > 1)
			set |= uc_sigbit(s);
	}
	return set;
}

static const char *task_name(const struct uc_task *t)
{
	return t->thread.name[0] ? t->thread.name : t->proc->comm;
}

struct sizes { uint64_t vm, rss, peak, anon, file, data, stack, text, locked; };

static struct sizes sizes_of(const struct uc_proc *p)
{
	const struct uc_mm *m = p->mm;
	struct sizes s = { 0 };

	if (!m)
		return s;
	s.vm = m->vm_pages;
	s.anon = m->rss_anon;
	s.file = m->rss_file;
	s.rss = m->rss_anon + m->rss_file;
	s.peak = m->peak_rss;
	s.text = UC_PAGE_UP(m->end_code - m->start_code) >> UC_PAGE_SHIFT;
	s.data = (UC_PAGE_UP(m->end_data - m->start_data) + UC_PAGE_UP(m->brk - m->brk_start)) >>
		 UC_PAGE_SHIFT;
	s.stack = 33;
	s.locked = m->locked_pages;
	return s;
}

static void stat_times(struct uc_text *t, const struct uc_task *task, bool thread)
{
	const struct uc_proc *p = task->proc;
	uint64_t ns = thread ? uc_thread_cpu_time(&task->thread) : uc_proc_cpu_ns(p);

	uc_text_printf(t, "%lu 0 %lu 0 %d %d %u 0 %lu ", ns / NS_PER_TICK,
		       p->cpu_children / NS_PER_TICK, 20 + task->nice, task->nice, p->ntasks,
		       p->start_time / NS_PER_TICK);
}

static void stat_memory(struct uc_text *t, const struct uc_proc *p)
{
	static const struct uc_mm none;
	const struct uc_mm *m = p->mm ? p->mm : &none;
	struct sizes s = sizes_of(p);

	uc_text_printf(t, "%lu %lu %lu %lu %lu %lu 0 0 ", (uint64_t)(s.vm * UC_PAGE_SIZE), s.rss,
		       p->rlim[RLIMIT_RSS].cur, m->start_code, m->end_code, m->stack_top);
}

static void stat_signals(struct uc_text *t, const struct uc_task *task)
{
	const struct uc_proc *p = task->proc;
	uint64_t low = 0x7fffffffu; /* the fields are from the time of 31 signals */

	uc_text_printf(t, "%lu %lu %lu %lu 0 0 0 %d 0 %d %d 0 0 0 ",
		       (task->pending.set | p->pending.set) & low, task->blocked & low,
		       handled(p, true) & low, handled(p, false) & low, p->exit_signal,
		       task->sched_prio, task->sched_policy);
}

static int tty_number(const struct uc_proc *p)
{
	return p->ctty > 1 ? 136 << 8 | (p->ctty - 2) : p->ctty ? 5 << 8 | 1 : 0;
}

SHOW(uc_pid_show_stat)
{
	struct uc_task *task = uc_pid_task(k);
	struct uc_text t = { buf, cap, 0 };
	struct uc_proc *p;

	if (!task)
		return -ESRCH;
	p = task->proc;
	uc_text_printf(&t, "%d (%s) %c %d %d %d %d %d %u %lu %lu %lu 0 ", task->tid,
		       task_name(task), uc_pid_state(task), p->ppid, p->pgid, p->sid,
		       tty_number(p), p->ctty ? p->pgid : -1, 0x400000u,
		       p->mm ? p->mm->minflt : 0ul, p->minflt_children,
		       p->mm ? p->mm->majflt : 0ul);
	stat_times(&t, task, k->tid >= 0);
	stat_memory(&t, p);
	stat_signals(&t, task);
	if (p->mm)
		uc_text_printf(&t, "%lu %lu %lu %lu %lu %lu %lu %d\n", p->mm->start_data,
			       p->mm->end_data, p->mm->brk_start, p->mm->arg_start, p->mm->arg_end,
			       p->mm->env_start, p->mm->env_end, p->exit_code);
	else
		uc_text_printf(&t, "0 0 0 0 0 0 0 %d\n", p->exit_code);
	return (ssize_t)t.len;
}

SHOW(uc_pid_show_statm)
{
	struct uc_proc *p = uc_pid_proc(k);
	struct uc_text t = { buf, cap, 0 };
	struct sizes s;

	if (!p)
		return -ESRCH;
	s = sizes_of(p);
	uc_text_printf(&t, "%lu %lu %lu %lu 0 %lu 0\n", s.vm, s.rss, s.file, s.text,
		       s.data + s.stack);
	return (ssize_t)t.len;
}

static void status_ids(struct uc_text *t, const struct uc_proc *p)
{
	int top = -1;

	for (int fd = p->fds ? uc_fd_next(p->fds, 0) : -1; fd >= 0; fd = uc_fd_next(p->fds, fd + 1))
		top = fd;
	uc_text_printf(t, "Uid:\t%u\t%u\t%u\t%u\nGid:\t%u\t%u\t%u\t%u\nFDSize:\t%d\nGroups:\t",
		       p->uid, p->euid, p->suid, p->fsuid, p->gid, p->egid, p->sgid, p->fsgid,
		       (top / 64 + 1) * 64);
	for (unsigned i = 0; i < p->ngroups; i++)
		uc_text_printf(t, "%u ", p->groups[i]);
	uc_text_printf(t, "\nNStgid:\t%d\nNSpid:\t%d\nNSpgid:\t%d\nNSsid:\t%d\n", p->pid, p->pid,
		       p->pgid, p->sid);
}

static void status_memory(struct uc_text *t, const struct uc_proc *p)
{
	struct sizes s = sizes_of(p);
	const struct { const char *name; uint64_t pages;
	} rows[] = {
		{ "VmPeak:", s.vm },    { "VmSize:", s.vm },    { "VmLck:", s.locked },
		{ "VmPin:", 0 },        { "VmHWM:", s.peak },   { "VmRSS:", s.rss },
		{ "RssAnon:", s.anon }, { "RssFile:", s.file }, { "RssShmem:", 0 },
		{ "VmData:", s.data },  { "VmStk:", s.stack },  { "VmExe:", s.text },
		{ "VmLib:", 0 },        { "VmPTE:", 0 },        { "VmSwap:", 0 },
		{ "HugetlbPages:", 0 },
	};

	if (!p->mm)
		return;
	for (unsigned i = 0; i < UC_ARRAY_SIZE(rows); i++)
		uc_text_printf(t, "%s\t%8lu kB\n", rows[i].name, rows[i].pages * 4);
	uc_text_printf(t, "CoreDumping:\t0\nTHP_enabled:\t0\n");
}

static void status_signals(struct uc_text *t, const struct uc_task *task)
{
	const struct uc_proc *p = task->proc;

	uc_text_printf(t,
		       "Threads:\t%u\nSigQ:\t%u/"
		       "%lu\nSigPnd:\t%016lx\nShdPnd:\t%016lx\nSigBlk:\t%016lx\nSigIgn:\t%"
		       "016lx\nSigCgt:\t%016lx\n",
		       p->ntasks, p->pending.count + task->pending.count,
		       p->rlim[RLIMIT_SIGPENDING].cur, task->pending.set, p->pending.set,
		       task->blocked, handled(p, true), handled(p, false));
}

static void status_caps(struct uc_text *t, const struct uc_proc *p)
{
	struct uc_caps c = uc_caps_of(p);

	uc_text_printf(t,
		       "CapInh:\t%016lx\nCapPrm:\t%016lx\nCapEff:\t%016lx\nCapBnd:\t%016lx\nCapAmb:"
		       "\t%016lx\nNoNewPrivs:\t%d\nSeccomp:\t0\n"
		       "Seccomp_filters:\t0\n",
		       c.inheritable, c.permitted, c.effective, c.bounding, c.ambient,
		       p->no_new_privs);
}

static const char *state_word(char c)
{
	switch (c) {
	case 'R': return "R (running)";
	case 'S': return "S (sleeping)";
	case 'T': return "T (stopped)";
	default: return "Z (zombie)";
	}
}

SHOW(uc_pid_show_status)
{
	struct uc_task *task = uc_pid_task(k);
	struct uc_text t = { buf, cap, 0 };
	struct uc_proc *p;

	if (!task)
		return -ESRCH;
	p = task->proc;
	uc_text_printf(&t,
		       "Name:\t%s\nUmask:\t%04o\nState:\t%s\nTgid:\t%d\nNgid:\t0\nPid:\t%d\nPPid:"
		       "\t%d\nTracerPid:\t0\n",
		       task_name(task), p->fs ? p->fs->umask : 0, state_word(uc_pid_state(task)),
		       p->pid, task->tid, p->ppid);
	status_ids(&t, p);
	status_memory(&t, p);
	status_signals(&t, task);
	status_caps(&t, p);
	uc_text_printf(
		&t,
		"Cpus_allowed:\t1\nCpus_allowed_list:\t0\nMems_allowed:\t1\nMems_allowed_list:\t0\n"
		"voluntary_ctxt_switches:\t%lu\nnonvoluntary_ctxt_switches:\t%lu\n",
		task->thread.nvcsw, task->thread.nivcsw);
	return (ssize_t)t.len;
}

static void put_limit(struct uc_text *t, uint64_t v)
{
	if (v == UINT64_MAX)
		uc_text_printf(t, "%-20s ", "unlimited");
	else
		uc_text_printf(t, "%-20lu ", v);
}

SHOW(uc_pid_show_limits)
{
	static const struct { const char *name, *unit; uint8_t which;
	} rows[] = {
		{ "Max cpu time", "seconds", RLIMIT_CPU },
		{ "Max file size", "bytes", RLIMIT_FSIZE },
		{ "Max data size", "bytes", RLIMIT_DATA },
		{ "Max stack size", "bytes", RLIMIT_STACK },
		{ "Max core file size", "bytes", RLIMIT_CORE },
		{ "Max resident set", "bytes", RLIMIT_RSS },
		{ "Max processes", "processes", RLIMIT_NPROC },
		{ "Max open files", "files", RLIMIT_NOFILE },
		{ "Max locked memory", "bytes", RLIMIT_MEMLOCK },
		{ "Max address space", "bytes", RLIMIT_AS },
		{ "Max file locks", "locks", RLIMIT_LOCKS },
		{ "Max pending signals", "signals", RLIMIT_SIGPENDING },
		{ "Max msgqueue size", "bytes", RLIMIT_MSGQUEUE },
		{ "Max nice priority", "", RLIMIT_NICE },
		{ "Max realtime priority", "", RLIMIT_RTPRIO },
		{ "Max realtime timeout", "us", RLIMIT_RTTIME },
	};
	struct uc_proc *p = uc_pid_proc(k);
	struct uc_text t = { buf, cap, 0 };

	if (!p)
		return -ESRCH;
	uc_text_printf(&t, "%-25s %-20s %-20s %-10s\n", "Limit", "Soft Limit", "Hard Limit",
		       "Units");
	for (unsigned i = 0; i < UC_ARRAY_SIZE(rows); i++) {
		uc_text_printf(&t, "%-25s ", rows[i].name);
		put_limit(&t, p->rlim[rows[i].which].cur);
		put_limit(&t, p->rlim[rows[i].which].max);
		uc_text_printf(&t, "%-10s\n", rows[i].unit);
	}
	return (ssize_t)t.len;
}
