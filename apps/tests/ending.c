// SPDX-License-Identifier: BSD-3-Clause
// Ends in the way named by its argument; the tests compare the exit status.
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void at_exit(void)
{
	puts("atexit ran");
}

static void *exits(void *arg)
{
	exit(*(int *)arg);
}

static int overflow(int n)
{
	volatile char big[4096];
	memset((char *)big, n, sizeof(big));
	return overflow(n + 1) + big[n & 4095];
}

static void *overflow_thread(void *arg)
{
	(void)arg;
	overflow(0);
	return NULL;
}

static int calls_null(void)
{
	void (*volatile fn)(void) = NULL;
	fn();
	return 0;
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "";
	int n = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 0;
	pthread_t t;
	atexit(at_exit);
	puts("started");
	fflush(stdout);
	if (strcmp(how, "return") == 0)
		return n;
	if (strcmp(how, "exit") == 0)
		exit(n);
	if (strcmp(how, "_exit") == 0)
		_exit(n);
	if (strcmp(how, "abort") == 0)
		abort();
	if (strcmp(how, "raise") == 0)
		raise(n);
	if (strcmp(how, "kill") == 0)
		kill(getpid(), n);
	if (strcmp(how, "null-read") == 0)
		return *(volatile int *)0;
	if (strcmp(how, "null-write") == 0)
		*(volatile int *)0 = n;
	if (strcmp(how, "null-call") == 0)
		return calls_null();
	if (strcmp(how, "overflow") == 0)
		return overflow(0);
	if (strcmp(how, "ill") == 0)
		__builtin_trap();
	if (strcmp(how, "div") == 0) {
		int low = 1, high = 0;
		__asm__ volatile("idivl %2" : "+a"(low), "+d"(high) : "r"(n));
		return low;
	}
	if (strcmp(how, "hlt") == 0)
		__asm__ volatile("hlt");
	if (strcmp(how, "cli") == 0)
		__asm__ volatile("cli");
	if (strcmp(how, "kernel-read") == 0)
		return *(volatile char *)0xffffffff80000000ul;
	if (strcmp(how, "thread-exit") == 0) {
		pthread_create(&t, NULL, exits, &n);
		pthread_join(t, NULL);
	}
	if (strcmp(how, "thread-overflow") == 0) {
		pthread_create(&t, NULL, overflow_thread, NULL);
		pthread_join(t, NULL);
	}
	if (strcmp(how, "main-thread-ends") == 0) {
		pthread_create(&t, NULL, exits, &n);
		pthread_exit(NULL);
	}
	if (strcmp(how, "one-thread") == 0)
		syscall(SYS_exit, n);
	fprintf(stderr, "no way to end called '%s'\n", how);
	return 99;
}
