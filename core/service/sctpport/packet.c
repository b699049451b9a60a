// SPDX-License-Identifier: BSD-3-Clause
/* usrsctp's side: packets into it and out of it. */
#include "port.h"
#include <netinet/sctp_input.h>
#include <netinet/sctp_var.h>
#include <netinet/sctputil.h>

#define HEADERS ((int)(sizeof(struct sctphdr) + sizeof(struct sctp_chunkhdr)))

/* ---- in ---- */
struct mbuf *sctp_packet_new(unsigned n)
{
	struct mbuf *m = sctp_get_mbuf_for_msg(n, 1, M_NOWAIT, 0, MT_DATA);
	int left = (int)n;

	for (struct mbuf *part = m; part; part = part->m_next) {
		part->m_len = UC_MIN((int)M_SIZE(part), left);
		left -= part->m_len;
	}
	if (m)
		m->m_pkthdr.len = (int)n;
	return m;
}

void sctp_packet_fill(struct mbuf *m, unsigned at, const void *data, unsigned n)
{
	m_copyback(m, (int)at, (int)n, (caddr_t)data);
}

void sctp_packet_in(struct mbuf *m, unsigned n, const struct sctp_ip *src,
		    const struct sctp_ip *dst, uint8_t tos, uint16_t udp)
{
	union sctp_sockstore from, to;
	struct sctphdr *h;

	SCTP_STAT_INCR(sctps_recvpackets);
	SCTP_STAT_INCR_COUNTER64(sctps_inpackets);
	SCTP_STAT_INCR(sctps_recvswcrc);
	if ((int)n < HEADERS) {
		SCTP_STAT_INCR(sctps_hdrops);
		m_freem(m);
		return;
	}
	if (m->m_len < HEADERS)
		m = m_pullup(m, HEADERS);
	if (!m)
		return;
	h = mtod(m, struct sctphdr *);
	sctp_to_sockaddr(&from, src, h->src_port);
	sctp_to_sockaddr(&to, dst, h->dest_port);
	sctp_common_input_processing(&m, 0, sizeof(*h), (int)n, &from.sa, &to.sa, h,
				     (struct sctp_chunkhdr *)(h + 1), 1, tos & 3,
				     SCTP_DEFAULT_VRFID, udp);
	if (m)
		m_freem(m);
}

/* ---- out ---- */
void sctp_packet_read(const struct mbuf *m, unsigned at, void *data, unsigned n)
{
	m_copydata(m, (int)at, (int)n, data);
}

static unsigned length_of(struct mbuf *m)
{
	return m_length(m, NULL);
}

void sctp_userspace_ip_output(int *result, struct mbuf *m, sctp_route_t *ro, void *stcb,
			      uint32_t vrf_id)
{
	const struct ip *h = mtod(m, const struct ip *);
	struct sctp_ip_send how = { .ttl = h->ip_ttl, .tos = h->ip_tos, .protocol = h->ip_p };

	memcpy(how.src.bytes, &h->ip_src, sizeof(h->ip_src));
	memcpy(how.dst.bytes, &h->ip_dst, sizeof(h->ip_dst));
	*result = sctp_ip_send(&how, m, sizeof(*h), length_of(m) - (unsigned)sizeof(*h));
	m_freem(m);
}

void sctp_userspace_ip6_output(int *result, struct mbuf *m, struct route_in6 *route, void *stcb,
			       uint32_t vrf_id)
{
	const sctp_route_t *ro = (const sctp_route_t *)route;
	const struct ip6_hdr *h = mtod(m, const struct ip6_hdr *);
	struct sctp_ip_send how = { .src.v6 = true,
				    .dst.v6 = true,
				    .ttl = h->ip6_hlim,
				    .tos = (uint8_t)(__builtin_bswap32(h->ip6_flow) >> 20),
				    .protocol = h->ip6_nxt,
				    .netif = ro && ro->ro_rt ? ro->ro_rt->rt_ifp : NULL };

	memcpy(how.src.bytes, &h->ip6_src, sizeof(h->ip6_src));
	memcpy(how.dst.bytes, &h->ip6_dst, sizeof(h->ip6_dst));
	*result = sctp_ip_send(&how, m, sizeof(*h), length_of(m) - (unsigned)sizeof(*h));
	m_freem(m);
}
