// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_FMT_H
#define UC_FMT_H
/* Formatting subset of ISO C printf: %c %s %d %i %u %x %X %o %p %% with l, ll, z, h, hh, field
 * width, precision, '-', '0', '#', '*'. No floating point, no %n. Context: any, never blocks. */
#include <uc/types.h>
/* Writes at most cap bytes including NUL. Returns the length the full text needs (without NUL). */
int uc_snprintf(char *buf, size_t cap, const char *fmt, ...) UC_PRINTF(3, 4);
int uc_vsnprintf(char *buf, size_t cap, const char *fmt, va_list ap);
/* Parses a number in base 8, 10 or 16 filling the whole string. 0 or -EINVAL/-ERANGE. */
int uc_parse_u64(const char *s, unsigned base, uint64_t *out);
#endif
