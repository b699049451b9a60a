// SPDX-License-Identifier: BSD-3-Clause
// POSIX threads: creation, joining, mutexes, conditions, barriers, thread-local storage,
// cancellation.
#define _GNU_SOURCE
#include "check.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define N 8
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static pthread_rwlock_t rw = PTHREAD_RWLOCK_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static __thread int local = 5;
static __thread char zeroed[1000];
static int counter, turn, once_runs, destroyed, tids[N];

static void init_once(void)
{
	once_runs++;
	sched_yield();
}

static void destroy(void *p)
{
	__atomic_fetch_add(&destroyed, *(int *)p, __ATOMIC_SEQ_CST);
	free(p);
}

static void *worker(void *arg)
{
	long n = (long)arg;
	CHECK(local == 5 && zeroed[999] == 0);
	local += (int)n;
	pthread_once(&once, init_once);
	int *mine = malloc(sizeof(int));
	*mine = 1;
	pthread_setspecific(key, mine);
	tids[n] = (int)syscall(SYS_gettid);
	for (int i = 0; i < 1000; i++) {
		pthread_mutex_lock(&lock);
		int seen = counter;
		if (i % 100 == 0)
			sched_yield();
		counter = seen + 1;
		pthread_mutex_unlock(&lock);
	}
	pthread_barrier_wait(&barrier);
	pthread_mutex_lock(&lock);
	while (turn != n) {
		pthread_cond_wait(&changed, &lock);
	}
	turn++;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	pthread_rwlock_rdlock(&rw);
	CHECK(local == 5 + (int)n);
	pthread_rwlock_unlock(&rw);
	return (void *)(n * n);
}

static void *sleeper(void *arg)
{
	(void)arg;
	for (;;) {
		pause();
	}
	return NULL;
}

static void *dies_locked(void *arg)
{
	pthread_mutex_lock(arg);
	return NULL;
}

static void *does_nothing(void *arg)
{
	return arg;
}

static void *posts(void *arg)
{
	for (int i = 0; i < 100; i++) {
		sem_post(arg);
	}
	return NULL;
}

int main(void)
{
	pthread_t t[N];
	pthread_barrier_init(&barrier, NULL, N + 1);
	pthread_key_create(&key, destroy);
	for (long i = 0; i < N; i++) {
		CHECK(pthread_create(&t[i], NULL, worker, (void *)i) == 0);
	}
	pthread_barrier_wait(&barrier);
	for (long i = 0; i < N; i++) {
		void *r;
		CHECK(pthread_join(t[i], &r) == 0 && r == (void *)(i * i));
		CHECK(tids[i] != getpid());
		for (long k = 0; k < i; k++) {
			CHECK(tids[i] != tids[k]);
		}
	}
	CHECK(counter == N * 1000 && turn == N && once_runs == 1 && destroyed == N && local == 5);
	CHECK(syscall(SYS_gettid) == getpid());

	void *r;
	CHECK(pthread_create(&t[0], NULL, sleeper, NULL) == 0);
	CHECK(pthread_cancel(t[0]) == 0 && pthread_join(t[0], &r) == 0 && r == PTHREAD_CANCELED);

	pthread_mutexattr_t ma;
	pthread_mutex_t robust, recursive, checked;
	pthread_mutexattr_init(&ma);
	pthread_mutexattr_setrobust(&ma, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&robust, &ma);
	pthread_create(&t[0], NULL, dies_locked, &robust);
	pthread_join(t[0], NULL);
	CHECK(pthread_mutex_lock(&robust) == EOWNERDEAD);
	CHECK(pthread_mutex_consistent(&robust) == 0 && pthread_mutex_unlock(&robust) == 0);
	pthread_mutexattr_init(&ma);
	pthread_mutexattr_settype(&ma, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&recursive, &ma);
	CHECK(pthread_mutex_lock(&recursive) == 0 && pthread_mutex_lock(&recursive) == 0);
	pthread_mutexattr_settype(&ma, PTHREAD_MUTEX_ERRORCHECK);
	pthread_mutex_init(&checked, &ma);
	CHECK(pthread_mutex_lock(&checked) == 0 && pthread_mutex_lock(&checked) == EDEADLK);

	struct timespec ts;
	clock_gettime(CLOCK_REALTIME, &ts);
	ts.tv_nsec += 20000000;
	if (ts.tv_nsec >= 1000000000) {
		ts.tv_sec++;
		ts.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&lock);
	CHECK(pthread_cond_timedwait(&changed, &lock, &ts) == ETIMEDOUT);
	pthread_mutex_unlock(&lock);

	sem_t sem;
	sem_init(&sem, 0, 0);
	pthread_create(&t[0], NULL, posts, &sem);
	for (int i = 0; i < 100; i++) {
		CHECK(sem_wait(&sem) == 0);
	}
	pthread_join(t[0], NULL);
	CHECK_ERR(sem_trywait(&sem), EAGAIN);

	/* Many short-lived threads: stacks and task slots come back. */
	for (int i = 0; i < 300; i++) {
		CHECK(pthread_create(&t[0], NULL, does_nothing, NULL) == 0);
		CHECK(pthread_join(t[0], NULL) == 0);
	}
	return check_done();
}
