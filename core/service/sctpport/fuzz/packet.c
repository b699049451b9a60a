// SPDX-License-Identifier: BSD-3-Clause
// sources: ../packet.c ../address.c ../callout.c ../environ.c
// external: usrsctp
// cflags: -Dpthread_cond_broadcast=port_broadcast -Dgettimeofday=port_gettimeofday
// cflags: -Dsnprintf=port_snprintf -D__errno_location=port_errno -Dgetifaddrs=port_getifaddrs
// cflags: -Dfreeifaddrs=port_freeifaddrs -Dif_nametoindex=port_nametoindex
/*
 * Packets of anybody: to a listening socket, and into an association that two sockets here have
 * with each other. An input is packets: one byte that says from whom to whom, two of length,
 * chunks. They get a header with the right ports, tag and checksum, as an attacker on the way
 * would give them.
 */
#include "port.h"
#include <netinet/sctp_crc32.h>
#include <netinet/sctp_var.h>
#include <uc/net.h>
#include <uc/netif.h>
#include <uc/sched.h>
#include <uc/sctp.h>
#include <uc/time.h>

#define PORT   7
#define QUEUED 64u
#define ROUNDS 64

struct socket *usrsctp_socket(int, int, int, void *, void *, uint32_t, void *);
int usrsctp_bind(struct socket *, struct sockaddr *, int), usrsctp_listen(struct socket *, int);
int usrsctp_connect(struct socket *, struct sockaddr *, int);
int usrsctp_set_non_blocking(struct socket *, int);
void usrsctp_close(struct socket *);
ssize_t usrsctp_sendv(struct socket *, const void *, size_t, struct sockaddr *, int, void *,
		      socklen_t, unsigned, int);
ssize_t usrsctp_recvv(struct socket *, void *, size_t, struct sockaddr *, socklen_t *, void *,
		      socklen_t *, unsigned *, int *);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* ---- the system, where time passes as the inputs want ---- */
static uc_nsec now = 1000000000u;
static struct uc_timer *armed;
static const struct sctp_ip own = { .bytes = { 127, 0, 0, 1 } };
bool (*uc_net_also_unfinished)(void);

uc_nsec uc_time_mono(void)
{
	return now;
}

void uc_timer_arm(struct uc_timer *t, uc_nsec deadline)
{
	t->deadline = deadline;
	armed = t;
}

bool uc_timer_cancel(struct uc_timer *t)
{
	armed = NULL;
	return true;
}

void uc_defer_raise(struct uc_defer *d)
{
	d->fn(d->arg);
}

void uc_net_start(void)
{
}

void uc_netif_name(const struct netif *n, char name[UC_IFNAMSIZ])
{
	memcpy(name, "lo", 3);
}

int uc_netif_index(const struct netif *n)
{
	return 1;
}

uint32_t uc_netif_mtu(const struct netif *n)
{
	return 1500;
}

struct netif *uc_netif_by_index(int index)
{
	return (struct netif *)&own;
}

/* Of functions that nobody calls, which the link of a kernel drops. */
void sctp_handle_tick(uint32_t ticks)
{
}

void recv_thread_destroy(void)
{
}

void sctp_stop_timer_thread(void)
{
}

void finish_random(void)
{
}

/* ---- the network: what is sent waits to be delivered ---- */
static struct packet {
	struct mbuf *m;
	struct sctp_ip src, dst;
	unsigned n;
} queue[QUEUED];
static unsigned queued;

bool sctp_ip_start(void)
{
	return true;
}

void *sctp_ip_route(const struct sctp_ip *dst)
{
	return dst->v6 ? NULL : uc_netif_by_index(1);
}

bool sctp_ip_address(unsigned i, struct sctp_ip *a, void **netif)
{
	*a = own;
	*netif = uc_netif_by_index(1);
	return i == 0;
}

int sctp_ip_send(const struct sctp_ip_send *how, const struct mbuf *m, unsigned at, unsigned n)
{
	static uint8_t copy[65536];
	struct packet *p = &queue[queued];

	if (queued == QUEUED || memcmp(how->dst.bytes, own.bytes, 4) || n > sizeof(copy))
		return 0; /* lost, or to somebody else */
	*p = (struct packet){ .m = sctp_packet_new(n), .src = how->src, .dst = how->dst, .n = n };
	sctp_packet_read(m, at, copy, n);
	if (p->m) {
		sctp_packet_fill(p->m, 0, copy, n);
		queued++;
	}
	return 0;
}

