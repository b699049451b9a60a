// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_VVAR_H
#define UC_VVAR_H
/*
 * The page that the kernel shares with the vDSO. The kernel writes it between two increments of
 * seq; a reader retries while seq is odd or has changed. Clocks without their bit in `valid` are
 * asked for by a system call.
 *   monotonic ns = ((cycles - base_cycles) * mult) >> UC_VVAR_SHIFT
 *   real ns      = monotonic ns + real_offset
 */
#include <stdint.h>

enum { UC_VVAR_MONO = 1, UC_VVAR_REAL = 2 };
enum { UC_VVAR_SHIFT = 32 };
struct uc_vvar {
	uint32_t seq;
	uint32_t valid; /* UC_VVAR_* */
	uint64_t base_cycles;
	uint64_t mult;
	int64_t real_offset;
};
static inline uint64_t uc_vvar_to_ns(uint64_t cycles, uint64_t mult)
{
	return (uint64_t)(((unsigned __int128)cycles * mult) >> UC_VVAR_SHIFT);
}
#endif
