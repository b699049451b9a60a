// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/ptrace.h>

#include <unicore/tracer.h>
#include <unicore/util.h>

#define OPTIONS \
	(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | \
	 PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL)

struct session {
	const struct uc_trace_run *run;
	struct uc_trace *out;
	pid_t first;
	struct tracee {
		pid_t tid;
		bool wanted;
	} * tracees;
	size_t ntracees;
	pid_t *denied; /* threads whose call is being kept back */
	size_t ndenied;
	bool steady;
	bool loaded;  /* the call that loads the program has returned */
	bool started; /* the program itself runs: its loader's execve is not its own */
	int output;   /* memory file, or -1 */
};

/* ---- the child ---- */

static void redirect(int output)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0 || dup2(null, 0) < 0 || dup2(output, 1) < 0 || dup2(null, 2) < 0)
		_exit(127);
}

static void become(const struct uc_trace_run *run, int output, int tell)
{
	char **argv = (char **)run->argv;
	const char *file = argv[0];
	int err;

	if (output >= 0)
		redirect(output);
	setpgid(0, run->quiet ? 0 : getpgrp());
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		goto fail;
	raise(SIGSTOP);
	if (run->name)
		argv[0] = (char *)run->name;
	execv(file, argv);
fail:
	err = errno;
	if (write(tell, &err, sizeof(err)) != sizeof(err))
		_exit(126);
	_exit(127);
}

/* ---- keeping a call back ---- */

static size_t denied_at(const struct session *s, pid_t tid)
{
	size_t i = 0;

	while (i < s->ndenied && s->denied[i] != tid)
		i++;
	return i;
}

static void deny(struct session *s, pid_t tid)
{
	struct user_regs_struct r;

	if (ptrace(PTRACE_GETREGS, tid, NULL, &r))
		return;
	r.orig_rax = (unsigned long long)-1;
	if (ptrace(PTRACE_SETREGS, tid, NULL, &r))
		return;
	s->denied = uc_room(s->denied, s->ndenied, sizeof(*s->denied));
	s->denied[s->ndenied++] = tid;
}

static void give_result(struct session *s, pid_t tid, size_t at)
{
	struct user_regs_struct r;

	s->denied[at] = s->denied[--s->ndenied];
	if (ptrace(PTRACE_GETREGS, tid, NULL, &r))
		return;
	r.rax = s->run->deny == UC_DENY_REFUSE ? (unsigned long long)-ENOSYS : 0;
	ptrace(PTRACE_SETREGS, tid, NULL, &r);
}

/* ---- what each thread runs ---- */

static bool runs_wanted(struct session *s, pid_t tid)
{
	char *link = uc_xasprintf("/proc/%ld/exe", (long)tid);
	char *path = uc_readlink_dup(AT_FDCWD, link);
	bool yes = !s->run->wanted || !path || s->run->wanted(s->run->arg, path);

	if (!yes && !s->out->other)
		s->out->other = uc_xstrdup(path);
	free(path);
	free(link);
	return yes;
}

static struct tracee *tracee_of(struct session *s, pid_t tid)
{
	for (size_t i = 0; i < s->ntracees; i++)
		if (s->tracees[i].tid == tid)
			return &s->tracees[i];
	s->tracees = uc_room(s->tracees, s->ntracees, sizeof(*s->tracees));
	s->tracees[s->ntracees] = (struct tracee){ tid, runs_wanted(s, tid) };
	return &s->tracees[s->ntracees++];
}

static void forget(struct session *s, pid_t tid)
{
	struct tracee *t = tracee_of(s, tid);

	*t = s->tracees[--s->ntracees];
}

/* ---- events ---- */

/* What a server does in its loop. */
static bool waits(uint64_t nr)
{
	static const uint16_t calls[] = { SYS_accept,     SYS_accept4,     SYS_poll,
					  SYS_ppoll,      SYS_select,      SYS_pselect6,
					  SYS_epoll_wait, SYS_epoll_pwait, SYS_epoll_pwait2 };

	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (calls[i] == nr)
			return true;
	return false;
}

static void tell_result(struct session *s, pid_t tid, long result)
{
	struct user_regs_struct r;

	if (!s->started || ptrace(PTRACE_GETREGS, tid, NULL, &r))
		return;
	if (s->loaded) /* the first is the execve that loads the program */
		s->run->returned(s->run->arg, tid, (unsigned)r.orig_rax, result);
	s->loaded = true;
}

