// SPDX-License-Identifier: BSD-3-Clause
/*
 * Functions that never return: what stands behind a call of one is another path's code. A function
 * returns if a path from its start arrives at a return, at a computed jump, or at a function that
 * returns; what is not certain is taken to return.
 */
#include <stdlib.h>
#include <sys/syscall.h>

#include "decode.h"

#define DEPTH_MAX 10
#define RANGE_MAX 65536u

struct walk {
	struct uc_code *c;
	struct uc_code_range f;
	uint8_t *seen; /* a bit for each byte */
	struct uc_code_vec todo;
	unsigned depth;
};

/* A call or jump through an entry of the linkage table: does what the symbol is bound to return? */
static bool slot_returns(struct uc_code *c, const struct insn *i, unsigned depth)
{
	bool indexed;
	uint64_t slot;
	size_t k;

	if (!c->returns || !uc_insn_memory(c, i, &slot, &indexed) || indexed)
		return true;
	k = uc_code_reloc_from(c, slot);
	return k == c->nrelocs || c->relocs[k].at != slot || c->relocs[k].kind != UC_RELOC_SYMBOL ||
	       c->returns(c->arg, c->symbols[c->relocs[k].value].name, depth);
}

static void visit(struct walk *w, uint64_t to)
{
	uint64_t k = to - w->f.start;

	if (w->seen[k / 8] >> (k % 8) & 1)
		return;
	w->seen[k / 8] |= (uint8_t)(1 << k % 8);
	uc_code_add(&w->todo, to);
}

static bool leads_out(struct walk *w, uint64_t to)
{
	if (to >= w->f.start && to < w->f.end) {
		visit(w, to);
		return false;
	}
	return uc_code_returns(w->c, to, w->depth + 1);
}

static bool is_exit(uint64_t number)
{
	return number == SYS_exit || number == SYS_exit_group;
}

/* What eax holds behind an instruction: a constant of `mov $n,%eax`, until anything that might be
 * another value for it. */
static uint64_t moved_to_eax(const struct insn *i, uint64_t before)
{
	if (i->z.opcode == 0xb8 && !(i->z.attributes & ZYDIS_ATTRIB_HAS_MODRM) && !i->z.raw.rex.B &&
	    i->z.opcode_map == ZYDIS_OPCODE_MAP_DEFAULT)
		return i->z.raw.imm[0].value.u;
	/* Other registers are set in between: mov and xor with a register of its own. */
	if (i->z.mnemonic == ZYDIS_MNEMONIC_MOV && i->z.attributes & ZYDIS_ATTRIB_HAS_MODRM &&
	    i->z.raw.modrm.mod == 3 && i->z.opcode == 0x89 && (i->z.raw.modrm.rm || i->z.raw.rex.B))
		return before;
	if (i->z.mnemonic == ZYDIS_MNEMONIC_XOR && i->z.raw.modrm.mod == 3 &&
	    (i->z.raw.modrm.rm || i->z.raw.rex.B) && (i->z.raw.modrm.reg || i->z.raw.rex.R))
		return before;
	if (i->z.opcode > 0xb8 && i->z.opcode <= 0xbf &&
	    !(i->z.attributes & ZYDIS_ATTRIB_HAS_MODRM))
		return before;
	return UINT64_MAX;
}

/* Follows one path until it is known, joins another, or ends. true: it returns. */
static bool follow(struct walk *w, uint64_t v)
{
	struct insn i = { .at = 0 };
	uint64_t to, number = UINT64_MAX;

	for (;; v = i.next) {
		if (v >= w->f.end)
			return true;
		if (!uc_code_decode(w->c, v, w->f.end, &i))
			return !w->c->budget;
		if (i.z.meta.category == ZYDIS_CATEGORY_RET)
			return true;
		if (i.z.mnemonic == ZYDIS_MNEMONIC_SYSCALL && is_exit(number))
			return false;
		number = moved_to_eax(&i, number);
		if (uc_insn_is_call(&i) && uc_insn_target(&i, &to)) {
			if (!uc_code_returns(w->c, to, w->depth + 1))
				return false;
		} else if (uc_insn_is_call(&i)) {
			if (!slot_returns(w->c, &i, w->depth + 1))
				return false;
		} else if (uc_insn_is_jump(&i)) {
			if (!uc_insn_target(&i, &to))
				return slot_returns(w->c, &i, w->depth + 1);
			if (leads_out(w, to))
				return true;
		}
		if (uc_insn_ends(&i))
			return false;
		if (i.next < w->f.end && i.next - w->f.start < RANGE_MAX &&
		    i.z.meta.category == ZYDIS_CATEGORY_COND_BR) {
			visit(w, i.next);
			return false;
		}
	}
}

