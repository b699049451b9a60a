// SPDX-License-Identifier: BSD-3-Clause
/* Options about associations and addresses, whose layout is not the same. */
#include "sctp_private.h"
#include "sys.h"
#include <uc/user.h>

#define LEN_MAX 256u /* what the system call hands on */

static int get(struct sctp *k, int name, void *value, socklen_t n)
{
	return usrsctp_getsockopt(k->so, IPPROTO_SCTP, name, value, &n) < 0 ? sctp_errno() : 0;
}

static int set(struct sctp *k, int name, const void *value, socklen_t n)
{
	return usrsctp_setsockopt(k->so, IPPROTO_SCTP, name, value, n) < 0 ? sctp_errno() : 0;
}

static int give(const void *value, unsigned n, void *buf, unsigned *len)
{
	memcpy(buf, value, n);
	*len = n;
	return 0;
}

/* What is asked about is in the buffer, too. */
#define TAKE(var, buf, n) \
	do { \
		if ((n) < sizeof(var)) \
			return -EINVAL; \
		memcpy(&(var), buf, sizeof(var)); \
	} while (0)

/* ---- state ---- */
static int state_out(int us)
{
	static const struct {
		uint8_t us, lx;
	} states[] = { { SCTP_COOKIE_WAIT, 2 },	  { SCTP_COOKIE_ECHOED, 3 },
		       { SCTP_ESTABLISHED, 4 },	  { SCTP_SHUTDOWN_PENDING, 5 },
		       { SCTP_SHUTDOWN_SENT, 6 }, { SCTP_SHUTDOWN_RECEIVED, 7 },
		       { SCTP_SHUTDOWN_ACK_SENT, 8 } };

	for (unsigned i = 0; i < UC_ARRAY_SIZE(states); i++)
		if (us == states[i].us)
			return states[i].lx;
	return 1; /* closed */
}

static void peer_out(struct lx_paddrinfo *lx, const struct sctp_paddrinfo *us)
{
	*lx = (struct lx_paddrinfo){ .assoc = (int32_t)us->spinfo_assoc_id,
				     .address = us->spinfo_address,
				     .state = us->spinfo_state & SCTP_UNCONFIRMED ? 3
					      : us->spinfo_state & SCTP_ACTIVE    ? 2
										  : 0,
				     .cwnd = us->spinfo_cwnd,
				     .srtt = us->spinfo_srtt,
				     .rto = us->spinfo_rto,
				     .mtu = us->spinfo_mtu };
}

static int get_status(struct sctp *k, void *buf, unsigned *len)
{
	struct sctp_status us = { .sstat_state = 0 };
	struct lx_status lx;
	int r;

	TAKE(lx, buf, *len);
	us.sstat_assoc_id = (sctp_assoc_t)lx.assoc;
	r = get(k, SCTP_STATUS, &us, sizeof(us));
	if (r < 0)
		return r == -ENOENT ? -EINVAL : r;
	lx = (struct lx_status){ .assoc = (int32_t)us.sstat_assoc_id,
				 .state = state_out(us.sstat_state),
				 .rwnd = us.sstat_rwnd,
				 .unackdata = us.sstat_unackdata,
				 .penddata = us.sstat_penddata,
				 .instrms = us.sstat_instrms,
				 .outstrms = us.sstat_outstrms,
				 .fragmentation_point = us.sstat_fragmentation_point };
	peer_out(&lx.primary, &us.sstat_primary);
	return give(&lx, sizeof(lx), buf, len);
}

static int get_peer(struct sctp *k, void *buf, unsigned *len)
{
	struct sctp_paddrinfo us = { .spinfo_state = 0 };
	struct lx_paddrinfo lx;
	int r;

	TAKE(lx, buf, *len);
	us.spinfo_assoc_id = (sctp_assoc_t)lx.assoc;
	us.spinfo_address = lx.address;
	r = get(k, SCTP_GET_PEER_ADDR_INFO, &us, sizeof(us));
	if (r < 0)
		return r == -ENOENT ? -EINVAL : r;
	peer_out(&lx, &us);
	return give(&lx, sizeof(lx), buf, len);
}

