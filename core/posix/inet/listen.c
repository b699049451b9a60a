// SPDX-License-Identifier: BSD-3-Clause
/* Listening. Sockets that share a port by SO_REUSEPORT share lwIP's control block, too: one of
 * them holds it, the others are on its ring; a connection goes to the one that its peer's name
 * selects. */
#include "inet_private.h"
#include <lwip/priv/tcp_priv.h>

static bool shares(const struct inet *i)
{
	return i->s.flag_options & 1u << SO_REUSEPORT;
}

struct inet *inet_tcp_listener(const struct inet *but, const ip_addr_t *ip, uint16_t port)
{
	for (struct tcp_pcb_listen *l = tcp_listen_pcbs.listen_pcbs; l; l = l->next) {
		struct inet *i = l->callback_arg;

		if (i && i != but && l->local_port == port &&
		    IP_GET_TYPE(&l->local_ip) == IP_GET_TYPE(ip) && ip_addr_cmp(&l->local_ip, ip))
			return i;
	}
	return NULL;
}

static struct inet *pick(struct inet *l, const struct tcp_pcb *pcb)
{
	uint32_t h = pcb->remote_port ^
		     (IP_IS_V6_VAL(pcb->remote_ip) ? ip_2_ip6(&pcb->remote_ip)->addr[3]
						   : ip_2_ip4(&pcb->remote_ip)->addr);
	unsigned n;

	if (uc_list_empty(&l->ring))
		return l;
	h *= 0x9e3779b1u;
	n = (h >> 16) % (1 + uc_list_length(&l->ring));
	UC_LIST_FOREACH(it, &l->ring)
		if (n-- == 0)
			return UC_LIST_ENTRY(it, struct inet, ring);
	return l;
}

static void inherit(struct inet *c, const struct inet *l)
{
	uc_sock_inherit(&c->s, &l->s);
	c->s.mark = l->s.mark;
	c->s.priority = l->s.priority;
	c->s.rcvlowat = l->s.rcvlowat;
	c->nodelay = l->nodelay;
	c->v6only = l->v6only;
	c->keep_idle = l->keep_idle;
	c->keep_intvl = l->keep_intvl;
	c->keep_cnt = l->keep_cnt;
	c->user_timeout = l->user_timeout;
	c->ttl = l->ttl;
	c->tos = l->tos;
	c->device = l->device;
}

void inet_tcp_undefer(struct inet *c)
{
	struct inet *l = c->deferred_by;

	c->deferred_by = NULL;
	tcp_poll(c->tcp, NULL, 0);
	uc_list_remove(&c->backlog_link);
	uc_list_push_back(&l->backlog, &c->backlog_link);
	inet_wake(l, IN_EVENTS);
}

void inet_tcp_drop_deferred(struct inet *c)
{
	uc_list_remove(&c->backlog_link);
	uc_sock_unref(&c->s);
}

static err_t on_second(void *arg, struct tcp_pcb *pcb)
{
	struct inet *c = arg;

	if (c && c->deferred_by && --c->deferred_for == 0)
		inet_tcp_undefer(c);
	return ERR_OK;
}

/* TCP_DEFER_ACCEPT: the program is not woken before there is something to do. */
static void defer(struct inet *l, struct inet *c)
{
	c->deferred_by = l;
	c->deferred_for = (uint32_t)inet_tcp_defer_seconds(l);
	uc_list_push_back(&l->deferred, &c->backlog_link);
	tcp_poll(c->tcp, on_second, 1000 / TCP_SLOW_INTERVAL);
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
	struct inet *l = arg, *c;

	if (err != ERR_OK || !l || !pcb)
		return ERR_VAL;
	l = pick(l, pcb);
	c = inet_new(l->s.family, l->s.type, l->s.protocol);
	if (!c)
		return ERR_MEM;
	inet_tcp_attach(c, pcb);
	c->state = INET_CONNECTED;
	c->bound = true;
	inherit(c, l);
	inet_tcp_take_names(c);
	inet_apply_options(c);
	inet_urgent_accepted(c);
	tcp_backlog_delayed(pcb);
	if (l->defer_accept) {
		defer(l, c);
	} else {
		uc_list_push_back(&l->backlog, &c->backlog_link);
		inet_wake(l, IN_EVENTS);
	}
	return ERR_OK;
}

