// SPDX-License-Identifier: BSD-3-Clause
/* Which way a conditional jump can go, by what is known of what was compared. */
#include "state.h"

struct sides { /* of a comparison: values of `bits` bits */
	uint64_t a, b;
	unsigned bits;
	bool test; /* a & b instead of a - b */
};

static uint64_t masked(uint64_t v, unsigned bits)
{
	return bits < 64 ? v & ((1ull << bits) - 1) : v;
}

static bool negative(uint64_t v, unsigned bits)
{
	return v >> (bits - 1) & 1;
}

/* Is the condition of the jump fulfilled? false: it has another one (*known). */
static bool fulfilled(ZydisMnemonic m, const struct sides *s, bool *known)
{
	uint64_t a = masked(s->a, s->bits), b = masked(s->b, s->bits);
	uint64_t r = masked(s->test ? a & b : a - b, s->bits);
	bool below = !s->test && a < b, zero = !r, sign = negative(r, s->bits);
	bool overflow = !s->test && negative(a, s->bits) != negative(b, s->bits) &&
			negative(r, s->bits) != negative(a, s->bits);
	bool less = sign != overflow;

	*known = true;
	switch (m) {
	case ZYDIS_MNEMONIC_JZ:
		return zero;
	case ZYDIS_MNEMONIC_JNZ:
		return !zero;
	case ZYDIS_MNEMONIC_JB:
		return below;
	case ZYDIS_MNEMONIC_JNB:
		return !below;
	case ZYDIS_MNEMONIC_JBE:
		return below || zero;
	case ZYDIS_MNEMONIC_JNBE:
		return !below && !zero;
	case ZYDIS_MNEMONIC_JL:
		return less;
	case ZYDIS_MNEMONIC_JNL:
		return !less;
	case ZYDIS_MNEMONIC_JLE:
		return less || zero;
	case ZYDIS_MNEMONIC_JNLE:
		return !less && !zero;
	case ZYDIS_MNEMONIC_JS:
		return sign;
	case ZYDIS_MNEMONIC_JNS:
		return !sign;
	default:
		*known = false;
		return false;
	}
}

bool uc_value_constant(const struct uc_value *v)
{
	for (unsigned i = 0; v->n != UC_VALUE_ANY && i < v->n; i++)
		if (v->v[i].kind != UC_ATOM_CONST)
			return false;
	return v->n && v->n != UC_VALUE_ANY;
}

/* Those of `a` with which the jump can go there. false: what the condition asks is not known. */
static bool narrow(const struct uc_value *a, const struct uc_value *b, const struct insn *cmp,
		   ZydisMnemonic jump, unsigned bits, bool taken, struct uc_value *out)
{
	*out = (struct uc_value){ 0 };
	for (unsigned i = 0; i < a->n; i++)
		for (unsigned k = 0; k < b->n; k++) {
			struct sides s = { (uint64_t)a->v[i].off, (uint64_t)b->v[k].off, bits,
					   cmp->z.mnemonic == ZYDIS_MNEMONIC_TEST };
			bool known, yes = fulfilled(jump, &s, &known);

			if (!known)
				return false;
			if (yes == taken)
				uc_value_add(out, &a->v[i]);
		}
	return true;
}

/*
 * The kernel starts the program at its own entry, and tells the loader where that is: what the
 * loader compares with its own start is never the same, unless it is itself the program.
 */
static bool asks_for_own_start(const struct uc_code *c, const struct uc_value *a,
			       const struct uc_value *b)
{
	const struct uc_value *known = uc_value_constant(a) ? a : b;
	const struct uc_value *other = known == a ? b : a;

	return c->loader && uc_value_constant(known) && !uc_value_constant(other) &&
	       known->n == 1 && (uint64_t)known->v[0].off == c->entry;
}

bool uc_state_branch(const struct uc_code *c, struct state *s, const struct insn *cmp,
		     const struct insn *jump, bool taken)
{
	struct uc_value a, b, left;
	unsigned bits;

	if (!uc_state_operands(c, s, cmp, &a, &b, &bits))
		return true;
	if (asks_for_own_start(c, &a, &b) && cmp->z.mnemonic == ZYDIS_MNEMONIC_CMP)
		return jump->z.mnemonic == ZYDIS_MNEMONIC_JZ    ? !taken
		       : jump->z.mnemonic == ZYDIS_MNEMONIC_JNZ ? taken
								: true;
	if (!uc_value_constant(&a) || !uc_value_constant(&b) ||
	    !narrow(&a, &b, cmp, jump->z.mnemonic, bits, taken, &left))
		return true;
	if (left.n && bits >= 32)
		uc_state_learn(s, cmp, &left);
	return left.n != 0;
}
