// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_LINUX_SCTP_H
#define UC_LINUX_SCTP_H
/* Linux's numbers and layouts (linux/sctp.h) under names that usrsctp's header does not define too.
 * test/abi_test.c compares them. */
#include <sys/socket.h>
#include <uc/types.h>

#define LX_MSG_NOTIFICATION 0x8000u
#define LX_MSG_FIN          0x200u

enum { /* ancillary data */
	LX_INIT,
	LX_SNDRCV,
	LX_SNDINFO,
	LX_RCVINFO,
	LX_NXTINFO,
	LX_PRINFO,
	LX_AUTHINFO,
	LX_DSTADDRV4,
	LX_DSTADDRV6
};
enum { /* sinfo_flags */
	LX_UNORDERED = 1,
	LX_ADDR_OVER = 2,
	LX_ABORT = 4,
	LX_SACK_IMMEDIATELY = 8,
	LX_PR_TTL = 0x10,
	LX_PR_RTX = 0x20,
	LX_PR_PRIO = 0x30,
	LX_PR_MASK = 0x30,
	LX_SENDALL = 0x40,
	LX_EOF = LX_MSG_FIN
};
enum { /* options */
	LXO_RTOINFO = 0,
	LXO_ASSOCINFO = 1,
	LXO_INITMSG = 2,
	LXO_NODELAY = 3,
	LXO_AUTOCLOSE = 4,
	LXO_SET_PEER_PRIMARY_ADDR = 5,
	LXO_PRIMARY_ADDR = 6,
	LXO_ADAPTATION_LAYER = 7,
	LXO_DISABLE_FRAGMENTS = 8,
	LXO_PEER_ADDR_PARAMS = 9,
	LXO_DEFAULT_SEND_PARAM = 10,
	LXO_EVENTS = 11,
	LXO_I_WANT_MAPPED_V4_ADDR = 12,
	LXO_MAXSEG = 13,
	LXO_STATUS = 14,
	LXO_GET_PEER_ADDR_INFO = 15,
	LXO_DELAYED_SACK = 16,
	LXO_CONTEXT = 17,
	LXO_FRAGMENT_INTERLEAVE = 18,
	LXO_PARTIAL_DELIVERY_POINT = 19,
	LXO_MAX_BURST = 20,
	LXO_AUTH_CHUNK = 21,
	LXO_HMAC_IDENT = 22,
	LXO_AUTH_KEY = 23,
	LXO_AUTH_ACTIVE_KEY = 24,
	LXO_AUTH_DELETE_KEY = 25,
	LXO_GET_ASSOC_NUMBER = 28,
	LXO_GET_ASSOC_ID_LIST = 29,
	LXO_AUTO_ASCONF = 30,
	LXO_RECVRCVINFO = 32,
	LXO_RECVNXTINFO = 33,
	LXO_DEFAULT_SNDINFO = 34,
	LXO_AUTH_DEACTIVATE_KEY = 35,
	LXO_REUSE_PORT = 36,
	LXO_BINDX_ADD = 100,
	LXO_BINDX_REM = 101,
	LXO_PEELOFF = 102,
	LXO_GET_PEER_ADDRS = 108,
	LXO_GET_LOCAL_ADDRS = 109,
	LXO_CONNECTX = 110,
	LXO_CONNECTX3 = 111,
	LXO_PR_SUPPORTED = 113,
	LXO_RECONFIG_SUPPORTED = 117,
	LXO_ENABLE_STREAM_RESET = 118,
	LXO_RESET_STREAMS = 119,
	LXO_RESET_ASSOC = 120,
	LXO_ADD_STREAMS = 121,
	LXO_PEELOFF_FLAGS = 122,
	LXO_EVENT = 127,
	LXO_ASCONF_SUPPORTED = 128,
	LXO_AUTH_SUPPORTED = 129,
	LXO_ECN_SUPPORTED = 130,
	LXO_REMOTE_UDP_ENCAPS_PORT = 132
};
enum { /* types of events */
	LX_EVENT_BASE = 0x8000,
	LX_DATA_IO = 0x8000,
	LX_ASSOC_CHANGE,
	LX_PEER_ADDR_CHANGE,
	LX_SEND_FAILED,
	LX_REMOTE_ERROR,
	LX_SHUTDOWN_EVENT,
	LX_PARTIAL_DELIVERY,
	LX_ADAPTATION,
	LX_AUTHENTICATION,
	LX_SENDER_DRY,
	LX_STREAM_RESET,
	LX_ASSOC_RESET,
	LX_STREAM_CHANGE,
	LX_SEND_FAILED_EVENT,
	LX_EVENTS = 14 /* how many */
};

struct lx_sndrcvinfo {
	uint16_t stream, ssn, flags;
	uint32_t ppid, context, timetolive, tsn, cumtsn;
	int32_t assoc;
};
struct lx_prinfo {
	uint16_t policy;
	uint32_t value;
};
struct lx_send_failed {
	uint16_t type, flags;
	uint32_t length, error;
	struct lx_sndrcvinfo info;
	int32_t assoc;
};
struct lx_pdapi_event {
	uint16_t type, flags;
	uint32_t length, indication;
	int32_t assoc;
	uint32_t stream, seq;
};
struct lx_authkey_event {
	uint16_t type, flags;
	uint32_t length;
	uint16_t key, alt;
	uint32_t indication;
	int32_t assoc;
};
struct lx_assocparams {
	int32_t assoc;
	uint16_t max_rxt, destinations;
	uint32_t peer_rwnd, local_rwnd, cookie_life;
};
struct lx_prim {
	int32_t assoc;
	struct sockaddr_storage address;
} __attribute__((packed, aligned(4)));
struct lx_udpencaps {
	int32_t assoc;
	struct sockaddr_storage address;
	uint16_t port;
};
struct lx_paddrparams {
	int32_t assoc;
	struct sockaddr_storage address;
	uint32_t hbinterval;
	uint16_t pathmaxrxt;
	uint32_t pathmtu, sackdelay, flags, flowlabel;
	uint8_t dscp;
} __attribute__((packed, aligned(4)));
struct lx_paddrinfo {
	int32_t assoc;
	struct sockaddr_storage address;
	int32_t state;
	uint32_t cwnd, srtt, rto, mtu;
} __attribute__((packed, aligned(4)));
struct lx_status {
	int32_t assoc, state;
	uint32_t rwnd;
	uint16_t unackdata, penddata, instrms, outstrms;
	uint32_t fragmentation_point;
	struct lx_paddrinfo primary;
};
struct lx_peeloff {
	int32_t assoc, fd;
	uint32_t flags; /* of PEELOFF_FLAGS only */
};
struct lx_getaddrs {
	int32_t assoc;
	uint32_t count;
	uint8_t addrs[];
};
struct lx_connectx {
	int32_t assoc, size;
	uint64_t addrs;
};
#endif
