// SPDX-License-Identifier: BSD-3-Clause
// SCTP in UDP datagrams (RFC 6951) over loopback: the settings in /proc/sys/net/sctp and the option
// SCTP_REMOTE_UDP_ENCAPS_PORT, as Linux has them since 5.11. Which protocol is on the way is
// counted by a packet socket.
#include "check.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/sctp.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORT 9899

/* Written to a setting: 0 or an errno. */
static int put(const char *name, const char *text)
{
	char path[64];
	int r;

	snprintf(path, sizeof(path), "/proc/sys/net/sctp/%s", name);
	int fd = open(path, O_WRONLY);
	CHECK(fd >= 0);
	r = write(fd, text, strlen(text)) < 0 ? errno : 0;
	close(fd);
	return r;
}

static int get(const char *name)
{
	char path[64], text[16] = "";

	snprintf(path, sizeof(path), "/proc/sys/net/sctp/%s", name);
	int fd = open(path, O_RDONLY);
	CHECK(fd >= 0 && read(fd, text, sizeof(text) - 1) > 0);
	close(fd);
	return atoi(text);
}

/* Frames on loopback since the last time, by what IP carries. */
static void count(int tap, int n[2])
{
	unsigned char f[2048];
	ssize_t len;

	n[0] = n[1] = 0;
	while ((len = recv(tap, f, sizeof(f), MSG_DONTWAIT)) > 0) {
		unsigned char proto = f[12] == 0x86 ? f[20] : f[23];

		n[0] += proto == IPPROTO_UDP;
		n[1] += proto == IPPROTO_SCTP;
	}
}

static int tapped(void)
{
	struct sockaddr_ll a = { .sll_family = AF_PACKET,
				 .sll_protocol = htons(ETH_P_ALL),
				 .sll_ifindex = (int)if_nametoindex("lo") };
	int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));

	CHECK(fd >= 0 && bind(fd, (void *)&a, sizeof(a)) == 0);
	return fd;
}

static struct sctp_udpencaps encaps(int fd)
{
	struct sctp_udpencaps e = { .sue_assoc_id = SCTP_FUTURE_ASSOC };
	socklen_t n = sizeof(e);

	CHECK(getsockopt(fd, IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT, &e, &n) == 0);
	CHECK(n == sizeof(e));
	return e;
}

static int set_encaps(int fd, int port)
{
	struct sctp_udpencaps e = { .sue_port = htons((uint16_t)port) };

	return setsockopt(fd, IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT, &e, sizeof(e));
}

/* A connection with messages both ways; the client sets the port for itself if it is not 0. */
static void talk(int family, int port)
{
	struct sockaddr_in6 a = { .sin6_family = (sa_family_t)family };
	socklen_t n = family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(a);
	int l = socket(family, SOCK_STREAM, IPPROTO_SCTP);
	int c = socket(family, SOCK_STREAM, IPPROTO_SCTP), s;
	static char out[5000], in[5000];
	ssize_t got = 0, r;

	if (family == AF_INET)
		((struct sockaddr_in *)&a)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	else
		a.sin6_addr = in6addr_loopback;
	memset(out, 'x', sizeof(out));
	CHECK(bind(l, (void *)&a, n) == 0 && listen(l, 1) == 0);
	CHECK(getsockname(l, (void *)&a, &n) == 0);
	if (port) {
		CHECK(set_encaps(c, port) == 0);
		CHECK(ntohs(encaps(c).sue_port) == port);
	}
	CHECK(connect(c, (void *)&a, n) == 0);
	s = accept(l, NULL, NULL);
	CHECK(s >= 0);
	CHECK(write(c, out, sizeof(out)) == sizeof(out));
	while (got < (ssize_t)sizeof(in) && (r = read(s, in + got, sizeof(in) - (size_t)got)) > 0)
		got += r;
	CHECK(got == sizeof(in) && memcmp(in, out, sizeof(in)) == 0);
	CHECK(write(s, "answer", 6) == 6);
	CHECK(read(c, in, sizeof(in)) == 6);
	close(c);
	CHECK(read(s, in, sizeof(in)) == 0);
	close(s);
	close(l);
}

int main(void)
{
	static const int families[] = { AF_INET, AF_INET6 };
	int tap = tapped(), n[2], fd;
	struct sockaddr_in taken = { .sin_family = AF_INET };
	socklen_t len = sizeof(taken);
	char text[16];

	CHECK(get("udp_port") == 0 && get("encap_port") == 0);
	CHECK(put("udp_port", "65536\n") == EINVAL && put("encap_port", "x") == EINVAL);

	/* without a port of our own the option has no effect */
	talk(AF_INET, PORT);
	count(tap, n);
	CHECK(n[0] == 0 && n[1] > 0);

	CHECK(put("udp_port", "9899\n") == 0 && get("udp_port") == PORT);
	for (unsigned i = 0; i < 2; i++) {
		talk(families[i], PORT);
		count(tap, n);
		CHECK(n[0] > 0 && n[1] == 0);
		talk(families[i], 0);
		count(tap, n);
		CHECK(n[0] == 0 && n[1] > 0);
	}

	/* sockets begin with encap_port */
	CHECK(put("encap_port", "9899") == 0 && get("encap_port") == PORT);
	fd = socket(AF_INET, SOCK_SEQPACKET, IPPROTO_SCTP);
	CHECK(ntohs(encaps(fd).sue_port) == PORT);
	close(fd);
	talk(AF_INET, 0);
	count(tap, n);
	CHECK(n[0] > 0 && n[1] == 0);
	CHECK(put("encap_port", "0") == 0);

	/* a port that somebody has */
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	CHECK(bind(fd, (void *)&taken, len) == 0 && getsockname(fd, (void *)&taken, &len) == 0);
	snprintf(text, sizeof(text), "%d", ntohs(taken.sin_port));
	CHECK(put("udp_port", text) == EADDRINUSE && get("udp_port") == 0);
	close(fd);
	CHECK(put("udp_port", text) == 0 && put("udp_port", "0") == 0 && get("udp_port") == 0);
	return check_done();
}
