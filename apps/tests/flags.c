// SPDX-License-Identifier: BSD-3-Clause
// Calls with processor flags set that the kernel must not trip over: single-step, nested task.
#define _GNU_SOURCE
#include "check.h"

#include <sched.h>
#include <signal.h>
#include <unistd.h>

#define SET_FLAG(mask) \
	__asm__ volatile("pushfq; orq %0, (%%rsp); popfq" : : "i"(mask) : "memory", "cc")
#define CLEAR_FLAG(mask) \
	__asm__ volatile("pushfq; andq %0, (%%rsp); popfq" : : "i"(~(mask)) : "memory", "cc")
#define TRAP_FLAG   0x100
#define NESTED_TASK 0x4000

static volatile int steps, handled;

static void on_trap(int sig)
{
	(void)sig;
	steps++;
}

static void on_usr1(int sig)
{
	(void)sig;
	handled++;
}

int main(void)
{
	signal(SIGTRAP, on_trap);
	signal(SIGUSR1, on_usr1);
	SET_FLAG(TRAP_FLAG);
	getppid();
	getppid();
	CLEAR_FLAG(TRAP_FLAG);
	CHECK(steps > 0);
	SET_FLAG(NESTED_TASK);
	usleep(1000);
	sched_yield();
	kill(getpid(), SIGUSR1);
	CLEAR_FLAG(NESTED_TASK);
	CHECK(handled == 1);
	return check_done();
}