static void on_call(struct session *s, pid_t tid)
{
	struct ptrace_syscall_info info;
	size_t at = denied_at(s, tid);

	if (ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof(info), &info) <= 0)
		return;
	if (info.op == PTRACE_SYSCALL_INFO_EXIT && at < s->ndenied)
		give_result(s, tid, at);
	else if (info.op == PTRACE_SYSCALL_INFO_EXIT && s->run->returned)
		tell_result(s, tid, (long)info.exit.rval);
	if (info.op != PTRACE_SYSCALL_INFO_ENTRY || !s->started || !tracee_of(s, tid)->wanted)
		return;
	if (info.arch != AUDIT_ARCH_X86_64 || info.entry.nr >= UC_TRACE_CALLS) {
		s->out->foreign = true;
		return;
	}
	s->out->count[info.entry.nr]++;
	s->steady |= waits(info.entry.nr);
	s->out->steady[info.entry.nr] += s->steady;
	if (s->run->deny != UC_DENY_NOTHING && info.entry.nr == s->run->number)
		deny(s, tid);
}

/* The signal to hand on. */
static int on_stop(struct session *s, pid_t tid, int status)
{
	int sig = WSTOPSIG(status), event = status >> 16;

	if (sig == (SIGTRAP | 0x80)) {
		on_call(s, tid);
		return 0;
	}
	if (event == PTRACE_EVENT_EXEC) {
		s->started = true;
		tracee_of(s, tid)->wanted = runs_wanted(s, tid);
	}
	/* A new thread or process begins with a stop of its own. */
	return event || sig == SIGSTOP ? 0 : sig;
}

static void ended(struct session *s, pid_t tid, int status)
{
	forget(s, tid);
	if (tid == s->first)
		s->out->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void follow(struct session *s)
{
	int status;
	pid_t tid;

	while ((tid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
		if (tid < 0)
			continue;
		if (WIFSTOPPED(status))
			ptrace(PTRACE_SYSCALL, tid, NULL, (void *)(long)on_stop(s, tid, status));
		else
			ended(s, tid, status);
	}
}

/* ---- time ---- */

static volatile sig_atomic_t victim, expired;

static void on_alarm(int sig)
{
	(void)sig;
	expired = 1;
	if (victim)
		kill(-victim, SIGKILL);
	if (victim)
		kill(victim, SIGKILL);
}

static timer_t arm(double seconds)
{
	struct sigaction sa = { .sa_handler = on_alarm };
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN };
	struct itimerspec at = {
		.it_value = { (time_t)seconds, (long)((seconds - (time_t)seconds) * 1e9) },
		.it_interval = { 1, 0 },
	};
	timer_t t;

	expired = 0;
	sigaction(SIGRTMIN, &sa, NULL);
	if (timer_create(CLOCK_MONOTONIC, &ev, &t))
		return NULL;
	timer_settime(t, 0, &at, NULL);
	return t;
}

/* ---- */

static void digest(int fd, uint8_t out[32])
{
	struct uc_sha256 h;
	uint8_t buf[65536];
	ssize_t n;

	uc_sha256_init(&h);
	for (off_t at = 0; (n = pread(fd, buf, sizeof(buf), at)) > 0; at += n)
		uc_sha256_add(&h, buf, (size_t)n);
	uc_sha256_end(&h, out);
}

static int watch(struct session *s, int tell)
{
	const double limit = s->run->timeout_s;
	timer_t timer = NULL;
	int status, err = 0;

	if (waitpid(s->first, &status, 0) < 0 || !WIFSTOPPED(status))
		err = ECHILD;
	else if (ptrace(PTRACE_SETOPTIONS, s->first, NULL, OPTIONS))
		err = errno;
	victim = s->first;
	if (limit > 0)
		timer = arm(limit);
	if (!err && !ptrace(PTRACE_SYSCALL, s->first, NULL, NULL))
		follow(s);
	if (limit > 0)
		timer_delete(timer);
	s->out->timed_out = limit > 0 && expired;
	victim = 0;
	if (read(tell, &status, sizeof(status)) == sizeof(status))
		err = status;
	return -err;
}

int uc_trace_program(const struct uc_trace_run *run, struct uc_trace *out)
{
	struct session s = { .run = run, .out = out, .output = -1 };
	int tell[2], rc;

	*out = (struct uc_trace){ .status = -1 };
	if (pipe2(tell, O_CLOEXEC))
		return -errno;
	if (run->quiet)
		s.output = memfd_create("output", MFD_CLOEXEC);
	s.first = fork();
	if (!s.first)
		become(run, s.output, tell[1]);
	close(tell[1]);
	rc = s.first < 0 ? -errno : watch(&s, tell[0]);
	close(tell[0]);
	if (s.output >= 0)
		digest(s.output, out->output);
	if (s.output >= 0)
		close(s.output);
	free(s.denied);
	free(s.tracees);
	return rc;
}
