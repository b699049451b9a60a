// SPDX-License-Identifier: BSD-3-Clause
// What linux_sctp.h says is what linux/sctp.h says.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sys/socket.h>
#include <linux/sctp.h>
#include "linux_sctp.h"

#define SAME(us, lx)                   _Static_assert((int)(us) == (int)(lx), #us " is " #lx)
#define SAME_SIZE(ours, theirs)        SAME(sizeof(struct ours), sizeof(struct theirs))
#define SAME_PLACE(ours, a, theirs, b) SAME(offsetof(struct ours, a), offsetof(struct theirs, b))
#define SAME_OPTION(name)              SAME(LXO_##name, SCTP_##name)

SAME(LX_MSG_NOTIFICATION, MSG_NOTIFICATION);
SAME(LX_EOF, SCTP_EOF);
SAME(LX_UNORDERED, SCTP_UNORDERED);
SAME(LX_ADDR_OVER, SCTP_ADDR_OVER);
SAME(LX_ABORT, SCTP_ABORT);
SAME(LX_SACK_IMMEDIATELY, SCTP_SACK_IMMEDIATELY);
SAME(LX_SENDALL, SCTP_SENDALL);
SAME(LX_PR_TTL, SCTP_PR_SCTP_TTL);
SAME(LX_PR_RTX, SCTP_PR_SCTP_RTX);
SAME(LX_PR_PRIO, SCTP_PR_SCTP_PRIO);
SAME(LX_INIT, SCTP_INIT);
SAME(LX_SNDRCV, SCTP_SNDRCV);
SAME(LX_SNDINFO, SCTP_SNDINFO);
SAME(LX_RCVINFO, SCTP_RCVINFO);
SAME(LX_NXTINFO, SCTP_NXTINFO);
SAME(LX_PRINFO, SCTP_PRINFO);
SAME(LX_DSTADDRV6, SCTP_DSTADDRV6);

SAME(LX_ASSOC_CHANGE, SCTP_ASSOC_CHANGE);
SAME(LX_PEER_ADDR_CHANGE, SCTP_PEER_ADDR_CHANGE);
SAME(LX_SEND_FAILED, SCTP_SEND_FAILED);
SAME(LX_REMOTE_ERROR, SCTP_REMOTE_ERROR);
SAME(LX_SHUTDOWN_EVENT, SCTP_SHUTDOWN_EVENT);
SAME(LX_PARTIAL_DELIVERY, SCTP_PARTIAL_DELIVERY_EVENT);
SAME(LX_ADAPTATION, SCTP_ADAPTATION_INDICATION);
SAME(LX_AUTHENTICATION, SCTP_AUTHENTICATION_EVENT);
SAME(LX_SENDER_DRY, SCTP_SENDER_DRY_EVENT);
SAME(LX_STREAM_RESET, SCTP_STREAM_RESET_EVENT);
SAME(LX_ASSOC_RESET, SCTP_ASSOC_RESET_EVENT);
SAME(LX_STREAM_CHANGE, SCTP_STREAM_CHANGE_EVENT);
SAME(LX_SEND_FAILED_EVENT, SCTP_SEND_FAILED_EVENT);
SAME(LX_EVENTS, sizeof(struct sctp_event_subscribe));

