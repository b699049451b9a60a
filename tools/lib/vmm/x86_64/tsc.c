// SPDX-License-Identifier: BSD-3-Clause
#include <cpuid.h>
#include <time.h>
#include <x86intrin.h>

#include "../host.h"

#define WINDOW_NS 20000000u

static uint64_t raw_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Intel SDM vol. 3, "Invariant TSC": CPUID.80000007H:EDX[8]. */
static bool invariant(void)
{
	unsigned a, b, c, d;

	return __get_cpuid(0x80000007, &a, &b, &c, &d) && (d & 1u << 8);
}

/* Clock and counter at one moment: the closest of several tries. */
static void sample(uint64_t *ns, uint64_t *tsc)
{
	uint64_t best = UINT64_MAX;

	for (int i = 0; i < 16; i++) {
		uint64_t before = __rdtsc(), t = raw_ns(), after = __rdtsc();

		if (after - before >= best)
			continue;
		best = after - before;
		*ns = t;
		*tsc = before + (after - before) / 2;
	}
}

uint64_t uc_host_measure_tsc(void)
{
	const struct timespec window = { 0, WINDOW_NS };
	uint64_t n0, t0, n1, t1;

	if (!invariant())
		return 0;
	sample(&n0, &t0);
	nanosleep(&window, NULL);
	sample(&n1, &t1);
	if (n1 <= n0 || t1 <= t0)
		return 0;
	return (uint64_t)((unsigned __int128)(t1 - t0) * 1000000000u / (n1 - n0));
}
