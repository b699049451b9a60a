// SPDX-License-Identifier: BSD-3-Clause
// sources: ../chksum.c
/* The sum against the definition, for every length and alignment of small packets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

uint16_t uc_lwip_chksum(const void *data, int n);

static uint16_t by_definition(const uint8_t *p, int n)
{
	uint32_t sum = 0;

	for (int i = 0; i < n; i++)
		sum += i & 1 ? (uint32_t)p[i] << 8 : p[i];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

static void compare(const uint8_t *base)
{
	for (int at = 0; at < 8; at++)
		for (int n = 0; n < 200; n++)
			assert_int_equal(uc_lwip_chksum(base + at, n), by_definition(base + at, n));
}

static void all_lengths_and_alignments(void **state)
{
	uint8_t data[256];
	uint32_t seed = 1;

	for (unsigned i = 0; i < sizeof(data); i++) {
		seed = seed * 1664525u + 1013904223u;
		data[i] = (uint8_t)(seed >> 24);
	}
	compare(data);
}

static void carries(void **state)
{
	uint8_t data[256];

	memset(data, 0xff, sizeof(data));
	compare(data);
	memset(data, 0, sizeof(data));
	compare(data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_lengths_and_alignments),
		cmocka_unit_test(carries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