SAME_OPTION(RTOINFO);
SAME_OPTION(ASSOCINFO);
SAME_OPTION(INITMSG);
SAME_OPTION(NODELAY);
SAME_OPTION(AUTOCLOSE);
SAME_OPTION(SET_PEER_PRIMARY_ADDR);
SAME_OPTION(PRIMARY_ADDR);
SAME_OPTION(ADAPTATION_LAYER);
SAME_OPTION(DISABLE_FRAGMENTS);
SAME_OPTION(PEER_ADDR_PARAMS);
SAME_OPTION(DEFAULT_SEND_PARAM);
SAME_OPTION(EVENTS);
SAME_OPTION(I_WANT_MAPPED_V4_ADDR);
SAME_OPTION(MAXSEG);
SAME_OPTION(STATUS);
SAME_OPTION(GET_PEER_ADDR_INFO);
SAME_OPTION(DELAYED_SACK);
SAME_OPTION(CONTEXT);
SAME_OPTION(FRAGMENT_INTERLEAVE);
SAME_OPTION(PARTIAL_DELIVERY_POINT);
SAME_OPTION(MAX_BURST);
SAME_OPTION(AUTH_CHUNK);
SAME_OPTION(HMAC_IDENT);
SAME_OPTION(AUTH_KEY);
SAME_OPTION(AUTH_ACTIVE_KEY);
SAME_OPTION(AUTH_DELETE_KEY);
SAME_OPTION(GET_ASSOC_NUMBER);
SAME_OPTION(GET_ASSOC_ID_LIST);
SAME_OPTION(AUTO_ASCONF);
SAME_OPTION(RECVRCVINFO);
SAME_OPTION(RECVNXTINFO);
SAME_OPTION(DEFAULT_SNDINFO);
SAME_OPTION(AUTH_DEACTIVATE_KEY);
SAME_OPTION(REUSE_PORT);
SAME_OPTION(GET_PEER_ADDRS);
SAME_OPTION(GET_LOCAL_ADDRS);
SAME_OPTION(PR_SUPPORTED);
SAME_OPTION(RECONFIG_SUPPORTED);
SAME_OPTION(ENABLE_STREAM_RESET);
SAME_OPTION(RESET_STREAMS);
SAME_OPTION(RESET_ASSOC);
SAME_OPTION(ADD_STREAMS);
SAME_OPTION(EVENT);
SAME_OPTION(ASCONF_SUPPORTED);
SAME_OPTION(AUTH_SUPPORTED);
SAME_OPTION(ECN_SUPPORTED);
SAME_OPTION(REMOTE_UDP_ENCAPS_PORT);
SAME(LXO_BINDX_ADD, SCTP_SOCKOPT_BINDX_ADD);
SAME(LXO_BINDX_REM, SCTP_SOCKOPT_BINDX_REM);
SAME(LXO_PEELOFF, SCTP_SOCKOPT_PEELOFF);
SAME(LXO_PEELOFF_FLAGS, SCTP_SOCKOPT_PEELOFF_FLAGS);
SAME(LXO_CONNECTX, SCTP_SOCKOPT_CONNECTX);
SAME(LXO_CONNECTX3, SCTP_SOCKOPT_CONNECTX3);

SAME_SIZE(lx_sndrcvinfo, sctp_sndrcvinfo);
SAME_PLACE(lx_sndrcvinfo, ppid, sctp_sndrcvinfo, sinfo_ppid);
SAME_PLACE(lx_sndrcvinfo, assoc, sctp_sndrcvinfo, sinfo_assoc_id);
SAME_SIZE(lx_prinfo, sctp_prinfo);
SAME_PLACE(lx_send_failed, info, sctp_send_failed, ssf_info);
SAME(sizeof(struct lx_send_failed), offsetof(struct sctp_send_failed, ssf_data));
SAME_SIZE(lx_pdapi_event, sctp_pdapi_event);
SAME_PLACE(lx_pdapi_event, stream, sctp_pdapi_event, pdapi_stream);
SAME_SIZE(lx_authkey_event, sctp_authkey_event);
SAME_SIZE(lx_assocparams, sctp_assocparams);
SAME_PLACE(lx_assocparams, cookie_life, sctp_assocparams, sasoc_cookie_life);
SAME_SIZE(lx_prim, sctp_setprim);
SAME_PLACE(lx_prim, address, sctp_setprim, ssp_addr);
SAME_SIZE(lx_udpencaps, sctp_udpencaps);
SAME_PLACE(lx_udpencaps, port, sctp_udpencaps, sue_port);
SAME_SIZE(lx_paddrparams, sctp_paddrparams);
SAME_PLACE(lx_paddrparams, pathmtu, sctp_paddrparams, spp_pathmtu);
SAME_PLACE(lx_paddrparams, dscp, sctp_paddrparams, spp_dscp);
SAME_SIZE(lx_paddrinfo, sctp_paddrinfo);
SAME_PLACE(lx_paddrinfo, state, sctp_paddrinfo, spinfo_state);
SAME_SIZE(lx_status, sctp_status);
SAME_PLACE(lx_status, primary, sctp_status, sstat_primary);
SAME(offsetof(struct lx_getaddrs, addrs), offsetof(struct sctp_getaddrs, addrs));
SAME_SIZE(lx_connectx, sctp_getaddrs_old);
SAME_PLACE(lx_connectx, addrs, sctp_getaddrs_old, addrs);
SAME(sizeof(struct lx_peeloff), sizeof(sctp_peeloff_flags_arg_t));
SAME(offsetof(struct lx_peeloff, fd), offsetof(sctp_peeloff_arg_t, sd));

static void compiled(void **state)
{
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(compiled) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
