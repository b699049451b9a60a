// SPDX-License-Identifier: BSD-3-Clause
// sleeper [MIB]: writes to that much fresh memory, waits for SIGTERM or SIGINT, says which came,
// and ends with status 5.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static volatile sig_atomic_t caught;

static void on_signal(int sig)
{
	caught = sig;
}

static void fill(size_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED) {
		exit(1);
	}
	for (volatile char *c = p; c < (volatile char *)p + bytes; c += 4096) {
		*c = 1;
	}
}

int main(int argc, char **argv)
{
	struct sigaction sa = { .sa_handler = on_signal };
	sigset_t both, old;
	sigemptyset(&both);
	sigaddset(&both, SIGTERM);
	sigaddset(&both, SIGINT);
	if (argc > 1) {
		fill(strtoul(argv[1], NULL, 10) << 20);
	}
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
