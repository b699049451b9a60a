// SPDX-License-Identifier: BSD-3-Clause
// Page faults for the benchmarks: `faults ROUNDS` maps, touches and unmaps 16 MB that often.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

int main(int argc, char **argv)
{
	long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 10;
	const size_t size = 16 << 20;
	for (long r = 0; r < rounds; r++) {
		char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			       0);
		if (p == MAP_FAILED)
			return 1;
		madvise(p, size, MADV_NOHUGEPAGE); /* a kernel without huge pages refuses */
		for (size_t i = 0; i < size; i += 4096)
			p[i] = (char)r;
		munmap(p, size);
	}
	printf("%ld rounds\n", rounds);
	return 0;
}
