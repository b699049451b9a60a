// SPDX-License-Identifier: BSD-3-Clause
// SCTP sockets (RFC 6458) between two sockets of one machine, as Linux has them. Uses the system
// calls and linux/sctp.h alone.
#define _GNU_SOURCE
#include "check.h"

#include <arpa/inet.h>
#include <linux/sctp.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define SCTP IPPROTO_SCTP

static struct sockaddr_in address;

static int get_int(int fd, int level, int name)
{
	int v = -1;
	socklen_t n = sizeof(v);

	return getsockopt(fd, level, name, &v, &n) == 0 ? v : -1000 - errno;
}

static int set_int(int fd, int level, int name, int v)
{
	return setsockopt(fd, level, name, &v, sizeof(v));
}

static int bound(int type)
{
	int fd = socket(AF_INET, type, SCTP);
	socklen_t n = sizeof(address);

	address = (struct sockaddr_in){ .sin_family = AF_INET,
					.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	CHECK(fd >= 0);
	CHECK(bind(fd, (void *)&address, sizeof(address)) == 0);
	CHECK(getsockname(fd, (void *)&address, &n) == 0);
	CHECK(address.sin_port && address.sin_addr.s_addr == htonl(INADDR_LOOPBACK));
	return fd;
}

static int ready(int fd, int events)
{
	struct pollfd p = { .fd = fd, .events = (short)events };

	return poll(&p, 1, 20000) == 1 ? p.revents : 0;
}

/* One message on a stream; ppid goes as it is. */
static ssize_t send_on(int fd, const void *data, size_t n, uint16_t stream, uint32_t ppid,
		       int flags, int32_t assoc)
{
	struct iovec v = { (void *)data, n };
	char room[CMSG_SPACE(sizeof(struct sctp_sndinfo))] = "";
	struct msghdr m = { .msg_iov = &v,
			    .msg_iovlen = 1,
			    .msg_control = room,
			    .msg_controllen = sizeof(room) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	struct sctp_sndinfo *i = (void *)CMSG_DATA(c);

	c->cmsg_level = SCTP;
	c->cmsg_type = SCTP_SNDINFO;
	c->cmsg_len = CMSG_LEN(sizeof(*i));
	*i = (struct sctp_sndinfo){ .snd_sid = stream,
				    .snd_flags = (uint16_t)flags,
				    .snd_ppid = ppid,
				    .snd_assoc_id = assoc };
	return sendmsg(fd, &m, MSG_NOSIGNAL);
}

struct got {
	ssize_t n;
	int flags;
	bool has_rcv, has_old;
	struct sctp_rcvinfo rcv;
	struct sctp_sndrcvinfo old;
	struct sockaddr_in from;
	socklen_t from_len;
};

static struct got receive(int fd, void *buf, size_t n)
{
	struct got g = { .n = 0 };
	struct iovec v = { buf, n };
	char room[256];
	struct msghdr m = { .msg_name = &g.from,
			    .msg_namelen = sizeof(g.from),
			    .msg_iov = &v,
			    .msg_iovlen = 1,
			    .msg_control = room,
			    .msg_controllen = sizeof(room) };

	g.n = recvmsg(fd, &m, 0);
	g.flags = m.msg_flags;
	g.from_len = m.msg_namelen;
	if (g.n >= 0)
		for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
			CHECK(c->cmsg_level == SCTP);
			if (c->cmsg_type == SCTP_RCVINFO) {
				g.has_rcv = true;
				memcpy(&g.rcv, CMSG_DATA(c), sizeof(g.rcv));
			} else if (c->cmsg_type == SCTP_SNDRCV) {
				g.has_old = true;
				memcpy(&g.old, CMSG_DATA(c), sizeof(g.old));
			}
		}
	return g;
}

static void kinds(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, SCTP);

	CHECK(get_int(fd, SOL_SOCKET, SO_TYPE) == SOCK_STREAM);
	CHECK(get_int(fd, SOL_SOCKET, SO_PROTOCOL) == SCTP);
	CHECK(get_int(fd, SOL_SOCKET, SO_DOMAIN) == AF_INET);
	close(fd);
	CHECK_ERR(socket(AF_INET, SOCK_DGRAM, SCTP), EPROTONOSUPPORT);
	fd = socket(AF_INET6, SOCK_SEQPACKET | SOCK_NONBLOCK, SCTP);
	CHECK(fd >= 0);
	CHECK_ERR(accept(fd, NULL, NULL), EOPNOTSUPP);
	close(fd);
}

