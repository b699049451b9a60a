// SPDX-License-Identifier: BSD-3-Clause
/*
 * Where control enters and leaves the stack. The linker binds __wrap_NAME in place of NAME, so that
 * other images have no part of it.
 */
#include <uc/compartment.h>
#include <uc/heap.h>
#include <uc/socket.h>

enum { NET = UC_COMPARTMENT_NET };

/* ---- sockets: what else there is (files of /proc, timers) enters by a fault (trap.c) ---- */

struct gated {
	struct uc_sock_ops ops;
	const struct uc_sock_ops *real;
	struct gated *next;
};
static struct gated *tables;

static const struct uc_sock_ops *real_of(const struct uc_sock *s)
{
	return UC_CONTAINER(s->ops, struct gated, ops)->real;
}

/* An operation with its rights around it. */
#define GATED(type, op, params, ...) \
	static type gated_##op params \
	{ \
		uc_rights before = uc_compartment_enter(NET); \
		type r = real_of(s)->op(__VA_ARGS__); \
		uc_compartment_leave(before); \
		return r; \
	}
#define GATED_VOID(op) \
	static void gated_##op(struct uc_sock *s) \
	{ \
		uc_rights before = uc_compartment_enter(NET); \
		real_of(s)->op(s); \
		uc_compartment_leave(before); \
	}

GATED(int, bind, (struct uc_sock *s, const struct uc_sockaddr *a, unsigned n), s, a, n)
GATED(int, connect, (struct uc_sock *s, const struct uc_sockaddr *a, unsigned n, bool nb), s, a, n,
	nb)
GATED(int, listen, (struct uc_sock *s, int backlog), s, backlog)
GATED(int, accept, (struct uc_sock *s, struct uc_sock **out, bool nb), s, out, nb)
GATED(int, getname, (struct uc_sock *s, struct uc_sockaddr *a, bool peer), s, a, peer)
GATED(ssize_t, sendmsg, (struct uc_sock *s, struct uc_msg *m), s, m)
GATED(ssize_t, recvmsg, (struct uc_sock *s, struct uc_msg *m), s, m)
GATED(int, shutdown, (struct uc_sock *s, int how), s, how)
GATED(int, getsockopt, (struct uc_sock *s, int level, int name, void *p, unsigned *n), s, level,
	name, p, n)
GATED(int, setsockopt, (struct uc_sock *s, int level, int name, const void *p, unsigned n), s,
	level, name, p, n)
GATED(unsigned, poll, (struct uc_sock *s, struct uc_poll *p), s, p)
GATED(long, ioctl, (struct uc_sock *s, unsigned cmd, uc_uptr arg), s, cmd, arg)
GATED_VOID(close)
GATED_VOID(free)

static const struct uc_sock_ops *gated(const struct uc_sock_ops *real)
{
	struct gated *g = tables;

	while (g && g->real != real)
		g = g->next;
	if (g)
		return &g->ops;
	g = uc_heap_alloc(sizeof(*g));
	if (!g)
		return real;
	*g = (struct gated){ *real, real, tables };
#define GATE(op) g->ops.op = real->op ? gated_##op : NULL
	GATE(bind);
	GATE(connect);
	GATE(listen);
	GATE(accept);
	GATE(getname);
	GATE(sendmsg);
	GATE(recvmsg);
	GATE(shutdown);
	GATE(getsockopt);
	GATE(setsockopt);
	GATE(poll);
	GATE(ioctl);
	GATE(close);
	GATE(free);
#undef GATE
	tables = g;
	return &g->ops;
}

void __real_uc_sock_init(struct uc_sock *s, const struct uc_sock_ops *ops, int family, int type,
			 int protocol);
void __wrap_uc_sock_init(struct uc_sock *s, const struct uc_sock_ops *ops, int family, int type,
			 int protocol);

void __wrap_uc_sock_init(struct uc_sock *s, const struct uc_sock_ops *ops, int family, int type,
			 int protocol)
{
	bool inside = family == UC_AF_INET || family == UC_AF_INET6 || family == UC_AF_NETLINK ||
		      family == UC_AF_PACKET;

	__real_uc_sock_init(s, inside ? gated(ops) : ops, family, type, protocol);
}

/* ---- threads ---- */

void __real_uc_ctx_switch(struct uc_ctx *from, struct uc_ctx *to);
void __wrap_uc_ctx_switch(struct uc_ctx *from, struct uc_ctx *to);

void __wrap_uc_ctx_switch(struct uc_ctx *from, struct uc_ctx *to)
{
	uc_rights before = uc_compartment_close();

	__real_uc_ctx_switch(from, to);
	uc_compartment_leave(before);
	/* Who entered by a fault leaves on the way out. */
	if (uc_compartment_inside())
		uc_cpu_set_attention();
}

void __real_uc_defer_run(void);
void __wrap_uc_defer_run(void);

/* Work of others does not run with the rights of the thread that it interrupts. */
void __wrap_uc_defer_run(void)
{
	uc_rights before = uc_compartment_close();

	__real_uc_defer_run();
	uc_compartment_leave(before);
}

void __real_uc_upcall_attention(struct uc_regs *r);
void __wrap_uc_upcall_attention(struct uc_regs *r);

void __wrap_uc_upcall_attention(struct uc_regs *r)
{
	uc_compartment_close();
	__real_uc_upcall_attention(r);
	uc_compartment_close();
}
