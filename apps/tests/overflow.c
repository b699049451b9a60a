// SPDX-License-Identifier: BSD-3-Clause
// A stack overflow is a SIGSEGV that a handler on an alternate stack survives; the stack grows to
// its limit.
#define _GNU_SOURCE
#include "check.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

static sigjmp_buf back;
static volatile long reached;
static char alt[65536];

static void on_segv(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)info;
	(void)context;
	siglongjmp(back, 1);
}

static long deeper(long n)
{
	volatile char frame[16384];
	frame[0] = (char)n;
	frame[16383] = 1;
	reached = n;
	return deeper(n + 1) + frame[0];
}

static void survive(long limit_kib)
{
	reached = 0;
	if (sigsetjmp(back, 1) == 0) {
		deeper(0);
	}
	CHECK(reached * 16 > limit_kib * 3 / 4 && reached * 16 <= limit_kib);
}

static void *in_thread(void *arg)
{
	stack_t ss = { .ss_sp = malloc(65536), .ss_size = 65536 };
	CHECK(sigaltstack(&ss, NULL) == 0);
	survive(*(long *)arg);
	ss.ss_flags = SS_DISABLE;
	sigaltstack(&ss, NULL);
	free(ss.ss_sp);
	return NULL;
}

int main(void)
{
	stack_t ss = { .ss_sp = alt, .ss_size = sizeof(alt) };
	CHECK(sigaltstack(&ss, NULL) == 0);
	struct sigaction sa = { .sa_sigaction = on_segv, .sa_flags = SA_SIGINFO | SA_ONSTACK };
	sigaction(SIGSEGV, &sa, NULL);
	struct rlimit rl;
	CHECK(getrlimit(RLIMIT_STACK, &rl) == 0 && rl.rlim_cur == 8 << 20);
	survive(8192);
	survive(8192);
	long kib = 512;
	pthread_attr_t attr;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 512 << 10);
	pthread_t t;
	CHECK(pthread_create(&t, &attr, in_thread, &kib) == 0);
	pthread_join(t, NULL);
	return check_done();
}