static int get_assocparams(struct sctp *k, void *buf, unsigned *len)
{
	struct sctp_assocparams us = { .sasoc_peer_rwnd = 0 };
	struct lx_assocparams lx;
	int r;

	TAKE(lx, buf, *len);
	us.sasoc_assoc_id = (sctp_assoc_t)lx.assoc;
	r = get(k, SCTP_ASSOCINFO, &us, sizeof(us));
	if (r < 0)
		return r;
	lx = (struct lx_assocparams){ .assoc = (int32_t)us.sasoc_assoc_id,
				      .max_rxt = us.sasoc_asocmaxrxt,
				      .destinations = us.sasoc_number_peer_destinations,
				      .peer_rwnd = us.sasoc_peer_rwnd,
				      .local_rwnd = us.sasoc_local_rwnd,
				      .cookie_life = us.sasoc_cookie_life };
	return give(&lx, sizeof(lx), buf, len);
}

static int set_assocparams(struct sctp *k, const void *buf, unsigned len)
{
	struct sctp_assocparams us;
	struct lx_assocparams lx;

	TAKE(lx, buf, len);
	us = (struct sctp_assocparams){ .sasoc_assoc_id = (sctp_assoc_t)lx.assoc,
					.sasoc_asocmaxrxt = lx.max_rxt,
					.sasoc_cookie_life = lx.cookie_life };
	return set(k, SCTP_ASSOCINFO, &us, sizeof(us));
}

/* ---- paths ---- */
#define SPP_SACKDELAY 0x60u /* both flags of Linux's that usrsctp has an option of its own for */

static int get_path(struct sctp *k, void *buf, unsigned *len)
{
	struct sctp_paddrparams us = { .spp_flags = 0 };
	struct sctp_sack_info sack = { .sack_delay = 0 };
	struct lx_paddrparams lx;
	int r;

	TAKE(lx, buf, *len);
	us.spp_assoc_id = sack.sack_assoc_id = (sctp_assoc_t)lx.assoc;
	us.spp_address = lx.address;
	r = get(k, SCTP_PEER_ADDR_PARAMS, &us, sizeof(us));
	if (r < 0)
		return r == -ENOENT ? -EINVAL : r;
	get(k, SCTP_DELAYED_SACK, &sack, sizeof(sack));
	lx.hbinterval = us.spp_hbinterval;
	lx.pathmaxrxt = us.spp_pathmaxrxt;
	lx.pathmtu = us.spp_pathmtu;
	lx.sackdelay = sack.sack_delay;
	lx.flags = us.spp_flags | (sack.sack_delay ? 0x20 : 0x40);
	lx.flowlabel = us.spp_ipv6_flowlabel;
	lx.dscp = us.spp_dscp;
	return give(&lx, sizeof(lx), buf, len);
}

static int set_path(struct sctp *k, const void *buf, unsigned len)
{
	struct lx_paddrparams lx = { .flags = 0 };
	struct sctp_paddrparams us;
	struct sctp_sack_info sack;
	int r = 0;

	if (len < offsetof(struct lx_paddrparams, flowlabel))
		return -EINVAL;
	memcpy(&lx, buf, UC_MIN(len, (unsigned)sizeof(lx)));
	us = (struct sctp_paddrparams){ .spp_address = lx.address,
					.spp_assoc_id = (sctp_assoc_t)lx.assoc,
					.spp_hbinterval = lx.hbinterval,
					.spp_pathmtu = lx.pathmtu,
					.spp_flags = lx.flags & ~SPP_SACKDELAY,
					.spp_ipv6_flowlabel = lx.flowlabel,
					.spp_pathmaxrxt = lx.pathmaxrxt,
					.spp_dscp = lx.dscp };
	sack = (struct sctp_sack_info){ .sack_assoc_id = us.spp_assoc_id,
					.sack_delay = lx.flags & 0x20 ? lx.sackdelay : 0,
					.sack_freq = lx.flags & 0x40 ? 1 : 0 };
	r = set(k, SCTP_PEER_ADDR_PARAMS, &us, sizeof(us));
	if (r == 0 && lx.flags & SPP_SACKDELAY)
		r = set(k, SCTP_DELAYED_SACK, &sack, sizeof(sack));
	return r;
}

/* ---- UDP, RFC 6951 ---- */
/* No address means every one, as any address does. */
static struct sctp_udpencaps encaps_in(const struct lx_udpencaps *lx)
{
	struct sctp_udpencaps us = { .sue_address = lx->address,
				     .sue_assoc_id = (sctp_assoc_t)lx->assoc,
				     .sue_port = lx->port };

