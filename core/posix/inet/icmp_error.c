// SPDX-License-Identifier: BSD-3-Clause
/* ICMP errors (RFC 792, RFC 4443) and what Linux makes of them: icmp(7), net/ipv4/icmp.c. */
#include "icmp_error.h"
#include <asm/errno.h>
#include <uc/string.h>

enum { UNREACHABLE4 = 3, TIME4 = 11, PARAMETER4 = 12 };
enum { UNREACHABLE6 = 1, TOO_BIG6 = 2, TIME6 = 3, PARAMETER6 = 4 };
enum { PROTO_ICMP4 = 1, PROTO_TCP = 6, PROTO_UDP = 17, PROTO_UDPLITE = 136, PROTO_ICMPV6 = 58 };
#define HEADER      8u
#define FRAG_NEEDED 4u

struct meaning {
	uint8_t err;
	bool hard;
};

static const struct meaning unreachable4[] = {
	{ ENETUNREACH, false },  { EHOSTUNREACH, false }, { ENOPROTOOPT, true },
	{ ECONNREFUSED, true },  { EMSGSIZE, false },     { EOPNOTSUPP, false },
	{ ENETUNREACH, true },   { EHOSTDOWN, true },     { ENONET, true },
	{ ENETUNREACH, true },   { EHOSTUNREACH, true },  { ENETUNREACH, false },
	{ EHOSTUNREACH, false }, { EHOSTUNREACH, true },  { EHOSTUNREACH, true },
	{ EHOSTUNREACH, true },
};
static const struct meaning unreachable6[] = {
	{ ENETUNREACH, false }, { EACCES, true }, { EHOSTUNREACH, false }, { EHOSTUNREACH, false },
	{ ECONNREFUSED, true }, { EACCES, true }, { EACCES, true },
};

static uint16_t be16(const uint8_t *b)
{
	return (uint16_t)(b[0] << 8 | b[1]);
}

static uint32_t be32(const uint8_t *b)
{
	return (uint32_t)be16(b) << 16 | be16(b + 2);
}

static bool set(struct icmp_error *e, struct meaning m, uint32_t info)
{
	e->err = m.err;
	e->hard = m.hard;
	e->info = info;
	return true;
}

static bool classify(struct icmp_error *e, const uint8_t *b, bool v6)
{
	if (v6 && e->type == UNREACHABLE6)
		return e->code < UC_ARRAY_SIZE(unreachable6) && set(e, unreachable6[e->code], 0);
	if (v6 && e->type == TOO_BIG6)
		return set(e, (struct meaning){ EMSGSIZE, false }, be32(b + 4));
	if (!v6 && e->type == UNREACHABLE4)
		return e->code < UC_ARRAY_SIZE(unreachable4) &&
		       set(e, unreachable4[e->code], e->code == FRAG_NEEDED ? be16(b + 6) : 0);
	if (e->type == (v6 ? TIME6 : TIME4))
		return set(e, (struct meaning){ EHOSTUNREACH, false }, 0);
	if (e->type == (v6 ? PARAMETER6 : PARAMETER4))
		return set(e, (struct meaning){ EPROTO, true }, v6 ? be32(b + 4) : b[4]);
	return false;
}

static bool transport(struct icmp_error *e, const uint8_t *b, size_t n)
{
	bool ports = e->proto == PROTO_UDP || e->proto == PROTO_TCP || e->proto == PROTO_UDPLITE;
	bool icmp = e->proto == PROTO_ICMP4 || e->proto == PROTO_ICMPV6;

	if (n < HEADER && (ports || icmp))
		return false;
	if (ports) {
		e->sport = be16(b);
		e->dport = be16(b + 2);
	} else if (icmp) {
		e->sport = e->dport = be16(b + 4);
	}
	if (e->proto == PROTO_UDP || e->proto == PROTO_UDPLITE) {
		e->data = b + HEADER;
		e->len = n - HEADER;
	} else {
		e->data = b;
		e->len = n;
	}
	return true;
}

bool icmp_error_decode(const uint8_t *b, size_t n, bool v6, struct icmp_error *e)
{
	size_t head = v6 ? 40 : 20, alen = v6 ? 16 : 4;
	const uint8_t *ip = b + HEADER;

	memset(e, 0, sizeof(*e));
	if (n < HEADER + head)
		return false;
	e->type = b[0];
	e->code = b[1];
	if (!classify(e, b, v6) || ip[0] >> 4 != (v6 ? 6 : 4))
		return false;
	if (!v6 && (ip[0] & 15u) * 4u < head)
		return false;
	if (!v6 && be16(ip + 6) & 0x1fff) /* a later fragment has no ports */
		return false;
	e->proto = v6 ? ip[6] : ip[9];
	memcpy(e->src, ip + (v6 ? 8 : 12), alen);
	memcpy(e->dst, ip + (v6 ? 24 : 16), alen);
	if (!v6)
		head = (ip[0] & 15u) * 4u;
	if (n < HEADER + head)
		return false;
	return transport(e, ip + head, n - HEADER - head);
}
