// SPDX-License-Identifier: BSD-3-Clause
// A program that computes does not keep others from running, also when it was alone before.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static atomic_int go, answers;

static void compute(long ms)
{
	struct timespec a, b;
	clock_gettime(CLOCK_MONOTONIC, &a);
	do
		clock_gettime(CLOCK_MONOTONIC, &b);
	while ((b.tv_sec - a.tv_sec) * 1000 + (b.tv_nsec - a.tv_nsec) / 1000000 < ms);
}

static void *answer(void *arg)
{
	while (!atomic_load(&go)) /* spins while the others do */
		;
	atomic_fetch_add(&answers, 1);
	return arg;
}

static void threads_that_spin(void)
{
	pthread_t t[3];
	compute(30); /* the only thread for several slices */
	for (int i = 0; i < 3; i++)
		CHECK(pthread_create(&t[i], NULL, answer, NULL) == 0);
	compute(30);
	atomic_store(&go, 1);
	while (atomic_load(&answers) < 3)
		;
	for (int i = 0; i < 3; i++)
		CHECK(pthread_join(t[i], NULL) == 0);
}

static void a_sleeper_wakes_beside_a_spinner(void)
{
	atomic_int *woke =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(woke != MAP_FAILED);
	pid_t pid = fork();
	if (pid == 0) {
		usleep(20000);
		atomic_store(woke, 1);
		_exit(0);
	}
	while (!atomic_load(woke))
		;
	CHECK(waitpid(pid, NULL, 0) == pid);
}

int main(void)
{
	threads_that_spin();
	a_sleeper_wakes_beside_a_spinner();
	return check_done();
}
