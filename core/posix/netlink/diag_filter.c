// SPDX-License-Identifier: BSD-3-Clause
#include "diag_filter.h"
#include <asm/errno.h>
#include <linux/inet_diag.h>
#include <uc/socket.h>
#include <uc/string.h>

/* Bytes of an operation with its argument, of n there are; 0: there is no such operation. */
static size_t size_of(const struct inet_diag_bc_op *op, size_t n)
{
	const struct inet_diag_hostcond *host = (const void *)(op + 1);

	switch (op->code) {
	case INET_DIAG_BC_NOP:
	case INET_DIAG_BC_JMP:
		return sizeof(*op);
	case INET_DIAG_BC_S_GE:
	case INET_DIAG_BC_S_LE:
	case INET_DIAG_BC_D_GE:
	case INET_DIAG_BC_D_LE:
	case INET_DIAG_BC_S_EQ:
	case INET_DIAG_BC_D_EQ:
	case INET_DIAG_BC_DEV_COND:
		return 2 * sizeof(*op);
	case INET_DIAG_BC_MARK_COND:
		return sizeof(*op) + sizeof(struct inet_diag_markcond);
	case INET_DIAG_BC_S_COND:
	case INET_DIAG_BC_D_COND:
		if (n < sizeof(*op) + sizeof(*host))
			return SIZE_MAX;
		return sizeof(*op) + sizeof(*host) +
		       (host->family == UC_AF_INET ? 4 : host->family == UC_AF_INET6 ? 16 : 0);
	default: /* INET_DIAG_BC_AUTO, INET_DIAG_BC_CGROUP_COND */
		return 0;
	}
}

static bool valid_host(const struct inet_diag_bc_op *op)
{
	const struct inet_diag_hostcond *host = (const void *)(op + 1);
	unsigned bits = host->family == UC_AF_INET ? 32 : host->family == UC_AF_INET6 ? 128 : 0;

	if (op->code != INET_DIAG_BC_S_COND && op->code != INET_DIAG_BC_D_COND)
		return true;
	return host->prefix_len <= bits && (bits || host->family == UC_AF_UNSPEC);
}

static const struct inet_diag_bc_op *op_at(const void *program, size_t at)
{
	return (const void *)((const uint8_t *)program + at);
}

/* Whether operations begin or end at `at`. */
static bool is_border(const void *program, size_t n, size_t at)
{
	size_t border = 0;

	while (border < at && border < n)
		border += op_at(program, border)->yes;
	return border == at;
}

/* What follows when a condition does not hold; 4 bytes behind the end it means no. */
static bool valid_jumps(const void *program, size_t n)
{
	for (size_t at = 0; at < n; at += op_at(program, at)->yes) {
		const struct inet_diag_bc_op *op = op_at(program, at);

		if (op->code == INET_DIAG_BC_NOP || at + op->no == n + 4)
			continue;
		if (!op->no || at + op->no > n || !is_border(program, n, at + op->no))
			return false;
	}
	return true;
}

int diag_filter_check(const void *program, size_t n)
{
	for (size_t at = 0; at < n;) {
		const struct inet_diag_bc_op *op = op_at(program, at);
		size_t size = n - at < sizeof(*op) ? 0 : size_of(op, n - at);

		if (!size || size > n - at || !valid_host(op))
			return -EINVAL;
		if (op->yes < size || op->yes > n - at || op->yes % 4)
			return -EINVAL;
		at += op->yes;
	}
	return valid_jumps(program, n) ? 0 : -EINVAL;
}

static bool same_bits(const uint32_t *a, const uint32_t *b, unsigned bits)
{
	uint32_t mask;

	if (bits >= 32 && memcmp(a, b, bits / 32 * 4))
		return false;
	if (bits % 32 == 0)
		return true;
	mask = __builtin_bswap32(UINT32_MAX << (32 - bits % 32));
	return !((a[bits / 32] ^ b[bits / 32]) & mask);
}

static bool is_mapped(const uint32_t *a)
{
	return !a[0] && !a[1] && a[2] == __builtin_bswap32(0xffff);
}

static bool host_matches(const struct inet_diag_hostcond *c, const struct diag_entry *e, int peer)
{
	const uint32_t *addr = e->addr[peer];

	if (c->port != -1 && c->port != e->port[peer])
		return false;
	if (c->family != UC_AF_UNSPEC && c->family != e->family) {
		if (e->family != UC_AF_INET6 || c->family != UC_AF_INET || !is_mapped(addr))
			return false;
		addr += 3;
	}
	return same_bits(addr, c->addr, c->prefix_len);
}

static bool holds(const struct inet_diag_bc_op *op, const struct diag_entry *e)
{
	const struct inet_diag_markcond *mark = (const void *)(op + 1);
	uint32_t device;
	uint16_t number = 0;

	if (op->code >= INET_DIAG_BC_S_GE)
		number = op[1].no; /* of those that compare ports */

	switch (op->code) {
	case INET_DIAG_BC_JMP:
		return false;
	case INET_DIAG_BC_S_EQ:
		return e->port[0] == number;
	case INET_DIAG_BC_S_GE:
		return e->port[0] >= number;
	case INET_DIAG_BC_S_LE:
		return e->port[0] <= number;
	case INET_DIAG_BC_D_EQ:
		return e->port[1] == number;
	case INET_DIAG_BC_D_GE:
		return e->port[1] >= number;
	case INET_DIAG_BC_D_LE:
		return e->port[1] <= number;
	case INET_DIAG_BC_S_COND:
		return host_matches((const void *)(op + 1), e, 0);
	case INET_DIAG_BC_D_COND:
		return host_matches((const void *)(op + 1), e, 1);
	case INET_DIAG_BC_DEV_COND:
		memcpy(&device, op + 1, sizeof(device));
		return device == e->device;
	case INET_DIAG_BC_MARK_COND:
		return (e->mark & mark->mask) == mark->mark;
	default:
		return true;
	}
}

bool diag_filter_run(const void *program, size_t n, const struct diag_entry *e)
{
	size_t at = 0;

	while (at < n) {
		const struct inet_diag_bc_op *op = op_at(program, at);

		at += op->code == INET_DIAG_BC_NOP || holds(op, e) ? op->yes : op->no;
	}
	return at == n;
}