	if (us.sue_address.ss_family == AF_UNSPEC)
		us.sue_address.ss_family = AF_INET;
	return us;
}

static int get_encaps(struct sctp *k, void *buf, unsigned *len)
{
	struct sctp_udpencaps us;
	struct lx_udpencaps lx;
	int r;

	TAKE(lx, buf, *len);
	us = encaps_in(&lx);
	r = get(k, SCTP_REMOTE_UDP_ENCAPS_PORT, &us, sizeof(us));
	if (r < 0)
		return r == -ENOENT ? -EINVAL : r;
	lx.port = us.sue_port;
	return give(&lx, sizeof(lx), buf, len);
}

static int set_encaps(struct sctp *k, const void *buf, unsigned len)
{
	struct sctp_udpencaps us;
	struct lx_udpencaps lx;
	int r;

	TAKE(lx, buf, len);
	us = encaps_in(&lx);
	r = set(k, SCTP_REMOTE_UDP_ENCAPS_PORT, &us, sizeof(us));
	return r == -ENOENT ? -EINVAL : r;
}

static int get_primary(struct sctp *k, void *buf, unsigned *len)
{
	struct sctp_setprim us = { .ssp_assoc_id = 0 };
	struct lx_prim lx;
	int r;

	TAKE(lx, buf, *len);
	us.ssp_assoc_id = (sctp_assoc_t)lx.assoc;
	r = get(k, SCTP_PRIMARY_ADDR, &us, sizeof(us));
	if (r < 0)
		return r;
	lx.address = us.ssp_addr;
	return give(&lx, sizeof(lx), buf, len);
}

static int set_primary(struct sctp *k, int us_name, const void *buf, unsigned len)
{
	struct sctp_setprim us = { .ssp_assoc_id = 0 }; /* as struct sctp_setpeerprim */
	struct lx_prim lx;

	TAKE(lx, buf, len);
	us.ssp_assoc_id = (sctp_assoc_t)lx.assoc;
	us.ssp_addr = lx.address;
	return set(k, us_name, &us, sizeof(us));
}

/* ---- numbers that are an int, too, for older programs ---- */
static int get_value(struct sctp *k, int us_name, void *buf, unsigned *len)
{
	struct sctp_assoc_value v = { .assoc_value = 0 };
	int r;

	if (*len < sizeof(v.assoc_value))
		return -EINVAL;
	if (*len >= sizeof(v))
		memcpy(&v, buf, sizeof(v));
	r = get(k, us_name, &v, sizeof(v));
	if (r < 0)
		return r;
	return *len >= sizeof(v) ? give(&v, sizeof(v), buf, len)
				 : give(&v.assoc_value, sizeof(v.assoc_value), buf, len);
}

static int set_value(struct sctp *k, int us_name, const void *buf, unsigned len)
{
	struct sctp_assoc_value v = { .assoc_id = 0 };

	if (len >= sizeof(v))
		memcpy(&v, buf, sizeof(v));
	else if (len >= sizeof(v.assoc_value))
		memcpy(&v.assoc_value, buf, sizeof(v.assoc_value));
	else
		return -EINVAL;
	return set(k, us_name, &v, sizeof(v));
}

static int set_sack(struct sctp *k, const void *buf, unsigned len)
{
	struct sctp_sack_info v = { .sack_freq = 0 };

	if (len < sizeof(struct sctp_assoc_value))
		return -EINVAL;
	memcpy(&v, buf, UC_MIN(len, (unsigned)sizeof(v)));
	if (len < sizeof(v)) /* association and delay alone: 0 switches it off */
		v.sack_freq = v.sack_delay ? 2 : 1;
	return set(k, SCTP_DELAYED_SACK, &v, sizeof(v));
}

static int get_sack(struct sctp *k, void *buf, unsigned *len)
{
	struct sctp_sack_info v = { .sack_freq = 0 };
	unsigned n = UC_MIN(*len, (unsigned)sizeof(v));
	int r;

	if (n < sizeof(struct sctp_assoc_value))
		return -EINVAL;
	memcpy(&v, buf, n);
	r = get(k, SCTP_DELAYED_SACK, &v, sizeof(v));
	return r < 0 ? r : give(&v, n, buf, len);
}