static void stream_options(void)
{
	struct sctp_initmsg i = { 0 };
	struct sctp_rtoinfo r = { 0 };
	struct sctp_assoc_value v = { .assoc_value = 0 };
	socklen_t n = sizeof(i);
	int fd = socket(AF_INET, SOCK_STREAM, SCTP);

	CHECK(getsockopt(fd, SCTP, SCTP_INITMSG, &i, &n) == 0 && n == sizeof(i));
	CHECK(i.sinit_num_ostreams == 10);
	i = (struct sctp_initmsg){ .sinit_num_ostreams = 20, .sinit_max_instreams = 30 };
	CHECK(setsockopt(fd, SCTP, SCTP_INITMSG, &i, sizeof(i)) == 0);
	CHECK(getsockopt(fd, SCTP, SCTP_INITMSG, &i, &n) == 0);
	CHECK(i.sinit_num_ostreams == 20 && i.sinit_max_instreams == 30);
	CHECK(get_int(fd, SCTP, SCTP_NODELAY) == 0);
	CHECK(set_int(fd, SCTP, SCTP_NODELAY, 1) == 0);
	CHECK(get_int(fd, SCTP, SCTP_NODELAY) == 1);
	n = sizeof(r);
	CHECK(getsockopt(fd, SCTP, SCTP_RTOINFO, &r, &n) == 0);
	CHECK(r.srto_initial == 3000 && r.srto_max == 60000 && r.srto_min == 1000);
	r = (struct sctp_rtoinfo){ .srto_initial = 2000, .srto_max = 4000, .srto_min = 200 };
	CHECK(setsockopt(fd, SCTP, SCTP_RTOINFO, &r, sizeof(r)) == 0);
	memset(&r, 0, sizeof(r));
	CHECK(getsockopt(fd, SCTP, SCTP_RTOINFO, &r, &n) == 0);
	CHECK(r.srto_initial == 2000 && r.srto_max == 4000 && r.srto_min == 200);
	v.assoc_value = 1000;
	CHECK(setsockopt(fd, SCTP, SCTP_MAXSEG, &v, sizeof(v)) == 0);
	n = sizeof(v);
	CHECK(getsockopt(fd, SCTP, SCTP_MAXSEG, &v, &n) == 0 && v.assoc_value == 1000);
	n = 1;
	CHECK_ERR(getsockopt(fd, SCTP, SCTP_RTOINFO, &r, &n), EINVAL);
	CHECK_ERR(set_int(fd, SCTP, 9999, 1), ENOPROTOOPT);
	close(fd);
}

static void refused(void)
{
	int fd = bound(SOCK_STREAM), c;

	close(fd);
	c = socket(AF_INET, SOCK_STREAM, SCTP);
	CHECK_ERR(connect(c, (void *)&address, sizeof(address)), ECONNREFUSED);
	close(c);
	c = socket(AF_INET, SOCK_STREAM, SCTP);
	CHECK_ERR(send(c, "x", 1, MSG_NOSIGNAL), EPIPE);
	CHECK_ERR(recv(c, &c, sizeof(c), 0), ENOTCONN);
	close(c);
}

