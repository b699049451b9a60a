// SPDX-License-Identifier: BSD-3-Clause
// A loop of getppid calls for the benchmark: `getppid COUNT`, one inlined `syscall` instruction each.
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>

int main(int argc, char **argv)
{
	long n = argc > 1 ? strtol(argv[1], NULL, 10) : 1000, ret = 0;
	for (long i = 0; i < n; i++) {
		ret = SYS_getppid;
		__asm__ volatile("syscall" : "+a"(ret) : : "rcx", "r11", "memory");
	}
	printf("%ld calls\n", n);
	return ret < 0;
}
