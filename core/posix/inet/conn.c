// SPDX-License-Identifier: BSD-3-Clause
/* Connections being made by this side, and the end of connections. */
#include "inet_private.h"
#include <lwip/priv/tcp_priv.h>
#include <uc/time.h>

static void on_error(void *arg, err_t err)
{
	struct inet *i = arg;
	bool connecting = i->state == INET_CONNECTING;

	i->tcp = NULL; /* lwIP has freed it */
	if (i->deferred_by) {
		inet_tcp_drop_deferred(i);
		return;
	}
	if (err == ERR_RST)
		i->s.err = connecting ? ECONNREFUSED : ECONNRESET;
	else if (err != ERR_CLSD)
		i->s.err = ETIMEDOUT;
	if (connecting) {
		i->state = INET_IDLE;
		i->bound = false;
	}
	i->fin = true;
	inet_wake(i, IN_EVENTS | OUT_EVENTS | POLLERR | POLLHUP | POLLRDHUP);
}

void inet_tcp_take_names(struct inet *i)
{
	i->local = i->tcp->local_ip;
	i->remote = i->tcp->remote_ip;
	i->local_port = i->tcp->local_port;
	i->remote_port = i->tcp->remote_port;
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
	struct inet *i = arg;

	i->state = INET_CONNECTED;
	inet_tcp_take_names(i);
	inet_wake(i, OUT_EVENTS);
	return ERR_OK;
}

void inet_tcp_attach(struct inet *i, struct tcp_pcb *pcb)
{
	i->tcp = pcb;
	tcp_arg(pcb, i);
	tcp_recv(pcb, inet_tcp_on_recv);
	tcp_sent(pcb, inet_tcp_on_sent);
	tcp_err(pcb, on_error);
}

void inet_tcp_let_go(struct inet *i)
{
	struct tcp_pcb *pcb = i->tcp;

	i->tcp = NULL;
	if (!pcb)
		return;
	tcp_arg(pcb, NULL);
	if (pcb->state == LISTEN) {
		tcp_accept(pcb, NULL);
		return;
	}
	tcp_recv(pcb, NULL);
	tcp_sent(pcb, NULL);
	tcp_err(pcb, NULL);
}

int inet_tcp_open(struct inet *i)
{
	struct tcp_pcb *pcb;

	if (i->tcp)
		return 0;
	pcb = tcp_new_ip_type(inet_ip_type(i));
	if (!pcb)
		return -ENOMEM;
	inet_tcp_attach(i, pcb);
	inet_apply_options(i);
	i->state = INET_IDLE;
	i->fin = i->fin_read = i->rd_shut = i->wr_shut = i->bound = false;
	return 0;
}

static int start(struct inet *i, const ip_addr_t *ip, uint16_t port)
{
	int r = inet_tcp_open(i);

	if (r < 0)
		return r;
	if (!port)
		return -ECONNREFUSED; /* nobody listens there; lwIP would not ask */
	inet_apply_options(i);
	if (!i->bound && IP_IS_V4(ip) && i->s.family == UC_AF_INET6)
		ip_addr_copy(i->tcp->local_ip, *IP4_ADDR_ANY);
	i->state = INET_CONNECTING;
	r = inet_error(tcp_connect(i->tcp, ip, port, on_connected));
	if (r < 0) {
		i->state = INET_IDLE;
		return r;
	}
	if (i->tcp)
		inet_tcp_take_names(i);
	return 0;
}

int inet_tcp_connect(struct inet *i, const ip_addr_t *ip, uint16_t port, bool nonblock)
{
	uc_nsec deadline = uc_sock_deadline(i->s.sndtimeo);
	int r;

	if (i->s.err && i->state == INET_IDLE)
		return uc_sock_take_error(&i->s);
	if (i->state == INET_CONNECTED)
		return -EISCONN;
	if (i->state == INET_LISTEN)
		return -EISCONN;
	if (i->state == INET_CONNECTING && nonblock)
		return -EALREADY;
	if (i->state == INET_IDLE && (r = start(i, ip, port)) < 0)
		return r;
	while (i->state == INET_CONNECTING) {
		r = nonblock ? -EINPROGRESS : uc_sock_sleep(&i->q, deadline);
		if (r < 0)
			return r == -EAGAIN ? -EINPROGRESS : r;
	}
	return i->state == INET_CONNECTED ? 0 : uc_sock_take_error(&i->s);
}

void inet_tcp_fail(struct inet *i, int err)
{
	struct tcp_pcb *pcb = i->tcp;

	inet_tcp_let_go(i);
	if (pcb)
		tcp_abandon(pcb, 0);
	i->state = INET_IDLE;
	i->bound = false;
	i->fin = true;
	i->s.err = err;
	inet_wake(i, IN_EVENTS | OUT_EVENTS | POLLERR | POLLHUP);
}

/* ---- ending ---- */
int inet_tcp_shutdown(struct inet *i, int how)
{
	bool rd = how != UC_SHUT_WR, wr = how != UC_SHUT_RD, gone = !i->tcp;

	if (i->state == INET_LISTEN)
		return rd ? inet_tcp_stop_listening(i) : 0;
	if (i->state != INET_CONNECTED)
		return -ENOTCONN;
	i->rd_shut |= rd;
	if (wr && !i->wr_shut && i->tcp) {
		i->wr_shut = true;
		tcp_shutdown(i->tcp, 0, 1);
		if (i->fin)
			inet_tcp_let_go(i);
	}
	inet_wake(i, IN_EVENTS | OUT_EVENTS | POLLRDHUP | (rd && wr ? POLLHUP : 0));
	return gone ? -ENOTCONN : 0;
}

static bool unsent(const struct tcp_pcb *p)
{
	return p->unsent || p->unacked;
}

/* SO_LINGER with a time: until all is acknowledged. */
static void linger(struct inet *i)
{
	uc_nsec end = uc_time_mono() + (uc_nsec)i->s.linger.linger * 1000000000u;

	tcp_output(i->tcp);
	while (i->tcp && unsent(i->tcp) && uc_time_mono() < end)
		if (uc_sock_sleep(&i->q, UC_MIN(end, uc_time_mono() + 20000000u)) == -EINTR)
			break;
}

void inet_tcp_close(struct inet *i)
{
	bool reset = i->s.linger.onoff && !i->s.linger.linger;
	struct tcp_pcb *pcb;

	if (i->state == INET_LISTEN) {
		inet_tcp_stop_listening(i);
		return;
	}
	if (i->tcp && i->state == INET_CONNECTED && i->s.linger.onoff && !reset && !i->rx)
		linger(i);
	pcb = i->tcp;
	inet_tcp_let_go(i);
	if (pcb && reset && i->state == INET_CONNECTED)
		tcp_abort(pcb);
	else if (pcb && tcp_close(pcb) != ERR_OK)
		tcp_abort(pcb);
	inet_tcp_drop_rx(i);
	i->state = INET_IDLE;
}