static void one_to_one(void)
{
	static char big[100000], back[sizeof(big)];
	struct sockaddr_in peer = { 0 };
	socklen_t n = sizeof(peer);
	int l = bound(SOCK_STREAM), c = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, SCTP), s;
	struct sctp_status st = { 0 };
	struct got g;
	size_t at;

	CHECK_ERR(accept4(l, NULL, NULL, 0), EINVAL);
	CHECK(listen(l, 5) == 0);
	CHECK(get_int(l, SOL_SOCKET, SO_ACCEPTCONN) == 1);
	CHECK_ERR(connect(c, (void *)&address, sizeof(address)), EINPROGRESS);
	CHECK(ready(l, POLLIN) == POLLIN);
	s = accept(l, (void *)&peer, &n);
	CHECK(s >= 0 && n == sizeof(peer) && peer.sin_family == AF_INET);
	CHECK(ready(c, POLLOUT) == POLLOUT);
	CHECK(get_int(c, SOL_SOCKET, SO_ERROR) == 0);
	CHECK_ERR(connect(c, (void *)&address, sizeof(address)), EISCONN);
	n = sizeof(peer);
	CHECK(getpeername(c, (void *)&peer, &n) == 0 && peer.sin_port == address.sin_port);
	n = sizeof(st);
	CHECK(getsockopt(c, SCTP, SCTP_STATUS, &st, &n) == 0 && n == sizeof(st));
	CHECK(st.sstat_state == SCTP_ESTABLISHED && st.sstat_outstrms == 10);
	CHECK(st.sstat_primary.spinfo_state == SCTP_ACTIVE);

	CHECK_ERR(recv(c, back, 10, 0), EAGAIN);
	CHECK(set_int(s, SCTP, SCTP_RECVRCVINFO, 1) == 0);
	CHECK(send_on(c, "hello", 5, 3, htonl(77), 0, 0) == 5);
	CHECK(send_on(c, "again", 5, 4, 0, SCTP_UNORDERED, 0) == 5);
	g = receive(s, back, sizeof(back));
	CHECK(g.n == 5 && !memcmp(back, "hello", 5) && g.flags & MSG_EOR);
	CHECK(g.has_rcv && !g.has_old && g.rcv.rcv_sid == 3 && g.rcv.rcv_ppid == htonl(77));
	CHECK(!g.rcv.rcv_flags && g.from_len == sizeof(g.from));
	g = receive(s, back, 2);
	CHECK(g.n == 2 && !(g.flags & MSG_EOR) && g.rcv.rcv_flags & SCTP_UNORDERED);
	g = receive(s, back, 20);
	CHECK(g.n == 3 && !memcmp(back, "ain", 3) && g.flags & MSG_EOR);
	CHECK_ERR(send_on(c, "x", 1, 10, 0, 0, 0), EINVAL);
	CHECK_ERR(send(c, "", 0, 0), EINVAL);

	for (size_t i = 0; i < sizeof(big); i++)
		big[i] = (char)(i * 7 + i / 251);
	CHECK(send(c, big, sizeof(big), 0) == (ssize_t)sizeof(big));
	for (at = 0; at < sizeof(big); at += (size_t)g.n) {
		g = receive(s, back + at, sizeof(back) - at);
		if (g.n <= 0)
			break;
	}
	CHECK(at == sizeof(big) && !memcmp(big, back, at) && g.flags & MSG_EOR);

	CHECK(shutdown(c, SHUT_WR) == 0);
	CHECK(ready(s, POLLIN) & POLLIN);
	CHECK(recv(s, back, sizeof(back), 0) == 0);
	CHECK_ERR(send(s, "x", 1, MSG_NOSIGNAL), EPIPE);
	close(s);
	close(c);
	close(l);
}

static void aborted(void)
{
	struct linger now = { 1, 0 };
	int l = bound(SOCK_STREAM), c = socket(AF_INET, SOCK_STREAM, SCTP), s;
	char byte;

	CHECK(listen(l, 5) == 0);
	CHECK(connect(c, (void *)&address, sizeof(address)) == 0);
	s = accept(l, NULL, NULL);
	CHECK(setsockopt(c, SOL_SOCKET, SO_LINGER, &now, sizeof(now)) == 0);
	close(c);
	CHECK(ready(s, POLLIN) & POLLERR);
	CHECK_ERR(recv(s, &byte, 1, 0), ECONNRESET);
	close(s);
	close(l);
}

