// SPDX-License-Identifier: BSD-3-Clause
// sctpclient PORT[/UDPPORT] BYTES STREAMS ADDRESS...: sends so many bytes over so many streams to
// an echo server and compares what comes back; BYTES+: and more until a path is lost. UDPPORT: in
// UDP datagrams between ports of this number. Prints `half` when half is back, and what it has
// counted.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/sctp.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define STREAMS_MAX 32
#define MESSAGE_MAX 8192

static uint64_t sent[STREAMS_MAX], back[STREAMS_MAX]; /* bytes of each stream */
static unsigned streams, lost_paths;

static void die(const char *what)
{
	printf("sctpclient: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void set(int fd, int name, const void *value, size_t n)
{
	if (setsockopt(fd, IPPROTO_SCTP, name, value, (socklen_t)n) < 0)
		die("setsockopt");
}

static void fill(uint8_t *buf, size_t n, unsigned stream, uint64_t at)
{
	for (size_t i = 0; i < n; i++, at++)
		buf[i] = (uint8_t)(at * 31 + (at >> 8) * 7 + (at >> 20) + stream);
}

static size_t add_address(uint8_t *to, const char *text, uint16_t port)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = port };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = port };

	if (inet_pton(AF_INET, text, &in.sin_addr) == 1) {
		memcpy(to, &in, sizeof(in));
		return sizeof(in);
	}
	if (inet_pton(AF_INET6, text, &in6.sin6_addr) != 1)
		die(text);
	memcpy(to, &in6, sizeof(in6));
	return sizeof(in6);
}

static int open_association(uint16_t port, char **names)
{
	struct sctp_initmsg init = { .sinit_num_ostreams = STREAMS_MAX };
	struct sctp_rtoinfo rto = { .srto_initial = 300, .srto_max = 2000, .srto_min = 100 };
	struct sctp_event_subscribe on = { .sctp_address_event = 1 };
	struct sctp_paddrparams path = { .spp_hbinterval = 500,
					 .spp_pathmaxrxt = 2,
					 .spp_flags = SPP_HB_ENABLE };
	int fd = socket(strchr(*names, ':') ? AF_INET6 : AF_INET, SOCK_STREAM, IPPROTO_SCTP);
	uint8_t list[256];
	size_t n = 0;
	int one = 1;

	if (fd < 0)
		die("socket");
	set(fd, SCTP_INITMSG, &init, sizeof(init));
	set(fd, SCTP_RTOINFO, &rto, sizeof(rto));
	set(fd, SCTP_EVENTS, &on, sizeof(on));
	set(fd, SCTP_PEER_ADDR_PARAMS, &path, sizeof(path));
	set(fd, SCTP_RECVRCVINFO, &one, sizeof(one));
	for (; *names; names++)
		n += add_address(list + n, *names, port);
	if (setsockopt(fd, IPPROTO_SCTP, SCTP_SOCKOPT_CONNECTX, list, (socklen_t)n) < 0)
		die("connectx");
	return fd;
}

static bool send_some(int fd, unsigned number, size_t most)
{
	uint8_t buf[MESSAGE_MAX];
	unsigned s = number % streams;
	size_t n = 1 + (number * 2654435761u >> 8) % MESSAGE_MAX;
	struct iovec v = { buf, n < most ? n : most };
	char room[CMSG_SPACE(sizeof(struct sctp_sndinfo))] = "";
	struct msghdr m = {
		.msg_iov = &v, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof(room)
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = IPPROTO_SCTP;
	c->cmsg_type = SCTP_SNDINFO;
	c->cmsg_len = CMSG_LEN(sizeof(struct sctp_sndinfo));
	((struct sctp_sndinfo *)CMSG_DATA(c))->snd_sid = (uint16_t)s;
	fill(buf, v.iov_len, s, sent[s]);
	if (sendmsg(fd, &m, MSG_DONTWAIT) < 0) {
		if (errno != EAGAIN)
			die("sendmsg");
		return false;
	}
	sent[s] += v.iov_len;
	return true;
}

/* A message that came back: how many bytes, 0 for an event. */
static size_t check(int fd)
{
	static uint8_t buf[MESSAGE_MAX + 1], right[MESSAGE_MAX + 1];
	struct iovec v = { buf, sizeof(buf) };
	char room[CMSG_SPACE(sizeof(struct sctp_rcvinfo))];
	struct msghdr m = {
		.msg_iov = &v, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof(room)
	};
	union sctp_notification *e = (void *)buf;
	ssize_t n = recvmsg(fd, &m, 0);
	unsigned s;

	if (n <= 0)
		die("recvmsg");
	if (m.msg_flags & MSG_NOTIFICATION) {
		if (e->sn_header.sn_type == SCTP_PEER_ADDR_CHANGE &&
		    e->sn_paddr_change.spc_state == SCTP_ADDR_UNREACHABLE)
			lost_paths++;
		return 0;
	}
	s = ((struct sctp_rcvinfo *)CMSG_DATA(CMSG_FIRSTHDR(&m)))->rcv_sid;
	fill(right, (size_t)n, s, back[s]);
	if (s >= streams || memcmp(right, buf, (size_t)n) != 0) {
		printf("sctpclient: wrong bytes on stream %u at %lu\n", s, back[s]);
		exit(1);
	}
	back[s] += (uint64_t)n;
	return (size_t)n;
}

static void use_udp(const char *port)
{
	static const char *const settings[] = { "/proc/sys/net/sctp/udp_port",
						"/proc/sys/net/sctp/encap_port" };

	for (unsigned i = 0; i < 2; i++) {
		FILE *f = fopen(settings[i], "w");

		if (!f || fputs(port, f) < 0 || fclose(f))
			die(settings[i]);
	}
}

int main(int argc, char **argv)
{
	uint64_t total = 0, out = 0, in = 0;
	struct pollfd p = { .fd = -1 };
	unsigned number = 0;
	bool half = false, more;
	char *end;

	if (argc < 5)
		return 2;
	total = strtoull(argv[2], &end, 10);
	more = *end == '+';
	setvbuf(stdout, NULL, _IOLBF, 0);
	streams = (unsigned)atoi(argv[3]);
	if (strchr(argv[1], '/'))
		use_udp(strchr(argv[1], '/') + 1);
	p.fd = open_association(htons((uint16_t)atoi(argv[1])), argv + 4);
	while (in < total) {
		if (more && out == total && !lost_paths)
			total += MESSAGE_MAX;
		p.events = (short)(POLLIN | (out == total ? 0 : POLLOUT));
		if (poll(&p, 1, 60000) != 1)
			die("stalled");
		if (p.revents & POLLIN)
			in += check(p.fd);
		if (p.revents & POLLOUT && out < total && send_some(p.fd, number, total - out)) {
			out = 0;
			for (unsigned s = 0; s < streams; s++)
				out += sent[s];
			number++;
		}
		if (!half && in >= total / 2) {
			half = true;
			puts("half");
		}
	}
	printf("%lu bytes in %u messages over %u streams, %s\n", in, number, streams,
	       lost_paths ? "a path was lost" : "no path was lost");
	return 0;
}
