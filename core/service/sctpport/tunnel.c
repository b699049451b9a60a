// SPDX-License-Identifier: BSD-3-Clause
/* SCTP in UDP datagrams (RFC 6951), with the settings that Linux has for it. */
#include "port.h"
#include <asm/errno.h>
#include <uc/sctp.h>

static uint16_t encap_port;

unsigned uc_sctp_setting(enum uc_sctp_setting which)
{
	return which == UC_SCTP_UDP_PORT ? SCTP_BASE_SYSCTL(sctp_udp_tunneling_port) : encap_port;
}

int uc_sctp_set(enum uc_sctp_setting which, unsigned value)
{
	int r = value <= UINT16_MAX ? uc_sctp_start() : -EINVAL;

	if (r < 0)
		return r;
	if (which == UC_SCTP_ENCAP_PORT) {
		encap_port = (uint16_t)value;
		return 0;
	}
	r = sctp_ip_udp((uint16_t)value);
	SCTP_BASE_SYSCTL(sctp_udp_tunneling_port) = r < 0 ? 0 : value;
	return r;
}
