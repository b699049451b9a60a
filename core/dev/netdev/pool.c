// SPDX-License-Identifier: BSD-3-Clause
#include <uc/arch.h>
#include <uc/frame.h>
#include <uc/pktpool.h>

void uc_pktpool_put(struct uc_pktpool *p, struct uc_pktbuf *b)
{
	b->next = p->free;
	p->free = b;
	p->nfree++;
}

/* Frames are shared by two buffers: those beyond what the device needs stay with it until both
 * halves are free, which the reference count of the frame says. */
static void release(struct uc_pktbuf *b)
{
	struct uc_pktpool *p = b->owner;

	if (p->nfree < p->keep)
		uc_pktpool_put(p, b);
	else
		uc_upcall_packet_frame_unref(uc_virt_to_phys(b) & UC_PAGE_MASK);
}

static bool more(struct uc_pktpool *p)
{
	uc_paddr pa = uc_upcall_packet_frame();

	if (pa == UC_FRAME_NONE)
		return false;
	uc_frame_ref(pa); /* one for each half */
	for (unsigned i = 0; i < UC_PAGE_SIZE / UC_PKTPOOL_BYTES; i++) {
		struct uc_pktbuf *b = uc_phys_to_virt(pa + i * UC_PKTPOOL_BYTES);

		b->owner = p;
		b->release = release;
		uc_pktpool_put(p, b);
	}
	return true;
}

struct uc_pktbuf *uc_pktpool_take(struct uc_pktpool *p)
{
	struct uc_pktbuf *b;

	if (!p->free && !more(p))
		return NULL;
	b = p->free;
	p->free = b->next;
	p->nfree--;
	return b;
}
