// SPDX-License-Identifier: BSD-3-Clause
// A loop of getppid calls for the benchmarks: `getppid COUNT [generated]`. The calls are one
// inlined `syscall` instruction each, or are made by code that the program generates, which nobody
// can have rewritten.
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

/* Marks for a counting emulator. */
__attribute__((noinline)) void begin(void)
{
	__asm__ volatile("");
}
__attribute__((noinline)) void finished(void)
{
	__asm__ volatile("");
}

static void calls(long n)
{
	for (long i = 0; i < n; i++) {
		long ret = SYS_getppid;
		__asm__ volatile("syscall" : "+a"(ret) : : "rcx", "r11", "memory");
	}
}

static void (*generate(void))(long)
{
	/* push rbx; mov rbx,rdi; 1: mov eax,110; syscall; dec rbx; jnz 1b; pop rbx; ret */
	static const unsigned char code[] = { 0x53, 0x48, 0x89, 0xfb, 0xb8, SYS_getppid,
					      0,    0,    0,    0x0f, 0x05, 0x48,
					      0xff, 0xcb, 0x75, 0xf4, 0x5b, 0xc3 };
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		exit(2);
	memcpy(p, code, sizeof(code));
	if (mprotect(p, 4096, PROT_READ | PROT_EXEC) != 0)
		exit(2);
	return (void (*)(long))(uintptr_t)p;
}

int main(int argc, char **argv)
{
	long n = argc > 1 ? strtol(argv[1], NULL, 10) : 1000;
	void (*loop)(long) = argc > 2 ? generate() : calls;
	loop(10);
	begin();
	loop(n);
	finished();
	printf("%ld calls\n", n);
	return 0;
}
