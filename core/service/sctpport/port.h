// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_SCTP_PORT_H
#define UC_SCTP_PORT_H
/* usrsctp's inner headers, which need each other in this order. */
#include <netinet/sctp_os.h>
#include <netinet/sctp_pcb.h>
#include "sctp_internal.h"

/* port: in network order */
void sctp_to_sockaddr(union sctp_sockstore *a, const struct sctp_ip *ip, uint16_t port);
#endif
