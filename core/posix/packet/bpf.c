// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include "bpf.h"

#define SHIFT_MAX 31u

struct machine {
	uint32_t a, x, mem[BPF_MEMWORDS];
	const struct bpf_packet *p;
};

/* ---- checking ---- */
static bool ancillary(uint32_t k)
{
	switch ((int32_t)k - SKF_AD_OFF) {
	case SKF_AD_PROTOCOL:
	case SKF_AD_PKTTYPE:
	case SKF_AD_IFINDEX:
	case SKF_AD_MARK:
	case SKF_AD_QUEUE:
	case SKF_AD_HATYPE:
	case SKF_AD_RXHASH:
	case SKF_AD_CPU:
	case SKF_AD_VLAN_TAG:
	case SKF_AD_VLAN_TAG_PRESENT:
	case SKF_AD_VLAN_TPID:
		return true;
	default:
		return false;
	}
}

static bool load_ok(const struct sock_filter *i)
{
	uint16_t code = i->code;
	bool to_x = BPF_CLASS(code) == BPF_LDX, word = BPF_SIZE(code) == BPF_W;

	switch (BPF_MODE(code)) {
	case BPF_IMM:
	case BPF_LEN:
		return word;
	case BPF_MEM:
		return word && i->k < BPF_MEMWORDS;
	case BPF_ABS:
		return !to_x &&
		       ((int32_t)i->k < SKF_AD_OFF || (int32_t)i->k >= 0 || ancillary(i->k));
	case BPF_IND:
		return !to_x;
	case BPF_MSH:
		return to_x && BPF_SIZE(code) == BPF_B;
	default:
		return false;
	}
}

static bool alu_ok(const struct sock_filter *i)
{
	bool by_k = BPF_SRC(i->code) == BPF_K;

	switch (BPF_OP(i->code)) {
	case BPF_DIV:
	case BPF_MOD:
		return !by_k || i->k;
	case BPF_LSH:
	case BPF_RSH:
		return !by_k || i->k <= SHIFT_MAX;
	case BPF_NEG:
		return by_k;
	default:
		return BPF_OP(i->code) <= BPF_XOR;
	}
}

static bool jump_ok(const struct sock_filter *i, size_t behind)
{
	if (BPF_OP(i->code) == BPF_JA)
		return BPF_SRC(i->code) == BPF_K && i->k < behind;
	return BPF_OP(i->code) <= BPF_JSET && i->jt < behind && i->jf < behind;
}

static bool instruction_ok(const struct sock_filter *i, size_t behind)
{
	if (i->code > 0xff)
		return false;
	switch (BPF_CLASS(i->code)) {
	case BPF_LD:
	case BPF_LDX:
		return BPF_SIZE(i->code) <= BPF_B && load_ok(i);
	case BPF_ST:
	case BPF_STX:
		return i->code == BPF_CLASS(i->code) && i->k < BPF_MEMWORDS;
	case BPF_ALU:
		return alu_ok(i);
	case BPF_JMP:
		return jump_ok(i, behind);
	case BPF_RET:
		return BPF_RVAL(i->code) <= BPF_A && i->code == (BPF_RET | BPF_RVAL(i->code)) &&
		       BPF_RVAL(i->code) != BPF_X;
	default:
		return i->code == (BPF_MISC | BPF_TAX) || i->code == (BPF_MISC | BPF_TXA);
	}
}

int bpf_check(const struct sock_filter *f, size_t n)
{
	if (!n || n > BPF_MAXINSNS || BPF_CLASS(f[n - 1].code) != BPF_RET)
		return -EINVAL;
	for (size_t i = 0; i < n; i++)
		if (!instruction_ok(&f[i], n - 1 - i))
			return -EINVAL;
	return 0;
}

/* ---- running ---- */
static uint32_t about(const struct bpf_packet *p, int32_t what)
{
	switch (what) {
	case SKF_AD_PROTOCOL:
		return p->protocol;
	case SKF_AD_PKTTYPE:
		return p->pkttype;
	case SKF_AD_IFINDEX:
		return (uint32_t)p->ifindex;
	case SKF_AD_HATYPE:
		return p->hatype;
	default:
		return 0; /* no marks, queues, tags taken out of the packet */
	}
}