static void now_listens(struct inet *i)
{
	i->bound = i->s.listening = true;
	i->state = INET_LISTEN;
}

/* Another socket has the port already. */
static int join(struct inet *i, struct inet *first)
{
	struct tcp_pcb *own = i->tcp;

	if (!shares(i) || !shares(first) || i->s.inode.uid != first->s.inode.uid)
		return -EADDRINUSE;
	inet_tcp_let_go(i);
	tcp_close(own);
	uc_list_push_back(&first->ring, &i->ring);
	now_listens(i);
	return 0;
}

/* A port is chosen if there is none. */
static int bind_any(struct inet *i)
{
	const ip_addr_t *any = inet_ip_type(i) == IPADDR_TYPE_ANY ? IP_ANY_TYPE : &i->local;
	int r = i->bound ? 0 : inet_error(tcp_bind(i->tcp, any, 0));

	i->local_port = i->tcp->local_port;
	return r;
}

int inet_tcp_listen(struct inet *i, int backlog)
{
	const uint8_t n = (uint8_t)UC_MIN(UC_MAX(backlog, 1), TCP_DEFAULT_LISTEN_BACKLOG);
	struct inet *first;
	struct tcp_pcb *l;
	err_t e = ERR_OK;
	int r;

	i->backlog_max = backlog;
	if (i->state == INET_LISTEN) {
		if (i->tcp)
			tcp_backlog_set(i->tcp, n);
		return 0;
	}
	if (i->state != INET_IDLE)
		return -EINVAL;
	r = inet_tcp_open(i);
	if (r == 0)
		r = bind_any(i);
	if (r < 0)
		return r;
	first = inet_tcp_listener(i, &i->tcp->local_ip, i->tcp->local_port);
	if (first)
		return join(i, first);
	l = tcp_listen_with_backlog_and_err(i->tcp, n, &e);
	if (!l)
		return inet_error(e);
	i->tcp = l;
	now_listens(i);
	tcp_arg(l, i);
	tcp_accept(l, on_accept);
	return 0;
}

int inet_tcp_accept(struct inet *i, struct uc_sock **out, bool nonblock)
{
	uc_nsec deadline = uc_sock_deadline(i->s.rcvtimeo);
	struct inet *c;

	for (;;) {
		int r;

		if (i->state != INET_LISTEN || i->rd_shut)
			return -EINVAL;
		if (!uc_list_empty(&i->backlog))
			break;
		r = nonblock ? -EAGAIN : uc_sock_sleep(&i->q, deadline);
		if (r < 0)
			return r;
	}
	c = UC_LIST_ENTRY(i->backlog.next, struct inet, backlog_link);
	uc_list_remove(&c->backlog_link);
	if (c->tcp)
		tcp_backlog_accepted(c->tcp);
	*out = &c->s;
	return 0;
}

static void drop_all(struct uc_list *queue)
{
	while (!uc_list_empty(queue)) {
		struct inet *c = UC_LIST_ENTRY(queue->next, struct inet, backlog_link);
		struct tcp_pcb *pcb = c->tcp;

		uc_list_remove(&c->backlog_link);
		inet_tcp_let_go(c);
		if (pcb)
			tcp_abort(pcb);
		uc_sock_unref(&c->s);
	}
}

/* The next on the ring holds the control block from now on. */
static void hand_over(struct inet *i)
{
	struct inet *next = UC_LIST_ENTRY(i->ring.next, struct inet, ring);

	next->tcp = i->tcp;
	i->tcp = NULL;
	tcp_arg(next->tcp, next);
}

int inet_tcp_stop_listening(struct inet *i)
{
	struct tcp_pcb *pcb = i->tcp;

	if (pcb && !uc_list_empty(&i->ring)) {
		hand_over(i);
	} else {
		inet_tcp_let_go(i);
		if (pcb)
			tcp_close(pcb);
	}
	uc_list_remove(&i->ring);
	drop_all(&i->backlog);
	drop_all(&i->deferred);
	i->state = INET_IDLE;
	i->s.listening = false;
	i->bound = false;
	inet_wake(i, IN_EVENTS | POLLHUP);
	return 0;
}
