// SPDX-License-Identifier: BSD-3-Clause
// sources: ../udplite.c ../../../service/net/chksum.c
// external: lwip
/*
 * Packets of anybody to sockets of UDP-Lite. Input: one byte that says how, then header and data.
 * What a socket gets is what came behind the header, and as much of it covered as it wants.
 */
#include "../../inet/inet_private.h"
#include <lwip/inet_chksum.h>
#include <lwip/prot/ip4.h>
#include <lwip/priv/raw_priv.h>
#include <lwip/prot/udp.h>
#include <stdlib.h>
#include <string.h>

#define PORT 7

struct uc_list inet_raw_sockets = UC_LIST_INIT(inet_raw_sockets);
static struct inet any, strict;
static struct netif card;
static unsigned sent;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* ---- what lwIP asks of its port ---- */
u32_t sys_now(void)
{
	return 0;
}
void sys_timeouts_init(void)
{
}
void tcp_timer_needed(void)
{
}
void *uc_lwip_alloc(size_t n)
{
	return malloc(n);
}
void uc_lwip_free(void *p)
{
	free(p);
}
uint32_t uc_lwip_random(void)
{
	return 4;
}
struct netif *uc_lwip_route4(const ip4_addr_t *dst)
{
	return NULL;
}
const ip4_addr_t *uc_lwip_gateway4(const struct netif *n, const ip4_addr_t *dst)
{
	return NULL;
}
void uc_lwip_loop_output(struct netif *n, const struct pbuf *p)
{
}
int uc_lwip_loop(void)
{
	return 0;
}
void uc_lwip_name_servers(const struct pbuf *p, unsigned offset, unsigned len)
{
}
signed char uc_lwip_listen_in(struct tcp_pcb *pcb, const struct tcp_hdr *hdr)
{
	return 0;
}
signed char uc_lwip_urgent_in(struct tcp_pcb *pcb, const struct tcp_hdr *hdr, unsigned short len)
{
	return 0;
}
unsigned *uc_lwip_urgent_out(const struct tcp_pcb *pcb, struct tcp_hdr *hdr, unsigned *opts)
{
	return opts;
}
int uc_lwip_gives_up(struct tcp_pcb *pcb)
{
	return 0;
}
struct pbuf *uc_lwip_train(struct tcp_pcb *pcb, struct tcp_seg *seg, struct netif *n, u32_t wnd,
			   u16_t *along)
{
	return NULL;
}

/* ---- sockets ---- */
int inet_get_bytes(const void *from, unsigned n, void *buf, unsigned *len)
{
	return 0;
}

void inet_dgram_deliver(struct inet *i, struct pbuf *p, const ip_addr_t *from, uint16_t port,
			uint16_t to_port)
{
	if (p->tot_len != sent - UDP_HLEN || to_port != PORT || i->local_port != PORT)
		abort();
	pbuf_free(p);
}

static void make_socket(struct inet *i)
{
	i->s.type = UC_SOCK_DGRAM;
	i->s.family = UC_AF_INET;
	i->s.protocol = PROTO_LITE;
	i->local_port = PORT;
	uc_list_push_back(&inet_raw_sockets, &i->raw_link);
}

static void make_all(void)
{
	make_socket(&any);
	make_socket(&strict);
	strict.state = INET_CONNECTED;
	strict.remote_port = 9;
	ip_addr_set_ip4_u32_val(strict.remote, PP_HTONL(0x7f000002));
	strict.coverage[1] = (struct inet_coverage){ true, 30 };
	if (inet_lite.start() < 0)
		abort();
}

enum { RIGHT_SUM = 1, FROM_PEER = 2, TO_PORT = 4, TO_GROUP = 8 };

/* As lwIP says it while a packet comes in. */
static void arrive(uint8_t how, struct pbuf *p)
{
	struct ip_hdr *h = p->payload;

	ip_data.current_netif = ip_data.current_input_netif = &card;
	ip_data.current_ip4_header = h;
	ip_data.current_ip_header_tot_len = IP_HLEN;
	ip_addr_set_ip4_u32_val(ip_data.current_iphdr_src,
				how & FROM_PEER ? PP_HTONL(0x7f000002) : PP_HTONL(0x7f000003));
	ip_addr_set_ip4_u32_val(ip_data.current_iphdr_dest,
				how & TO_GROUP ? PP_HTONL(0xe0000001) : PP_HTONL(0x7f000001));
	IPH_VHL_SET(h, 4, IP_HLEN / 4);
	IPH_PROTO_SET(h, PROTO_LITE);
}

static void complete(uint8_t how, struct pbuf *p)
{
	struct udp_hdr *h;
	u16_t cover;

	pbuf_remove_header(p, IP_HLEN);
	h = p->payload;
	if (how & TO_PORT)
		h->dest = PP_HTONS(PORT);
	cover = lwip_ntohs(h->len) ? lwip_ntohs(h->len) : p->tot_len;
	if (how & RIGHT_SUM && cover >= UDP_HLEN && cover <= p->tot_len) {
		h->chksum = 0;
		h->chksum = ip_chksum_pseudo_partial(p, PROTO_LITE, p->tot_len, cover,
						     ip_current_src_addr(), ip_current_dest_addr());
	}
	pbuf_add_header(p, IP_HLEN);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct pbuf *p;

	if (!any.local_port)
		make_all();
	if (n < 1 || n > 3000)
		return 0;
	sent = (unsigned)n - 1;
	p = pbuf_alloc(PBUF_RAW, (u16_t)(IP_HLEN + sent), PBUF_RAM);
	if (!p)
		return 0;
	memset(p->payload, 0, IP_HLEN);
	memcpy((uint8_t *)p->payload + IP_HLEN, data + 1, sent);
	arrive(data[0], p);
	if (sent >= UDP_HLEN)
		complete(data[0], p);
	if (raw_input(p, &card) != RAW_INPUT_EATEN)
		pbuf_free(p);
	return 0;
}
