// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_NETURGENT_H
#define UC_NETURGENT_H
/*
 * Urgent data of TCP: RFC 9293, 3.8.5, with the pointer as RFC 6093 says that everybody uses it,
 * behind the urgent byte. lwIP knows nothing of it.
 * Context: thread.
 */
#include <uc/types.h>

struct tcp_pcb;

/* What has been written to pcb so far is urgent; segments say so until it is acknowledged. */
void uc_net_urgent_send(struct tcp_pcb *pcb);
/* Urgent data are not acknowledged yet. */
bool uc_net_urgent_pending(const struct tcp_pcb *pcb);
/* A segment of an open (or just opening) connection names the urgent byte at sequence number seq.
 * Called before lwIP sees the segment. NULL: nobody wants to know. */
extern void (*uc_net_urgent_seen)(struct tcp_pcb *pcb, uint32_t seq);
#endif