/* ---- how messages are sent ---- */
static int get_send_info(struct sctp *k, bool old, void *buf, unsigned *len)
{
	struct sctp_sndinfo us = { .snd_sid = 0 };
	struct lx_sndrcvinfo lx = { .stream = 0 };
	int r;

	if (*len < (old ? sizeof(lx) : sizeof(us)))
		return -EINVAL;
	if (old)
		memcpy(&lx, buf, sizeof(lx));
	else
		memcpy(&us, buf, sizeof(us));
	us.snd_assoc_id |= (sctp_assoc_t)lx.assoc;
	r = get(k, SCTP_DEFAULT_SNDINFO, &us, sizeof(us));
	if (r < 0)
		return r;
	us.snd_flags = (uint16_t)sctp_flags_out(us.snd_flags);
	if (!old)
		return give(&us, sizeof(us), buf, len);
	lx = (struct lx_sndrcvinfo){ .stream = us.snd_sid,
				     .flags = us.snd_flags,
				     .ppid = us.snd_ppid,
				     .context = us.snd_context,
				     .assoc = lx.assoc };
	return give(&lx, sizeof(lx), buf, len);
}

static int set_send_info(struct sctp *k, bool old, const void *buf, unsigned len)
{
	struct lx_sndrcvinfo lx;
	struct sctp_sndinfo us;

	if (old) {
		TAKE(lx, buf, len);
		us = (struct sctp_sndinfo){ .snd_sid = lx.stream,
					    .snd_flags = lx.flags,
					    .snd_ppid = lx.ppid,
					    .snd_context = lx.context,
					    .snd_assoc_id = (sctp_assoc_t)lx.assoc };
	} else {
		TAKE(us, buf, len);
	}
	us.snd_flags = (uint16_t)sctp_flags_in(us.snd_flags);
	return set(k, SCTP_DEFAULT_SNDINFO, &us, sizeof(us));
}

/* ---- events ---- */
static int want(struct sctp *k, unsigned lx, int assoc, bool on)
{
	uint16_t bit = (uint16_t)(1u << (lx - LX_EVENT_BASE));
	struct sctp_event e = { .se_assoc_id = (sctp_assoc_t)assoc,
				.se_type = sctp_event_type(lx),
				.se_on = on };

	if (lx == LX_DATA_IO) {
		k->data_io = on;
		return 0;
	}
	if (!e.se_type)
		return -EINVAL;
	k->events = (uint16_t)(on ? k->events | bit : k->events & ~bit);
	/* Both events of Linux's about what was not sent are one of usrsctp's. */
	if (lx == LX_SEND_FAILED || lx == LX_SEND_FAILED_EVENT)
		e.se_on = (k->events & (1u << (LX_SEND_FAILED - LX_EVENT_BASE) |
					1u << (LX_SEND_FAILED_EVENT - LX_EVENT_BASE))) != 0;
	return set(k, SCTP_EVENT, &e, sizeof(e));
}

static int set_events(struct sctp *k, const uint8_t *on, unsigned n)
{
	int r = 0;

	if (n > LX_EVENTS)
		return -EINVAL;
	for (unsigned i = 0; i < n && r == 0; i++) {
		/* usrsctp cannot say it of all associations that there are. */
		bool dry = !sctp_is_stream(k) && i == LX_SENDER_DRY - LX_EVENT_BASE;

		r = want(k, LX_EVENT_BASE + i, dry ? SCTP_FUTURE_ASSOC : SCTP_ALL_ASSOC, on[i]);
	}
	return r;
}

static int get_events(const struct sctp *k, void *buf, unsigned *len)
{
	uint8_t on[LX_EVENTS] = { k->data_io };

	if (!*len)
		return -EINVAL;
	for (unsigned i = 1; i < LX_EVENTS; i++)
		on[i] = k->events >> i & 1;
	return give(on, UC_MIN(*len, (unsigned)LX_EVENTS), buf, len);
}

static int set_event(struct sctp *k, const void *buf, unsigned len)
{
	struct sctp_event e;

	TAKE(e, buf, len);
	return want(k, e.se_type, (int)e.se_assoc_id, e.se_on);
}

