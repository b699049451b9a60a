// SPDX-License-Identifier: BSD-3-Clause
// Touches COUNT megabytes of memory: `eat COUNT`. It stops with status 3 at the first refusal.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
	long n = argc > 1 ? strtol(argv[1], NULL, 10) : 1;
	for (long i = 0; i < n; i++) {
		char *p = malloc(1 << 20);
		if (!p) {
			printf("refused\n");
			return 3;
		}
		memset(p, (int)i + 1, 1 << 20);
	}
	printf("%ld MB touched\n", n);
	return 0;
}