static int32_t association(int fd, int state)
{
	union sctp_notification e;
	struct got g = receive(fd, &e, sizeof(e));

	CHECK(g.n >= (ssize_t)sizeof(e.sn_assoc_change) && g.flags & MSG_NOTIFICATION);
	CHECK(g.flags & MSG_EOR);
	CHECK(e.sn_header.sn_type == SCTP_ASSOC_CHANGE && e.sn_header.sn_length == g.n);
	CHECK(e.sn_assoc_change.sac_state == state);
	return e.sn_assoc_change.sac_assoc_id;
}

static void one_to_many(void)
{
	struct sctp_event_subscribe on = { .sctp_data_io_event = 1, .sctp_association_event = 1 };
	union {
		struct sctp_assoc_ids list;
		char room[64];
	} ids = { 0 };
	int server = bound(SOCK_SEQPACKET), a = socket(AF_INET, SOCK_SEQPACKET, SCTP), branch;
	struct sctp_event_subscribe got;
	union sctp_notification e;
	sctp_peeloff_arg_t peel;
	socklen_t n = sizeof(got);
	struct got g;
	char buf[64];
	int32_t id;

	CHECK(setsockopt(server, SCTP, SCTP_EVENTS, &on, sizeof(on)) == 0);
	CHECK(getsockopt(server, SCTP, SCTP_EVENTS, &got, &n) == 0 && !memcmp(&got, &on, n));
	CHECK(listen(server, 5) == 0);
	CHECK_ERR(send(a, "x", 1, MSG_NOSIGNAL), EPIPE);
	CHECK(sendto(a, "first", 5, 0, (void *)&address, sizeof(address)) == 5);
	id = association(server, SCTP_COMM_UP);
	CHECK(id > 2);
	g = receive(server, buf, sizeof(buf));
	CHECK(g.n == 5 && g.has_old && !g.has_rcv && g.old.sinfo_assoc_id == id);
	n = sizeof(ids);
	CHECK(getsockopt(server, SCTP, SCTP_GET_ASSOC_ID_LIST, &ids, &n) == 0);
	CHECK(ids.list.gaids_number_of_ids == 1 && ids.list.gaids_assoc_id[0] == id);

	/* back by the association's number, then from a socket of its own */
	CHECK(send_on(server, "answer", 6, 1, 0, 0, id) == 6);
	g = receive(a, buf, sizeof(buf));
	CHECK(g.n == 6 && !memcmp(buf, "answer", 6) && !g.has_old);
	CHECK(g.from.sin_port == address.sin_port);
	peel = (sctp_peeloff_arg_t){ .associd = id };
	n = sizeof(peel);
	CHECK(getsockopt(server, SCTP, SCTP_SOCKOPT_PEELOFF, &peel, &n) == 0);
	branch = peel.sd;
	CHECK(branch > server);
	CHECK(sendto(a, "second", 6, 0, (void *)&address, sizeof(address)) == 6);
	g = receive(branch, buf, sizeof(buf));
	CHECK(g.n == 6 && !memcmp(buf, "second", 6));
	CHECK(send(branch, "third", 5, 0) == 5);
	g = receive(a, buf, sizeof(buf));
	CHECK(g.n == 5 && !memcmp(buf, "third", 5));

	/* an end by message */
	CHECK(setsockopt(branch, SCTP, SCTP_EVENTS, &on, sizeof(on)) == 0);
	CHECK(send_on(branch, "", 0, 0, 0, SCTP_EOF, 0) == 0);
	g = receive(branch, &e, sizeof(e));
	CHECK(g.n == 0 || (g.flags & MSG_NOTIFICATION &&
			   e.sn_assoc_change.sac_state == SCTP_SHUTDOWN_COMP));
	close(branch);
	close(server);
	close(a);
}

