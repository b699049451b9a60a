// SPDX-License-Identifier: BSD-3-Clause
// What must not be writable is not, and what must not be executable is not.
#define _GNU_SOURCE
#include "check.h"

#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/mman.h>

static sigjmp_buf back;
static const char constant[] = "constant";
static unsigned char data[16] = { 0xc3 };

static void on_fault(int sig)
{
	(void)sig;
	siglongjmp(back, 1);
}

static int can_write(const void *p)
{
	if (sigsetjmp(back, 1))
		return 0;
	volatile char *c = (volatile char *)(uintptr_t)p;
	*c = *c;
	return 1;
}

static int can_call(void *p)
{
	if (sigsetjmp(back, 1))
		return 0;
	((void (*)(void))(uintptr_t)p)();
	return 1;
}

int main(void)
{
	unsigned char local[16] = { 0xc3 };
	unsigned char *heap = malloc(16);
	heap[0] = 0xc3;
	signal(SIGSEGV, on_fault);
	CHECK(!can_write((void *)(uintptr_t)main));
	CHECK(!can_write(constant));
	CHECK(!can_write((void *)(uintptr_t)puts));
	CHECK(!can_write((void *)getauxval(AT_SYSINFO_EHDR)));
	CHECK(can_write(data) && can_write(heap) && can_write(local));
	CHECK(!can_call(data) && !can_call(heap) && !can_call(local));
	return check_done();
}
