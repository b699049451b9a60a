// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PKTPOOL_H
#define UC_PKTPOOL_H
/*
 * Packet buffers of half a page, for drivers: description, then room. A buffer goes back to its
 * pool with its last reference; beyond `keep` free ones memory goes back to the machine.
 * Context: thread or deferred work; nothing here blocks.
 */
#include <uc/netdev.h>

#define UC_PKTPOOL_BYTES 2048u
#define UC_PKTPOOL_HEAD  ((sizeof(struct uc_pktbuf) + 63) & ~(size_t)63)
#define UC_PKTPOOL_ROOM  ((uint32_t)(UC_PKTPOOL_BYTES - UC_PKTPOOL_HEAD))

struct uc_pktpool {
	struct uc_pktbuf *free; /* by `next` */
	unsigned nfree, keep;
};
/* Where its frames come from: the frames of all, or those of a compartment (kernel.ld). */
uc_paddr uc_upcall_packet_frame(void);
void uc_upcall_packet_frame_unref(uc_paddr pa);
/* A buffer without content that has no reference yet, or NULL: no memory. */
struct uc_pktbuf *uc_pktpool_take(struct uc_pktpool *p);
/* Gives back one that was taken and got no reference. */
void uc_pktpool_put(struct uc_pktpool *p, struct uc_pktbuf *b);
static inline uint8_t *uc_pktpool_room(struct uc_pktbuf *b)
{
	return (uint8_t *)b + UC_PKTPOOL_HEAD;
}
/* Makes it one segment with one reference: len bytes of its room after the first `skip`. */
static inline void uc_pktpool_fill(struct uc_pktbuf *b, uint32_t skip, uint32_t len)
{
	b->next = NULL;
	b->refs = 1;
	b->flags = 0;
	b->data = uc_pktpool_room(b) + skip;
	b->headroom = skip;
	b->len = b->total = len;
}
#endif