static int get_event(struct sctp *k, void *buf, unsigned *len)
{
	struct sctp_event e;
	uint16_t lx;
	int r = 0;

	TAKE(e, buf, *len);
	lx = e.se_type;
	e.se_type = sctp_event_type(lx);
	if (lx == LX_DATA_IO)
		e.se_on = k->data_io;
	else
		r = e.se_type ? get(k, SCTP_EVENT, &e, sizeof(e)) : -EINVAL;
	e.se_type = lx;
	return r < 0 ? r : give(&e, sizeof(e), buf, len);
}

static int set_switch(bool *to, const void *buf, unsigned len)
{
	int on;

	TAKE(on, buf, len);
	*to = on;
	return 0;
}

static int get_switch(bool is, void *buf, unsigned *len)
{
	int on = is;

	if (*len < sizeof(on))
		return -EINVAL;
	return give(&on, sizeof(on), buf, len);
}

/* ---- addresses ---- */
static int get_addresses(struct sctp *k, bool peer, void *buf, unsigned *len)
{
	struct lx_getaddrs *lx = buf;
	struct sockaddr *list;
	const uint8_t *at;
	unsigned room;
	int n, r = 0;

	if (*len < sizeof(*lx))
		return -EINVAL;
	uc_sctp_addresses();
	n = peer ? usrsctp_getpaddrs(k->so, (sctp_assoc_t)lx->assoc, &list)
		 : usrsctp_getladdrs(k->so, (sctp_assoc_t)lx->assoc, &list);
	if (n < 0)
		return errno == ENOENT ? -EINVAL : sctp_errno();
	lx->count = (uint32_t)n;
	room = *len - (unsigned)sizeof(*lx);
	*len = sizeof(*lx);
	at = (const uint8_t *)list;
	for (int i = 0; i < n; i++) {
		unsigned size = ((const struct sockaddr *)at)->sa_family == AF_INET
					? sizeof(struct sockaddr_in)
					: sizeof(struct sockaddr_in6);

		if (size > room) {
			r = -ENOMEM;
			break;
		}
		memcpy((uint8_t *)buf + *len, at, size);
		*len += size;
		at += size;
		room -= size;
	}
	if (peer)
		usrsctp_freepaddrs(list);
	else
		usrsctp_freeladdrs(list);
	return r;
}

static int bindx(struct sctp *k, const void *buf, unsigned len, int how)
{
	int n = len < LEN_MAX ? sctp_count_addresses(buf, len) : -ENOMEM;

	if (n < 0)
		return n;
	uc_sctp_addresses();
	sctp_set_buffers(k);
	if (usrsctp_bindx(k->so, (struct sockaddr *)buf, n, how) < 0)
		return sctp_errno();
	if (!k->bound && how == SCTP_BINDX_ADD_ADDR)
		memcpy(&k->local, buf, sizeof(struct sockaddr_in));
	k->bound = true;
	return 0;
}

static int connectx3(struct sctp *k, void *buf, unsigned *len)
{
	struct lx_connectx lx;
	uint8_t addrs[LEN_MAX];
	int r;

	TAKE(lx, buf, *len);
	if (lx.size <= 0)
		return -EINVAL;
	if (lx.size > (int)sizeof(addrs))
		return sctp_unsupported(-ENOMEM, "connectx with bytes", lx.size);
	if (uc_user_read(addrs, lx.addrs, (size_t)lx.size) < 0)
		return -EFAULT;
	r = sctp_connect_many(k, (struct sockaddr *)addrs, (unsigned)lx.size, k->s.nonblock);
	if (r < 0)
		return r;
	return give(&r, sizeof(r), buf, len);
}

static int peel_off(struct sctp *k, bool with_flags, void *buf, unsigned *len)
{
	unsigned n = with_flags ? sizeof(struct lx_peeloff) : offsetof(struct lx_peeloff, flags);
	struct lx_peeloff lx = { .flags = 0 };
	struct socket *so;
	struct sctp *c;

	if (*len < n)
		return -EINVAL;
	memcpy(&lx, buf, n);
	so = usrsctp_peeloff(k->so, (sctp_assoc_t)lx.assoc);
	if (!so)
		return errno == ENOENT ? -EINVAL : sctp_errno();
	c = sctp_wrap(k->s.family, UC_SOCK_STREAM, so);
	if (!c)
		return -ENOMEM;
	c->local = k->local;
	c->bound = true;
	c->data_io = k->data_io;
	c->rcvinfo = k->rcvinfo;
	c->nxtinfo = k->nxtinfo;
	c->events = k->events;
	lx.fd = sctp_publish(&c->s, lx.flags);
	return lx.fd < 0 ? lx.fd : give(&lx, n, buf, len);
}

