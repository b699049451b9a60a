// SPDX-License-Identifier: BSD-3-Clause
// flags: -Wl,--no-as-needed
// Jumps between stacks inside one thread: ucontext, setjmp, loaded libraries.
#define _GNU_SOURCE
#include "check.h"

#include <dlfcn.h>
#include <setjmp.h>
#include <stdlib.h>
#include <ucontext.h>

static ucontext_t main_context, other;
static int steps;
static jmp_buf again;

static void coroutine(int a, int b)
{
	for (int i = 0; i < 3; i++) {
		steps += a * 10 + b;
		swapcontext(&other, &main_context);
	}
}

int main(void)
{
	char *stack = malloc(65536);
	CHECK(getcontext(&other) == 0);
	other.uc_stack.ss_sp = stack;
	other.uc_stack.ss_size = 65536;
	other.uc_link = &main_context;
	makecontext(&other, (void (*)(void))coroutine, 2, 1, 2);
	for (int i = 0; i < 4; i++)
		CHECK(swapcontext(&main_context, &other) == 0);
	CHECK(steps == 36);
	free(stack);
	volatile int loops = 0;
	if (setjmp(again) < 5)
		longjmp(again, ++loops);
	CHECK(loops == 5);

	void *lib = dlopen("libm.so.6", RTLD_NOW);
	CHECK(lib != NULL);
	double (*root)(double) = lib ? (double (*)(double))dlsym(lib, "sqrt") : NULL;
	CHECK(root && root(144.0) == 12.0);
	CHECK(dlsym(lib, "no_such_symbol") == NULL && dlerror() != NULL);
	CHECK(dlopen("libnothing.so.1", RTLD_NOW) == NULL);
	CHECK(dlclose(lib) == 0);
	return check_done();
}
