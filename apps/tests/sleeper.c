// SPDX-License-Identifier: BSD-3-Clause
// Waits for SIGTERM or SIGINT, says which came, and ends with status 5.
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static volatile sig_atomic_t caught;

static void on_signal(int sig)
{
	caught = sig;
}

int main(void)
{
	struct sigaction sa = { .sa_handler = on_signal };
	sigset_t both, old;
	sigemptyset(&both);
	sigaddset(&both, SIGTERM);
	sigaddset(&both, SIGINT);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	sigprocmask(SIG_BLOCK, &both, &old);
	puts("ready");
	fflush(stdout);
	while (!caught) {
		sigsuspend(&old);
	}
	printf("caught %s\n", caught == SIGTERM ? "TERM" : "INT");
	return 5;
}
