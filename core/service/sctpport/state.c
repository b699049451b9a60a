// SPDX-License-Identifier: BSD-3-Clause
/* Of a socket of usrsctp's, what only its inner structures say. */
#include "port.h"
#include <uc/sctp.h>

unsigned uc_sctp_state(struct socket *so)
{
	unsigned s = 0;

	if (so->so_state & SS_ISCONNECTING)
		s |= UC_SCTP_CONNECTING;
	if (so->so_state & SS_ISCONNECTED)
		s |= UC_SCTP_CONNECTED;
	if (so->so_rcv.sb_state & SBS_CANTRCVMORE)
		s |= UC_SCTP_IN_CLOSED;
	if (so->so_snd.sb_state & SBS_CANTSENDMORE)
		s |= UC_SCTP_OUT_CLOSED;
	if (!TAILQ_EMPTY(&so->so_comp))
		s |= UC_SCTP_ACCEPTABLE;
	if (so->so_rcv.sb_cc)
		s |= UC_SCTP_READABLE;
	if (sowriteable(so))
		s |= UC_SCTP_WRITABLE;
	return s;
}

int uc_sctp_take_error(struct socket *so)
{
	int e = so->so_error;

	so->so_error = 0;
	return e;
}

void uc_sctp_queued(struct socket *so, uint32_t *in, uint32_t *out)
{
	*in = so->so_rcv.sb_cc;
	*out = so->so_snd.sb_cc;
}

uint16_t uc_sctp_port(struct socket *so)
{
	return __builtin_bswap16(((struct sctp_inpcb *)so->so_pcb)->sctp_lport);
}

void uc_sctp_set_v6only(struct socket *so, bool on)
{
	struct inpcb *p = &((struct sctp_inpcb *)so->so_pcb)->ip_inp.inp;

	p->inp_flags &= ~IN6P_IPV6_V6ONLY;
	if (on)
		p->inp_flags |= IN6P_IPV6_V6ONLY;
}
