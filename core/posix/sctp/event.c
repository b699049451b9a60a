// SPDX-License-Identifier: BSD-3-Clause
/* Events (RFC 6458, 6.1): usrsctp's rewritten to Linux's, in place. */
#include "sctp_private.h"

#define HEADER  8u /* type, flags, length */
#define ASSOC   20u
#define ADDRESS 148u

uint16_t sctp_event_type(unsigned lx)
{
	static const uint8_t us[LX_EVENTS] = {
		[LX_ASSOC_CHANGE - LX_EVENT_BASE] = SCTP_ASSOC_CHANGE,
		[LX_PEER_ADDR_CHANGE - LX_EVENT_BASE] = SCTP_PEER_ADDR_CHANGE,
		[LX_SEND_FAILED - LX_EVENT_BASE] = SCTP_SEND_FAILED_EVENT,
		[LX_REMOTE_ERROR - LX_EVENT_BASE] = SCTP_REMOTE_ERROR,
		[LX_SHUTDOWN_EVENT - LX_EVENT_BASE] = SCTP_SHUTDOWN_EVENT,
		[LX_PARTIAL_DELIVERY - LX_EVENT_BASE] = SCTP_PARTIAL_DELIVERY_EVENT,
		[LX_ADAPTATION - LX_EVENT_BASE] = SCTP_ADAPTATION_INDICATION,
		[LX_AUTHENTICATION - LX_EVENT_BASE] = SCTP_AUTHENTICATION_EVENT,
		[LX_SENDER_DRY - LX_EVENT_BASE] = SCTP_SENDER_DRY_EVENT,
		[LX_STREAM_RESET - LX_EVENT_BASE] = SCTP_STREAM_RESET_EVENT,
		[LX_ASSOC_RESET - LX_EVENT_BASE] = SCTP_ASSOC_RESET_EVENT,
		[LX_STREAM_CHANGE - LX_EVENT_BASE] = SCTP_STREAM_CHANGE_EVENT,
		[LX_SEND_FAILED_EVENT - LX_EVENT_BASE] = SCTP_SEND_FAILED_EVENT,
	};

	return lx - LX_EVENT_BASE < LX_EVENTS ? us[lx - LX_EVENT_BASE] : 0;
}

static uint16_t type_out(unsigned us, unsigned wanted)
{
	if (us == SCTP_SEND_FAILED_EVENT)
		return wanted & 1u << (LX_SEND_FAILED_EVENT - LX_EVENT_BASE) ? LX_SEND_FAILED_EVENT
									     : LX_SEND_FAILED;
	for (unsigned lx = LX_ASSOC_CHANGE; lx < LX_SEND_FAILED_EVENT; lx++)
		if (sctp_event_type(lx) == us)
			return (uint16_t)lx;
	return LX_DATA_IO; /* none of ours */
}

static unsigned assoc_change(struct sctp_assoc_change *e, unsigned n)
{
	if (n < ASSOC)
		return n;
	if (e->sac_state == SCTP_COMM_UP || e->sac_state == SCTP_RESTART)
		n = ASSOC; /* Linux does not list what the peer can do */
	e->sac_state--;
	return n;
}

static unsigned addr_change(struct sctp_paddr_change *e, unsigned n)
{
	if (n < ADDRESS)
		return n;
	e->spc_state--;
	return ADDRESS;
}

static unsigned partial(uint8_t *event, unsigned n)
{
	struct sctp_pdapi_event us;
	struct lx_pdapi_event lx;

	if (n < sizeof(us))
		return n;
	memcpy(&us, event, sizeof(us));
	lx = (struct lx_pdapi_event){ .type = us.pdapi_type,
				      .flags = us.pdapi_flags,
				      .length = sizeof(lx),
				      .indication = 0, /* aborted: there is no other */
				      .assoc = (int32_t)us.pdapi_assoc_id,
				      .stream = us.pdapi_stream,
				      .seq = us.pdapi_seq };
	memcpy(event, &lx, sizeof(lx));
	return sizeof(lx);
}

static unsigned authentication(uint8_t *event, unsigned n)
{
	static const uint8_t indication[] = { [SCTP_AUTH_FREE_KEY] = 1, [SCTP_AUTH_NO_AUTH] = 2 };
	struct sctp_authkey_event us;
	struct lx_authkey_event lx;

	if (n < sizeof(us))
		return n;
	memcpy(&us, event, sizeof(us));
	lx = (struct lx_authkey_event){ .type = us.auth_type,
					.flags = us.auth_flags,
					.length = sizeof(lx),
					.key = us.auth_keynumber,
					.indication = indication[us.auth_indication & 3],
					.assoc = (int32_t)us.auth_assoc_id };
	memcpy(event, &lx, sizeof(lx));
	return sizeof(lx);
}

/* The flags become Linux's, and with the older event the layout. */
static unsigned send_failed(uint8_t *event, unsigned n)
{
	const unsigned head = offsetof(struct sctp_send_failed_event, ssfe_data);
	struct sctp_send_failed_event us;
	struct lx_send_failed lx;

	if (n < head)
		return n;
	memcpy(&us, event, head);
	us.ssfe_info.snd_flags = (uint16_t)sctp_flags_out(us.ssfe_info.snd_flags);
	us.ssfe_flags = us.ssfe_flags & SCTP_DATA_SENT ? 1 : 0;
	memcpy(event, &us, head);
	if (us.ssfe_type == LX_SEND_FAILED_EVENT)
		return n;
	lx = (struct lx_send_failed){ .type = us.ssfe_type,
				      .flags = us.ssfe_flags,
				      .error = us.ssfe_error,
				      .info = { .stream = us.ssfe_info.snd_sid,
						.flags = us.ssfe_info.snd_flags,
						.ppid = us.ssfe_info.snd_ppid,
						.context = us.ssfe_info.snd_context,
						.assoc = (int32_t)us.ssfe_info.snd_assoc_id },
				      .assoc = (int32_t)us.ssfe_assoc_id };
	lx.length = us.ssfe_length + (unsigned)sizeof(lx) - head;
	memmove(event + sizeof(lx), event + head, n - head);
	memcpy(event, &lx, sizeof(lx));
	return n + (unsigned)sizeof(lx) - head;
}
_Static_assert(sizeof(struct lx_send_failed) - offsetof(struct sctp_send_failed_event, ssfe_data) <=
		       SCTP_EVENT_GROWTH,
	       "an event grows by no more");

unsigned sctp_event_out(uint8_t *event, unsigned n, unsigned wanted)
{
	union sctp_notification *e = (union sctp_notification *)event;
	uint16_t us;
	unsigned whole = n;

	if (n < HEADER)
		return n;
	us = e->sn_header.sn_type;
	e->sn_header.sn_type = type_out(us, wanted);
	switch (us) {
	case SCTP_ASSOC_CHANGE:
		n = assoc_change(&e->sn_assoc_change, n);
		break;
	case SCTP_PEER_ADDR_CHANGE:
		n = addr_change(&e->sn_paddr_change, n);
		break;
	case SCTP_PARTIAL_DELIVERY_EVENT:
		return partial(event, n);
	case SCTP_AUTHENTICATION_EVENT:
		return authentication(event, n);
	case SCTP_SEND_FAILED_EVENT:
		return send_failed(event, n);
	default:
		return n;
	}
	if (n < whole)
		e->sn_header.sn_length = n;
	return n;
}
