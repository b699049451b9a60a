// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_LWIP_CC_H
#define UC_LWIP_CC_H
/* What lwIP asks of compiler and system. */
#include <stddef.h>
#include <stdint.h>
#include <uc/log.h>
#include <uc/string.h>

#define LWIP_NO_CTYPE_H    1
#define LWIP_NO_LIMITS_H   1
#define LWIP_NO_UNISTD_H   1
#define LWIP_NO_INTTYPES_H 1
#define X8_F               "02x"
#define U16_F              "u"
#define S16_F              "d"
#define X16_F              "x"
#define U32_F              "u"
#define S32_F              "d"
#define X32_F              "x"
#define SZT_F              "lu"
#define SSIZE_MAX          INT64_MAX
#define INT_MAX            INT32_MAX

#define lwip_htons(x) ((u16_t)__builtin_bswap16(x))
#define lwip_htonl(x) ((u32_t)__builtin_bswap32(x))

/* Sum of 16-bit words as they lie in memory, folded, not inverted. */
uint16_t uc_lwip_chksum(const void *data, int n);
#define LWIP_CHKSUM uc_lwip_chksum

#define LWIP_PLATFORM_DIAG(x)
#define LWIP_PLATFORM_ASSERT(x) uc_panic("lwip: %s", (x))
#define LWIP_RAND()             uc_lwip_random()
uint32_t uc_lwip_random(void);
#endif
