// SPDX-License-Identifier: BSD-3-Clause
// sources: ../diag_filter.c
/* Input: a program. What the check lets through ends, and reads only the program. */
#include <stdlib.h>
#include <string.h>
#include "../diag_filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct diag_entry e = { .family = 10,
				.port = { 7001, 80 },
				.addr = { { 0, 0, 0xffff0000, 0x0100007f } },
				.device = 1 };
	uint8_t *program;

	n -= n % 4;
	program = malloc(n + 1); /* of exactly its size, for the sanitizer; aligned as attributes */
	memcpy(program, data, n);
	if (diag_filter_check(program, n) == 0)
		for (e.family = 2; e.family <= 10; e.family += 8)
			diag_filter_run(program, n, &e);
	free(program);
	return 0;
}
