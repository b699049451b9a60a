// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_LWIPOPTS_H
#define UC_LWIPOPTS_H
/* lwIP as the Core uses it: no threads of its own, called from system calls and deferred work, all
 * memory from the kernel's heap. */

#define NO_SYS               1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_SOCKET          0
#define LWIP_NETCONN         0
/* Counters of MIB II alone, for /proc/net; an increment each. */
#define LWIP_STATS           1
#define MIB2_STATS           1
#define LINK_STATS           0
#define ETHARP_STATS         0
#define IP_STATS             0
#define IPFRAG_STATS         0
#define ICMP_STATS           0
#define IGMP_STATS           0
#define UDP_STATS            0
#define TCP_STATS            0
#define MEM_STATS            0
#define MEMP_STATS           0
#define SYS_STATS            0
#define IP6_STATS            0
#define ICMP6_STATS          0
#define IP6_FRAG_STATS       0
#define MLD6_STATS           0
#define ND6_STATS            0
#define LWIP_TIMERS          1
#define LWIP_TIMERS_CUSTOM   1 /* by the Core's timers */
#define LWIP_SINGLE_NETIF    0

/* ---- memory ---- */
#define MEM_LIBC_MALLOC              1
#define MEMP_MEM_MALLOC              1
#define mem_clib_malloc              uc_lwip_alloc
#define mem_clib_free                uc_lwip_free
#define MEM_ALIGNMENT                8
#define LWIP_SUPPORT_CUSTOM_PBUF     1
#define PBUF_POOL_BUFSIZE            1600
/* Room before the Ethernet header for the one of a device. */
#define PBUF_LINK_ENCAPSULATION_HLEN 16

/* ---- link ---- */
#define LWIP_ARP                           1
#define ARP_TABLE_SIZE                     64
#define ARP_QUEUEING                       1
#define ETH_PAD_SIZE                       0
#define LWIP_HAVE_LOOPIF                   1
#define LWIP_NETIF_LOOPBACK                1
/* Packets to ourselves wait until the caller is out of lwIP. */
#define LWIP_NETIF_LOOPBACK_MULTITHREADING 1
#define tcpip_try_callback(fn, netif)      uc_lwip_loop()
int uc_lwip_loop(void);
#define LWIP_NETIF_LINK_CALLBACK      0
#define LWIP_NETIF_STATUS_CALLBACK    0
#define LWIP_NUM_NETIF_CLIENT_DATA    1
/* A frame that is an answer need not be looked up: the address is learnt from the segment. */
#define ETHARP_SUPPORT_STATIC_ENTRIES 0
#define ETHARP_TRUST_IP_MAC           0

/* ---- IP ---- */
#define LWIP_IPV4                 1
#define LWIP_IPV6                 1
#define IP_FORWARD                0
#define IP_DEFAULT_TTL            64 /* as Linux */
#define LWIP_ICMP6_HL             64
#define IP_REASSEMBLY             1
#define IP_FRAG                   1
#define IP_REASS_MAX_PBUFS        256
#define IPV6_FRAG_COPYHEADER      1
#define LWIP_ICMP6_DATASIZE       1232 /* RFC 4443: as much as fits into 1280 bytes */
#define LWIP_IPV6_MLD             1
#define LWIP_IPV6_AUTOCONFIG      1
#define LWIP_IPV6_DHCP6           0
#define LWIP_IPV6_NUM_ADDRESSES   4
#define LWIP_IPV6_SCOPES          1
#define LWIP_ND6_ALLOW_RA_UPDATES 1
#define LWIP_IGMP                 1
#define LWIP_RAW                  1
#define LWIP_DNS                  0
#define LWIP_DHCP                 1
#define DHCP_DOES_ARP_CHECK       0
#define LWIP_DHCP_DOES_ACD_CHECK  0
#define LWIP_ACD                  0
#define LWIP_BROADCAST_PING       0
#define LWIP_MULTICAST_PING       1
#define IP_SOF_BROADCAST          1
#define IP_SOF_BROADCAST_RECV     0
#define LWIP_MULTICAST_TX_OPTIONS 1
#define SO_REUSE                  1
#define SO_REUSE_RXTOALL          1

/* Packets to ourselves, for who watches. */
#define LWIP_HOOK_LOOP_OUTPUT(netif, p) uc_lwip_loop_output(netif, p)
struct netif;
struct pbuf;
void uc_lwip_loop_output(struct netif *n, const struct pbuf *p);

/* Static routes, asked before the default one. */
#define LWIP_HOOK_IP4_ROUTE(dst)            uc_lwip_route4(dst)
#define LWIP_HOOK_ETHARP_GET_GW(netif, dst) uc_lwip_gateway4(netif, dst)
struct ip4_addr;
struct netif *uc_lwip_route4(const struct ip4_addr *dst);
const struct ip4_addr *uc_lwip_gateway4(const struct netif *n, const struct ip4_addr *dst);

