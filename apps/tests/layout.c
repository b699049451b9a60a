// SPDX-License-Identifier: BSD-3-Clause
// Prints where things are, for comparison between runs.
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
	int local;
	uint64_t canary;
	__asm__("mov %%fs:40, %0" : "=r"(canary));
	const uint64_t *random = (const uint64_t *)getauxval(AT_RANDOM);
	printf("text %p\n", (void *)main);
	printf("heap %p\n", sbrk(0));
	printf("stack %p\n", (void *)&local);
	printf("mmap %p\n", mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	printf("libc %p\n", (void *)(uintptr_t)puts);
	printf("vdso %#lx\n", getauxval(AT_SYSINFO_EHDR));
	printf("canary %#lx\n", canary);
	printf("random %#lx%016lx\n", random[0], random[1]);
	return 0;
}
