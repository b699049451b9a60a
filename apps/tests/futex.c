// SPDX-License-Identifier: BSD-3-Clause
// The futex call itself: mismatch, time-outs, wake counts, requeue, bit sets, priority inheritance.
#define _GNU_SOURCE
#include "check.h"

#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int word, other, elsewhere, woken;

static long futex(int *u, int op, int val, const void *timeout, int *u2, int val3)
{
	return syscall(SYS_futex, u, op, val, timeout, u2, val3);
}

static void *waits(void *arg)
{
	int mask = (int)(intptr_t)arg;
	if (mask) {
		CHECK(futex(&word, FUTEX_WAIT_BITSET_PRIVATE, 0, NULL, NULL, mask) == 0);
	} else {
		CHECK(futex(&word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0) == 0);
	}
	__atomic_fetch_add(&woken, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

/* How many wait for word: they are moved to another one and back. */
static long waiting(void)
{
	futex(&word, FUTEX_CMP_REQUEUE_PRIVATE, 0, (void *)(long)INT_MAX, &elsewhere, 0);
	return futex(&elsewhere, FUTEX_CMP_REQUEUE_PRIVATE, 0, (void *)(long)INT_MAX, &word, 0);
}

static void start(pthread_t *t, int n, int mask)
{
	long before = waiting();
	for (int i = 0; i < n; i++) {
		pthread_create(&t[i], NULL, waits, (void *)(intptr_t)mask);
	}
	while (waiting() != before + n)
		usleep(1000);
}

int main(void)
{
	pthread_t t[8];
	struct timespec ms20 = { 0, 20000000 }, a, b;
	CHECK_ERR(futex(&word, FUTEX_WAIT_PRIVATE, 1, NULL, NULL, 0), EAGAIN);
	clock_gettime(CLOCK_MONOTONIC, &a);
	CHECK_ERR(futex(&word, FUTEX_WAIT_PRIVATE, 0, &ms20, NULL, 0), ETIMEDOUT);
	clock_gettime(CLOCK_MONOTONIC, &b);
	CHECK((b.tv_sec - a.tv_sec) * 1000000000L + b.tv_nsec - a.tv_nsec >= 20000000);
	CHECK_ERR(futex(&word, FUTEX_WAIT_BITSET_PRIVATE, 0, &a, NULL, -1), ETIMEDOUT);
	CHECK_ERR(futex(&word, FUTEX_WAIT_BITSET_PRIVATE, 0, NULL, NULL, 0), EINVAL);
	CHECK_ERR(futex((int *)8, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0), EFAULT);
	CHECK_ERR(futex((int *)((char *)&word + 1), FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0), EINVAL);
	CHECK_ERR(futex(&word, 77, 0, NULL, NULL, 0), ENOSYS);
	CHECK(futex(&word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0) == 0);

	start(t, 5, 0);
	CHECK(futex(&word, FUTEX_WAKE_PRIVATE, 2, NULL, NULL, 0) == 2);
	CHECK_ERR(futex(&word, FUTEX_CMP_REQUEUE_PRIVATE, 1, (void *)1, &other, 7), EAGAIN);
	CHECK(futex(&word, FUTEX_CMP_REQUEUE_PRIVATE, 1, (void *)1, &other, 0) == 2);
	CHECK(futex(&word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0) == 1);
	CHECK(futex(&other, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0) == 1);
	for (int i = 0; i < 5; i++)
		pthread_join(t[i], NULL);
	CHECK(woken == 5);

	start(t, 1, 1);
	start(t + 1, 1, 2);
	CHECK(futex(&word, FUTEX_WAKE_BITSET_PRIVATE, INT_MAX, NULL, NULL, 4) == 0);
	CHECK(futex(&word, FUTEX_WAKE_BITSET_PRIVATE, INT_MAX, NULL, NULL, 2) == 1);
	CHECK(futex(&word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0) == 1);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);

	start(t, 1, 0);
	int op = FUTEX_OP(FUTEX_OP_ADD, 3, FUTEX_OP_CMP_EQ, 0);
	other = 0;
	CHECK(futex(&word, FUTEX_WAKE_OP_PRIVATE, 1, (void *)1, &other, op) == 1 && other == 3);
	pthread_join(t[0], NULL);

	/* Shared between processes. */
	int *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid = fork();
	if (pid == 0) {
		while (futex(shared, FUTEX_WAKE, 1, NULL, NULL, 0) != 1)
			usleep(1000); /* until the parent waits */
		*shared = 1;
		futex(shared, FUTEX_WAKE, 1, NULL, NULL, 0);
		_exit(0);
	}
	while (*shared == 0) {
		futex(shared, FUTEX_WAIT, 0, NULL, NULL, 0);
	}
	int status;
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);

	pthread_mutexattr_t ma;
	pthread_mutex_t pi;
	pthread_mutexattr_init(&ma);
	pthread_mutexattr_setprotocol(&ma, PTHREAD_PRIO_INHERIT);
	CHECK(pthread_mutex_init(&pi, &ma) == 0);
	CHECK(pthread_mutex_lock(&pi) == 0 && pthread_mutex_unlock(&pi) == 0);
	return check_done();
}