static void many_addresses(void)
{
	struct sockaddr_in two[2] = { { .sin_family = AF_INET,
					.sin_addr.s_addr = htonl(INADDR_LOOPBACK) } };
	union {
		struct sctp_getaddrs list;
		char room[200];
	} got = { 0 };
	int l = bound(SOCK_STREAM), c = socket(AF_INET, SOCK_STREAM, SCTP), s;
	struct sctp_paddrparams p = { 0 };
	socklen_t n = sizeof(got);

	two[0].sin_port = address.sin_port;
	CHECK(listen(l, 1) == 0);
	CHECK(setsockopt(c, SCTP, SCTP_SOCKOPT_CONNECTX, two, sizeof(two[0])) > 0);
	s = accept(l, NULL, NULL);
	CHECK(getsockopt(c, SCTP, SCTP_GET_PEER_ADDRS, &got, &n) == 0);
	CHECK(got.list.addr_num == 1 && n == sizeof(got.list) + sizeof(two[0]));
	CHECK(!memcmp(got.list.addrs, two, 8));
	n = sizeof(got);
	CHECK(getsockopt(l, SCTP, SCTP_GET_LOCAL_ADDRS, &got, &n) == 0 && got.list.addr_num == 1);
	n = sizeof(p);
	memcpy(&p.spp_address, two, sizeof(two[0]));
	CHECK(getsockopt(c, SCTP, SCTP_PEER_ADDR_PARAMS, &p, &n) == 0);
	CHECK(p.spp_hbinterval == 30000 && p.spp_flags & SPP_HB_ENABLE);
	p.spp_hbinterval = 5000;
	CHECK(setsockopt(c, SCTP, SCTP_PEER_ADDR_PARAMS, &p, sizeof(p)) == 0);
	CHECK(getsockopt(c, SCTP, SCTP_PEER_ADDR_PARAMS, &p, &n) == 0 && p.spp_hbinterval == 5000);
	CHECK_ERR(setsockopt(c, SCTP, SCTP_SOCKOPT_CONNECTX, two, 7), EINVAL);
	CHECK(close(s) == 0 && close(c) == 0 && close(l) == 0);
	c = socket(AF_INET, SOCK_STREAM, SCTP);
	two[0].sin_port = 0;
	CHECK(setsockopt(c, SCTP, SCTP_SOCKOPT_BINDX_ADD, two, sizeof(two[0])) == 0);
	close(c);
}

static void edges_of_epoll(void)
{
	struct epoll_event e = { .events = EPOLLIN | EPOLLET }, got;
	int l = bound(SOCK_STREAM), c = socket(AF_INET, SOCK_STREAM, SCTP), s;
	int ep = epoll_create1(0);
	char byte;

	CHECK(listen(l, 1) == 0);
	CHECK(connect(c, (void *)&address, sizeof(address)) == 0);
	s = accept4(l, NULL, NULL, SOCK_NONBLOCK);
	CHECK(epoll_ctl(ep, EPOLL_CTL_ADD, s, &e) == 0);
	CHECK(epoll_wait(ep, &got, 1, 0) == 0);
	CHECK(send(c, "1", 1, 0) == 1);
	CHECK(epoll_wait(ep, &got, 1, 5000) == 1 && got.events & EPOLLIN);
	CHECK(recv(s, &byte, 1, 0) == 1);
	CHECK_ERR(recv(s, &byte, 1, 0), EAGAIN);
	close(c);
	CHECK(epoll_wait(ep, &got, 1, 5000) == 1 && got.events & EPOLLIN);
	CHECK(recv(s, &byte, 1, 0) == 0);
	close(s);
	close(l);
	close(ep);
}

int main(void)
{
	alarm(100);
	kinds();
	stream_options();
	refused();
	one_to_one();
	aborted();
	one_to_many();
	many_addresses();
	edges_of_epoll();
	return check_done();
}
