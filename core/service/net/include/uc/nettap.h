// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_NETTAP_H
#define UC_NETTAP_H
/*
 * Packets as they pass through interfaces, and packets past the TCP/IP stack. There is one user,
 * who sees a copy of each while uc_nettap is set.
 * Context: thread or deferred work; nothing here blocks.
 */
#include <uc/netif.h>

#define UC_ETH_HEADER 14u

struct uc_tapframe {
	unsigned refs;
	uint32_t len;
	struct netif *netif;
	bool out;          /* leaves this machine */
	bool csum_partial; /* TCP's checksum is left to the device */
	uint8_t data[];    /* behind an Ethernet header; on loopback its addresses are 0 */
};
/* The frame is the caller's; who keeps it takes a reference. */
extern void (*uc_nettap)(struct uc_tapframe *f);
static inline void uc_tapframe_ref(struct uc_tapframe *f)
{
	f->refs++;
}
void uc_tapframe_unref(struct uc_tapframe *f);
/* Sends a frame as it is. 0, -ENOBUFS. */
int uc_nettap_send(struct netif *n, const void *frame, uint32_t len);
/* Whether frames for other stations are shown, too; calls are counted. */
void uc_nettap_promiscuous(struct netif *n, bool on);
#endif