/* ---- where they go ---- */
int sctp_get_other(struct sctp *k, int name, void *buf, unsigned *len)
{
	switch (name) {
	case LXO_STATUS:
		return get_status(k, buf, len);
	case LXO_GET_PEER_ADDR_INFO:
		return get_peer(k, buf, len);
	case LXO_ASSOCINFO:
		return get_assocparams(k, buf, len);
	case LXO_PEER_ADDR_PARAMS:
		return get_path(k, buf, len);
	case LXO_PRIMARY_ADDR:
		return get_primary(k, buf, len);
	case LXO_REMOTE_UDP_ENCAPS_PORT:
		return get_encaps(k, buf, len);
	case LXO_MAXSEG:
		return get_value(k, SCTP_MAXSEG, buf, len);
	case LXO_MAX_BURST:
		return get_value(k, SCTP_MAX_BURST, buf, len);
	case LXO_DELAYED_SACK:
		return get_sack(k, buf, len);
	case LXO_DEFAULT_SEND_PARAM:
	case LXO_DEFAULT_SNDINFO:
		return get_send_info(k, name == LXO_DEFAULT_SEND_PARAM, buf, len);
	case LXO_EVENTS:
		return get_events(k, buf, len);
	case LXO_EVENT:
		return get_event(k, buf, len);
	case LXO_RECVRCVINFO:
		return get_switch(k->rcvinfo, buf, len);
	case LXO_RECVNXTINFO:
		return get_switch(k->nxtinfo, buf, len);
	case LXO_GET_PEER_ADDRS:
	case LXO_GET_LOCAL_ADDRS:
		return get_addresses(k, name == LXO_GET_PEER_ADDRS, buf, len);
	case LXO_CONNECTX3:
		return connectx3(k, buf, len);
	case LXO_PEELOFF:
	case LXO_PEELOFF_FLAGS:
		return peel_off(k, name == LXO_PEELOFF_FLAGS, buf, len);
	default:
		return sctp_unsupported(-ENOPROTOOPT, "getsockopt", name);
	}
}

int sctp_set_other(struct sctp *k, int name, const void *buf, unsigned len)
{
	switch (name) {
	case LXO_ASSOCINFO:
		return set_assocparams(k, buf, len);
	case LXO_PEER_ADDR_PARAMS:
		return set_path(k, buf, len);
	case LXO_REMOTE_UDP_ENCAPS_PORT:
		return set_encaps(k, buf, len);
	case LXO_PRIMARY_ADDR:
		return set_primary(k, SCTP_PRIMARY_ADDR, buf, len);
	case LXO_SET_PEER_PRIMARY_ADDR:
		return set_primary(k, SCTP_SET_PEER_PRIMARY_ADDR, buf, len);
	case LXO_MAXSEG:
		return set_value(k, SCTP_MAXSEG, buf, len);
	case LXO_MAX_BURST:
		return set_value(k, SCTP_MAX_BURST, buf, len);
	case LXO_DELAYED_SACK:
		return set_sack(k, buf, len);
	case LXO_DEFAULT_SEND_PARAM:
	case LXO_DEFAULT_SNDINFO:
		return set_send_info(k, name == LXO_DEFAULT_SEND_PARAM, buf, len);
	case LXO_EVENTS:
		return set_events(k, buf, len);
	case LXO_EVENT:
		return set_event(k, buf, len);
	case LXO_RECVRCVINFO:
		return set_switch(&k->rcvinfo, buf, len);
	case LXO_RECVNXTINFO:
		return set_switch(&k->nxtinfo, buf, len);
	case LXO_BINDX_ADD:
		return bindx(k, buf, len, SCTP_BINDX_ADD_ADDR);
	case LXO_BINDX_REM:
		return bindx(k, buf, len, SCTP_BINDX_REM_ADDR);
	case LXO_CONNECTX:
		return len < LEN_MAX ? sctp_connect_many(k, buf, len, k->s.nonblock) : -ENOMEM;
	default:
		return -ENOPROTOOPT;
	}
}