static bool walk_function(struct uc_code *c, const struct uc_code_range *f, unsigned depth)
{
	struct walk w = { .c = c, .f = *f, .depth = depth };
	bool back = false;

	if (f->end - f->start > RANGE_MAX)
		return true;
	w.seen = uc_xzalloc((f->end - f->start) / 8 + 1);
	visit(&w, f->start);
	while (w.todo.n && !back)
		back = follow(&w, w.todo.v[--w.todo.n]);
	free(w.seen);
	free(w.todo.v);
	return back;
}

static bool *memo(struct uc_code *c, uint64_t at, bool *fresh)
{
	struct uc_code_known *k;

	if (!c->known)
		c->known = uc_xzalloc(UC_CODE_KNOWN * sizeof(*c->known));
	k = &c->known[at * 0x9e3779b97f4a7c15ull >> 52];
	*fresh = k->at != at;
	if (*fresh)
		*k = (struct uc_code_known){ at, true };
	return &k->returns;
}

bool uc_code_returns(struct uc_code *c, uint64_t at, unsigned depth)
{
	struct uc_code_range f;
	bool fresh, back, *m;

	if (depth > DEPTH_MAX || !uc_code_function(c, at, &f) || f.start != at)
		return true;
	m = memo(c, at, &fresh);
	if (!fresh)
		return *m; /* one that is being walked: taken to return */
	back = walk_function(c, &f, depth);
	m = memo(c, at, &fresh);
	*m = back;
	return back;
}

bool uc_insn_never_returns(struct uc_code *c, const struct insn *i)
{
	uint64_t to;

	if (!uc_insn_is_call(i))
		return false;
	return uc_insn_target(i, &to) ? !uc_code_returns(c, to, 0) : !slot_returns(c, i, 0);
}

/* ---- code or data? ---- */

/* Instructions that a program cannot execute. */
static bool impossible(const struct insn *i)
{
	return i->z.attributes & ZYDIS_ATTRIB_IS_PRIVILEGED && i->z.mnemonic != ZYDIS_MNEMONIC_HLT;
}

/* false: what is there is no code. */
static bool follow_code(struct walk *w, uint64_t v)
{
	struct insn i;
	uint64_t to;

	for (; v < w->f.end; v = i.next) {
		if (!uc_code_decode(w->c, v, w->f.end, &i))
			return !w->c->budget;
		if (impossible(&i))
			return false;
		if (uc_insn_target(&i, &to)) {
			if (!uc_code_is_text(w->c, to))
				return false;
			if (uc_insn_is_jump(&i) && to >= w->f.start && to < w->f.end)
				visit(w, to);
		}
		/* A function that is called may not return to data that stands behind the call. */
		if (uc_insn_ends(&i) || uc_insn_is_call(&i))
			return true;
		if (i.z.meta.category == ZYDIS_CATEGORY_COND_BR && i.next < w->f.end) {
			visit(w, i.next);
			return true;
		}
	}
	return true;
}

bool uc_code_plausible(struct uc_code *c, const struct uc_code_range *f)
{
	struct walk w = { .c = c, .f = *f };
	bool code = true;

	w.seen = uc_xzalloc((f->end - f->start) / 8 + 1);
	visit(&w, f->start);
	while (w.todo.n && code)
		code = follow_code(&w, w.todo.v[--w.todo.n]);
	free(w.seen);
	free(w.todo.v);
	return code;
}
