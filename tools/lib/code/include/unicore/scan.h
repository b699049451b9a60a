// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_SCAN_H
#define UNICORE_SCAN_H
/*
 * System calls in ELF files of AArch64, ARM (EABI, also Thumb) and 32-bit x86 by linear scan of
 * what is executable: no paths are followed, so all that a file has counts.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UC_SCAN_CALLS 1024
struct uc_scan {
	uint32_t sites[UC_SCAN_CALLS]; /* instructions that make each call */
	uint64_t at[UC_SCAN_CALLS];    /* address of the first */
	size_t unknown;                /* those whose number was not found */
};
/* data is untrusted. false: another architecture, or no ELF file. */
bool uc_code_scan(const uint8_t *data, size_t n, struct uc_scan *out);
#endif
