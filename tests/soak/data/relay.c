// SPDX-License-Identifier: BSD-3-Clause
/*
 * relay HOST_TAP GUEST_INTERFACE RATE: a bad link between the host's stack (a tap that it makes)
 * and an interface that a guest has the other end of. Of 10 000 IPv4 packets each way RATE each are
 * dropped, sent twice, held back behind the next, and get one bit flipped, which their checksums
 * detect.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define FRAME 65600

struct side {
	int fd;
	int header; /* bytes of virtio_net_hdr before a frame */
	uint8_t held[FRAME];
	size_t nheld;
};
static uint64_t seed = 88172645463325252ull;
static unsigned rate;

static unsigned chance(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed % n);
}

static int open_tap(const char *name)
{
	struct ifreq r = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", name);
	return fd >= 0 && ioctl(fd, TUNSETIFF, &r) == 0 ? fd : -1;
}

static int open_packets(const char *name)
{
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0), on = 1, big = 4 << 20;
	struct sockaddr_ll at = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(ETH_P_ALL),
				  .sll_ifindex = (int)if_nametoindex(name) };
	struct packet_mreq all = { .mr_ifindex = at.sll_ifindex, .mr_type = PACKET_MR_PROMISC };
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &big, sizeof(big));
	return setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)) == 0 &&
			       setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on,
					  sizeof(on)) == 0 &&
			       bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0 &&
			       setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all,
					  sizeof(all)) == 0
		       ? fd
		       : -1;
}

static uint16_t get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static void put16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static uint16_t checksum(const uint8_t *p, size_t n, uint32_t sum)
{
	for (size_t i = 0; i < n; i++)
		sum += i & 1 ? p[i] : (uint32_t)p[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* What the sender left to its card: checksums. */
static void complete(uint8_t *f, size_t n, const struct virtio_net_hdr *h)
{
	size_t start = h->csum_start, at = start + h->csum_offset;
	if (h->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM && at + 2 <= n)
		put16(f + at, checksum(f + start, n - start, 0));
}

static void put(struct side *s, const uint8_t *f, size_t n)
{
	uint8_t out[sizeof(struct virtio_net_hdr) + FRAME] = { 0 };
	memcpy(out + s->header, f, n);
	if (write(s->fd, out, (size_t)s->header + n) < 0)
		return; /* full: one more lost packet */
}

static void pass(struct side *to, uint8_t *f, size_t n)
{
	int bad = n > 34 && f[12] == 8 && f[13] == 0;
	if (bad && chance(10000) < rate)
		return;
	if (bad && chance(10000) < rate)
		f[14 + chance((unsigned)n - 14)] ^= (uint8_t)(1u << chance(8));
	if (bad && !to->nheld && chance(10000) < rate) {
		memcpy(to->held, f, n);
		to->nheld = n;
		return;
	}
	put(to, f, n);
	if (bad && chance(10000) < rate)
		put(to, f, n);
	if (to->nheld)
		put(to, to->held, to->nheld);
	to->nheld = 0;
}

/* What it left to its card: segments of TCP over IPv4. */
static void pass_segments(struct side *to, const uint8_t *f, size_t n,
			  const struct virtio_net_hdr *h)
{
	size_t ip = 14, tcp = h->csum_start, data = tcp + (f[tcp + 12] >> 4) * 4u;
	for (size_t at = data, now; at < n; at += now) {
		uint8_t out[FRAME];
		uint32_t seq = (uint32_t)get16(f + tcp + 4) << 16 | get16(f + tcp + 6);
		now = n - at < h->gso_size ? n - at : h->gso_size;
		memcpy(out, f, data);
		memcpy(out + data, f + at, now);
		put16(out + ip + 2, (unsigned)(data - ip + now));
		put16(out + ip + 10, 0);
		put16(out + ip + 10, checksum(out + ip, tcp - ip, 0));
		seq += (uint32_t)(at - data);
		put16(out + tcp + 4, seq >> 16);
		put16(out + tcp + 6, seq);
		if (at + now < n)
			out[tcp + 13] &= (uint8_t)~9; /* FIN and PSH are the last one's */
		put16(out + tcp + 16, 0);
		put16(out + tcp + 16, checksum(out + tcp, data - tcp + now,
					       6u + (uint32_t)(data - tcp + now) +
						       (uint16_t)~checksum(out + ip + 12, 8, 0)));
		pass(to, out, data + now);
	}
}

static void drain(struct side *from, struct side *to)
{
	static uint8_t in[sizeof(struct virtio_net_hdr) + FRAME];
	const struct virtio_net_hdr *h = (struct virtio_net_hdr *)in;
	ssize_t r;
	for (int i = 0; i < 64 && (r = read(from->fd, in, sizeof(in))) > from->header + 14; i++) {
		uint8_t *f = in + from->header;
		size_t n = (size_t)(r - from->header);
		if (from->header && h->gso_type == VIRTIO_NET_HDR_GSO_TCPV4) {
			pass_segments(to, f, n, h);
			continue;
		}
		if (from->header)
			complete(f, n, h);
		pass(to, f, n);
	}
}

/* Nothing is held back for ever. */
static void release(struct side *s)
{
	if (s->nheld)
		put(s, s->held, s->nheld);
	s->nheld = 0;
}

int main(int argc, char **argv)
{
	static struct side host, guest;
	if (argc != 4)
		return 64;
	host.fd = open_tap(argv[1]);
	guest.fd = open_packets(argv[2]);
	guest.header = sizeof(struct virtio_net_hdr);
	rate = (unsigned)strtoul(argv[3], NULL, 10);
	if (host.fd < 0 || guest.fd < 0)
		return 1;
	puts("ready");
	fflush(stdout);
	for (;;) {
		struct pollfd p[2] = { { host.fd, POLLIN, 0 }, { guest.fd, POLLIN, 0 } };
		if (poll(p, 2, 20) == 0) {
			release(&host);
			release(&guest);
		}
		drain(&host, &guest);
		drain(&guest, &host);
	}
}
