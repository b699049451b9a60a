// SPDX-License-Identifier: BSD-3-Clause
/* The process's signals: forwarded to the guest, or acted on here. */
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "internal.h"

static const int handled[] = {
	SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH, SIGTSTP, SIGCONT, SIGCHLD,
};
#define NHANDLED (sizeof(handled) / sizeof(handled[0]))

/* A signal that was ignored when we started (nohup, a background job) stays ignored. */
static void handled_set(sigset_t *set)
{
	sigemptyset(set);
	for (size_t i = 0; i < NHANDLED; i++) {
		struct sigaction sa;

		if (handled[i] == SIGCHLD || sigaction(handled[i], NULL, &sa) < 0 ||
		    sa.sa_handler != SIG_IGN)
			sigaddset(set, handled[i]);
	}
}

static void dispose(int sig, void (*how)(int))
{
	const struct sigaction sa = { .sa_handler = how };

	sigaction(sig, &sa, NULL);
}

void uc_relay_prepare(void)
{
	sigset_t set;

	handled_set(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	dispose(SIGPIPE, SIG_IGN);
	dispose(SIGCHLD, SIG_DFL); /* inherited "ignore" would make the kernel reap our child */
}

void uc_relay_child_signals(void)
{
	sigset_t none;

	dispose(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

int uc_relay_signals_open(void)
{
	sigset_t set;

	handled_set(&set);
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

/* Ctrl-Z: the VM stands still, the terminal is the shell's until we are continued. */
static void suspend(struct uc_relay *x)
{
	uc_tty_restore(&x->tty);
	if (x->o->vmm_pid)
		kill(x->o->vmm_pid, SIGSTOP);
	kill(getpid(), SIGSTOP); /* stops here, goes on after SIGCONT */
	if (x->o->vmm_pid)
		kill(x->o->vmm_pid, SIGCONT);
	uc_tty_resume(&x->tty);
	uc_relay_send_winsize(x);
}

static void forward(struct uc_relay *x, int sig)
{
	uint32_t n = (uint32_t)sig;

	if (x->ready) {
		uc_relay_send(x, UC_MUX_SIGNAL, 0, &n, sizeof(n));
		return;
	}
	if (sig == SIGCONT)
		return;
	/* Nothing runs yet that could handle it. */
	x->r->signal = sig;
	uc_relay_end(x, UC_END_SIGNAL);
}

static void child(struct uc_relay *x)
{
	siginfo_t si = { 0 };

	if (!x->o->vmm_pid || x->r->vmm_gone)
		return;
	/* WNOWAIT: the caller waits for it (and learns what it used). */
	if (waitid(P_PID, (id_t)x->o->vmm_pid, &si, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	    si.si_pid) {
		x->r->vmm_gone = true;
		x->r->vmm_status = si.si_code == CLD_EXITED ? si.si_status << 8 : si.si_status;
	}
}

void uc_relay_signals(struct uc_relay *x)
{
	struct signalfd_siginfo si;

	while (read(x->sig_fd, &si, sizeof(si)) == (ssize_t)sizeof(si)) {
		int sig = (int)si.ssi_signo;

		if (sig == SIGCHLD)
			child(x);
		else if (sig == SIGWINCH)
			uc_relay_send_winsize(x);
		else if (sig == SIGTSTP)
			suspend(x);
		else if (!x->over)
			forward(x, sig);
		else if (sig != SIGCONT) { /* output is stuck after the end: give up on it */
			x->r->signal = sig;
			x->r->end = UC_END_SIGNAL;
			for (int i = 0; i < 2; i++)
				x->outq[i].len = 0;
		}
	}
}
