// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_FUTEX_OP_H
#define UC_FUTEX_OP_H
/* The encoded operation of FUTEX_WAKE_OP, futex(2). Pure. */
#include <asm/errno.h>
#include <linux/futex.h>
#include <stdbool.h>
#include <stdint.h>

struct futex_op {
	unsigned op, cmp; /* FUTEX_OP_SET .. FUTEX_OP_XOR, FUTEX_OP_CMP_EQ .. FUTEX_OP_CMP_GE */
	uint32_t oparg;   /* the shift already applied */
	int32_t cmparg;
};

static inline int32_t futex_op_sign12(uint32_t v)
{
	return (int32_t)(v << 20) >> 20;
}

/* 0, or -ENOSYS for an operation or comparison that does not exist. */
static inline int futex_op_decode(uint32_t encoded, struct futex_op *out)
{
	uint32_t oparg = (uint32_t)futex_op_sign12(encoded >> 12 & 0xfff);
	out->op = encoded >> 28 & 7;
	out->cmp = encoded >> 24 & 15;
	out->cmparg = futex_op_sign12(encoded & 0xfff);
	/* As Linux does, a shift that is out of range is taken modulo 32. */
	out->oparg = encoded >> 28 & FUTEX_OP_OPARG_SHIFT ? 1u << (oparg & 31) : oparg;
	return out->op > FUTEX_OP_XOR || out->cmp > FUTEX_OP_CMP_GE ? -ENOSYS : 0;
}

static inline uint32_t futex_op_apply(const struct futex_op *o, uint32_t old)
{
	switch (o->op) {
	case FUTEX_OP_ADD: return old + o->oparg;
	case FUTEX_OP_OR: return old | o->oparg;
	case FUTEX_OP_ANDN: return old & ~o->oparg;
	case FUTEX_OP_XOR: return old ^ o->oparg;
	default: return o->oparg;
	}
}

static inline bool futex_op_compare(const struct futex_op *o, uint32_t old_word)
{
	int32_t old = (int32_t)old_word;
	switch (o->cmp) {
	case FUTEX_OP_CMP_NE: return old != o->cmparg;
	case FUTEX_OP_CMP_LT: return old < o->cmparg;
	case FUTEX_OP_CMP_LE: return old <= o->cmparg;
	case FUTEX_OP_CMP_GT: return old > o->cmparg;
	case FUTEX_OP_CMP_GE: return old >= o->cmparg;
	default: return old == o->cmparg;
	}
}
#endif
