// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_INET_ICMP_ERROR_H
#define UC_INET_ICMP_ERROR_H
#include <uc/types.h>
/* An ICMP error and the packet that it is about, as far as it is quoted. */
struct icmp_error {
	uint8_t type, code;
	uint32_t info;            /* MTU, pointer; 0: none */
	uint8_t proto;            /* of the packet */
	uint8_t src[16], dst[16]; /* its addresses; 4 or 16 bytes */
	uint16_t sport, dport;    /* ICMP: identifier in both */
	const uint8_t *data;      /* what it carried; NULL: not quoted */
	size_t len;
	int err; /* positive errno */
	bool hard;
};
/* Decodes an ICMP message of n bytes; false: not an error message, or one that makes no sense. */
bool icmp_error_decode(const uint8_t *b, size_t n, bool v6, struct icmp_error *e);
#endif