/* Option 6 of DHCP: name servers. */
#define LWIP_HOOK_DHCP_PARSE_OPTION(netif, dhcp, state, msg, msg_type, option, len, p, offset) \
	do { \
		(void)(msg); \
		if ((option) == 6) \
			uc_lwip_name_servers(p, offset, len); \
	} while (0)
struct pbuf;
void uc_lwip_name_servers(const struct pbuf *p, unsigned offset, unsigned len);

/* ---- UDP, TCP ---- */
#define LWIP_UDP                                                        1
#define LWIP_NETBUF_RECVINFO                                            1
#define LWIP_TCP                                                        1
#define LWIP_TCP_KEEPALIVE                                              1
#define TCP_MSS                                                         8960
#define TCP_CALCULATE_EFF_SEND_MSS                                      1
#define LWIP_WND_SCALE                                                  1
#define TCP_RCV_SCALE                                                   3
#define TCP_WND                                                         262144
#define TCP_SND_BUF                                                     262144
#define TCP_SND_QUEUELEN                                                2048
#define TCP_SNDLOWAT                                                    16384
#define TCP_SNDQUEUELOWAT                                               1024
#define TCP_WND_UPDATE_THRESHOLD                                        32768
#define TCP_OVERSIZE                                                    1448
#define TCP_QUEUE_OOSEQ                                                 1
#define TCP_OOSEQ_MAX_BYTES                                             262144
#define LWIP_TCP_SACK_OUT                                               1
#define LWIP_TCP_MAX_SACK_NUM                                           4
#define LWIP_TCP_TIMESTAMPS                                             1
#define TCP_LISTEN_BACKLOG                                              1
#define TCP_DEFAULT_LISTEN_BACKLOG                                      255
#define TCP_TMR_INTERVAL                                                50
#define LWIP_TCP_RTO_TIME                                               1000
#define LWIP_HOOK_TCP_ISN(local_ip, local_port, remote_ip, remote_port) uc_lwip_random()
/* Segments to a listening port, and those with an urgent pointer, before lwIP sees them. */
#define LWIP_HOOK_TCP_INPACKET_PCB(pcb, hdr, optlen, opt1len, opt2, p) \
	((pcb)->state == LISTEN         ? uc_lwip_listen_in(pcb, hdr) \
	 : TCPH_FLAGS(hdr) & TCP_URG ? uc_lwip_urgent_in(pcb, hdr, (p)->tot_len) \
				     : ERR_OK)
struct tcp_pcb;
struct tcp_hdr;
signed char uc_lwip_listen_in(struct tcp_pcb *pcb, const struct tcp_hdr *hdr);
signed char uc_lwip_urgent_in(struct tcp_pcb *pcb, const struct tcp_hdr *hdr, unsigned short len);
/* Beside lwIP's data of a connection: the end of urgent data, since when nothing has come, and how
 * long that may be. */
#define LWIP_TCP_PCB_NUM_EXT_ARGS                          3
/* Whether the peer has been silent for too long; asked every TCP_SLOW_INTERVAL. */
#define LWIP_HOOK_TCP_GIVE_UP(pcb)                         uc_lwip_gives_up(pcb)
int uc_lwip_gives_up(struct tcp_pcb *pcb);
/* Headers of segments that leave. No options are added. */
#define LWIP_HOOK_TCP_OUT_TCPOPT_LENGTH(pcb, internal_len) (internal_len)
#define LWIP_HOOK_TCP_OUT_ADD_TCPOPTS(p, hdr, pcb, opts)   uc_lwip_urgent_out(pcb, hdr, opts)
unsigned *uc_lwip_urgent_out(const struct tcp_pcb *pcb, struct tcp_hdr *hdr, unsigned *opts);
/* What to send for a segment, and how many of those behind it go along. */
#define LWIP_HOOK_TCP_TRAIN(pcb, seg, netif, wnd, along) \
	uc_lwip_train(pcb, seg, netif, wnd, along)
struct tcp_seg;
struct pbuf *uc_lwip_train(struct tcp_pcb *pcb, struct tcp_seg *seg, struct netif *netif,
			   unsigned wnd, unsigned short *along);
#define TCP_MSL                                                         30000
#define TCP_MAXRTX                                                      12
#define TCP_SYNMAXRTX                                                   6

/* ---- checksums: what the device does is taken out per interface and packet ---- */
#define LWIP_CHECKSUM_CTRL_PER_NETIF 1
#define LWIP_CHECKSUM_ON_COPY        0

#endif
