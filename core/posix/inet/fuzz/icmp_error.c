// SPDX-License-Identifier: BSD-3-Clause
// sources: ../icmp_error.c
/* ICMP messages come from anywhere: what is said about the quoted packet lies in the message. */
#include <stdint.h>
#include "../icmp_error.h"

void abort(void) __attribute__((noreturn));
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct icmp_error e;

	for (int v6 = 0; v6 < 2; v6++) {
		if (!icmp_error_decode(data, n, v6, &e))
			continue;
		if (e.data < data || e.data + e.len != data + n || e.err <= 0)
			abort();
	}
	return 0;
}