static void deliver_all(void)
{
	for (int rounds = 0; queued && rounds < ROUNDS; rounds++) {
		struct packet p = queue[0];

		memmove(queue, queue + 1, --queued * sizeof(*queue));
		sctp_packet_in(p.m, p.n, &p.src, &p.dst, 0, 0);
	}
	while (queued)
		m_freem(queue[--queued].m);
}

static void pass_time(uc_nsec ns)
{
	uc_nsec end = now + ns;

	while (armed && armed->deadline <= end) {
		struct uc_timer *t = armed;

		now = UC_MAX(now, t->deadline);
		armed = NULL;
		t->fn(t);
		deliver_all();
	}
	now = end;
}

/* ---- two sockets with an association ---- */
static struct socket *server, *client;

static struct sockaddr_in address(void)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_port = htons(PORT),
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static struct sctp_tcb *association(struct socket *so)
{
	return so ? LIST_FIRST(&((struct sctp_inpcb *)so->so_pcb)->sctp_asoc_list) : NULL;
}

static void make_server(void)
{
	struct sockaddr_in a = address();

	uc_sctp_start();
	server = usrsctp_socket(AF_INET, SOCK_SEQPACKET, IPPROTO_SCTP, NULL, NULL, 0, NULL);
	usrsctp_set_non_blocking(server, 1);
	if (usrsctp_bind(server, (struct sockaddr *)&a, sizeof(a)) || usrsctp_listen(server, 5))
		__builtin_trap();
}

static void make_client(void)
{
	struct sockaddr_in a = address();

	if (client && association(client) && association(server))
		return;
	if (client)
		usrsctp_close(client);
	deliver_all();
	client = usrsctp_socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP, NULL, NULL, 0, NULL);
	usrsctp_set_non_blocking(client, 1);
	usrsctp_connect(client, (struct sockaddr *)&a, sizeof(a));
	deliver_all();
	usrsctp_sendv(client, "hello", 5, NULL, 0, NULL, 0, 0, 0);
}

static void read_all(struct socket *so)
{
	struct sctp_extrcvinfo info;
	uint8_t buf[4096];
	unsigned kind;
	int flags;

	for (int i = 0; i < ROUNDS; i++) {
		socklen_t none = 0, info_len = sizeof(info);

		flags = 0;
		if (usrsctp_recvv(so, buf, sizeof(buf), NULL, &none, &info, &info_len, &kind,
				  &flags) <= 0)
			break;
	}
}

/* ---- the attacker ---- */
enum { TO_CLIENT = 1, NO_TAG = 2, WRONG_SUM = 4, V6 = 16, WAIT = 32, STRANGER = 64, IN_UDP = 128 };

static void attack(uint8_t how, const uint8_t *chunks, unsigned n)
{
	struct socket *to = how & TO_CLIENT ? client : server;
	struct sctp_tcb *t = association(to);
	struct sctphdr h = { .src_port = htons(9), .dest_port = htons(PORT) };
	struct sctp_ip src = own, dst = own;
	struct mbuf *m = sctp_packet_new((unsigned)sizeof(h) + n);

	if (t && !(how & STRANGER)) {
		h.src_port = t->rport;
		h.dest_port = ((struct sctp_inpcb *)to->so_pcb)->sctp_lport;
		h.v_tag = how & NO_TAG ? 0 : htonl(t->asoc.my_vtag);
	}
	if (how & STRANGER)
		src.bytes[3] = 9;
	if (how & V6)
		src.v6 = dst.v6 = true;
	sctp_packet_fill(m, 0, &h, sizeof(h));
	sctp_packet_fill(m, sizeof(h), chunks, n);
	if (!(how & WRONG_SUM)) {
		h.checksum = sctp_calculate_cksum(m, 0);
		sctp_packet_fill(m, 0, &h, sizeof(h));
	}
	sctp_packet_in(m, (unsigned)sizeof(h) + n, &src, &dst, 0,
		       how & IN_UDP ? htons(9899) : 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	if (!server)
		make_server();
	make_client();
	while (n > 3) {
		unsigned len = UC_MIN((unsigned)(data[1] << 8 | data[2]), (unsigned)(n - 3));

		attack(data[0], data + 3, len);
		deliver_all();
		if (data[0] & WAIT)
			pass_time(200000000u);
		data += 3 + len;
		n -= 3 + len;
	}
	read_all(server);
	if (client)
		read_all(client);
	pass_time(10000000u);
	return 0;
}