/* n bytes at off, where negative offsets count from a header. False: beyond the packet. */
static bool load(const struct bpf_packet *p, int32_t off, unsigned n, uint32_t *out)
{
	const uint8_t *from = p->data, *end = p->data + p->len;
	int64_t at = off;

	if (off < 0 && off >= SKF_NET_OFF) {
		from = p->frame + p->net;
		at -= SKF_NET_OFF;
	} else if (off < 0 && off >= SKF_LL_OFF) {
		from = p->frame;
		at -= SKF_LL_OFF;
	}
	if (at < 0 || from > end || at + n > end - from)
		return false;
	*out = 0;
	for (unsigned i = 0; i < n; i++)
		*out = *out << 8 | from[at + i];
	return true;
}

/* False: the packet is too short, which ends the program. */
static bool do_load(struct machine *m, const struct sock_filter *i)
{
	static const uint8_t bytes[] = { [BPF_W >> 3] = 4, [BPF_H >> 3] = 2, [BPF_B >> 3] = 1 };
	unsigned n = bytes[BPF_SIZE(i->code) >> 3];
	uint32_t v = i->k;
	bool ok = true;

	switch (BPF_MODE(i->code)) {
	case BPF_LEN:
		v = m->p->len;
		break;
	case BPF_MEM:
		v = m->mem[i->k];
		break;
	case BPF_ABS:
		if ((int32_t)i->k < 0 && (int32_t)i->k >= SKF_AD_OFF)
			v = about(m->p, (int32_t)i->k - SKF_AD_OFF);
		else
			ok = load(m->p, (int32_t)i->k, n, &v);
		break;
	case BPF_IND:
		ok = load(m->p, (int32_t)(m->x + i->k), n, &v);
		break;
	case BPF_MSH:
		ok = load(m->p, (int32_t)i->k, 1, &v);
		v = (v & 15) * 4;
		break;
	}
	if (BPF_CLASS(i->code) == BPF_LD)
		m->a = v;
	else
		m->x = v;
	return ok;
}

static bool do_alu(struct machine *m, const struct sock_filter *i)
{
	uint32_t v = BPF_SRC(i->code) == BPF_X ? m->x : i->k;

	switch (BPF_OP(i->code)) {
	case BPF_ADD:
		m->a += v;
		break;
	case BPF_SUB:
		m->a -= v;
		break;
	case BPF_MUL:
		m->a *= v;
		break;
	case BPF_DIV:
	case BPF_MOD:
		if (!v)
			return false;
		m->a = BPF_OP(i->code) == BPF_DIV ? m->a / v : m->a % v;
		break;
	case BPF_OR:
		m->a |= v;
		break;
	case BPF_AND:
		m->a &= v;
		break;
	case BPF_XOR:
		m->a ^= v;
		break;
	case BPF_LSH:
		m->a <<= v & SHIFT_MAX;
		break;
	case BPF_RSH:
		m->a >>= v & SHIFT_MAX;
		break;
	case BPF_NEG:
		m->a = -m->a;
		break;
	}
	return true;
}

static uint32_t jump(const struct machine *m, const struct sock_filter *i)
{
	uint32_t v = BPF_SRC(i->code) == BPF_X ? m->x : i->k;
	bool yes = false;

	switch (BPF_OP(i->code)) {
	case BPF_JA:
		return i->k;
	case BPF_JEQ:
		yes = m->a == v;
		break;
	case BPF_JGT:
		yes = m->a > v;
		break;
	case BPF_JGE:
		yes = m->a >= v;
		break;
	case BPF_JSET:
		yes = m->a & v;
		break;
	}
	return yes ? i->jt : i->jf;
}

/* A program only goes forward, so it ends. */
uint32_t bpf_run(const struct sock_filter *f, const struct bpf_packet *p)
{
	struct machine m = { .p = p };

	for (;; f++) {
		switch (BPF_CLASS(f->code)) {
		case BPF_LD:
		case BPF_LDX:
			if (!do_load(&m, f))
				return 0;
			break;
		case BPF_ST:
			m.mem[f->k] = m.a;
			break;
		case BPF_STX:
			m.mem[f->k] = m.x;
			break;
		case BPF_ALU:
			if (!do_alu(&m, f))
				return 0;
			break;
		case BPF_JMP:
			f += jump(&m, f);
			break;
		case BPF_RET:
			return BPF_RVAL(f->code) == BPF_A ? m.a : f->k;
		default:
			if (BPF_MISCOP(f->code) == BPF_TAX)
				m.x = m.a;
			else
				m.a = m.x;
		}
	}
}
