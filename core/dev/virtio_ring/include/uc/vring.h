// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_VRING_H
#define UC_VRING_H
/*
 * The split virtqueue (Virtio 1.2, 2.7) as a data structure over memory that the device may write
 * at any time. Nothing the device stores is trusted: what matters is kept in private slots, and an
 * index, identifier or length that cannot be right marks the ring broken for good.
 * No allocation, no device access. Context: thread; the caller serialises.
 */
#include <uc/bus.h>
#include <uc/types.h>

struct uc_vring_desc { uint64_t addr; uint32_t len; uint16_t flags, next; };
struct uc_vring_used_elem { uint32_t id, len; };

struct uc_vring_slot { /* per descriptor; meaningful at the head of a chain */
	void *cookie;     /* NULL: not a chain that the device holds */
	uint32_t in_len;  /* device-writable bytes of the chain */
	uint16_t next;    /* free list, or next of the chain */
	uint16_t count;   /* descriptors of the chain */
};

struct uc_vring {
	volatile struct uc_vring_desc *desc;
	volatile uint16_t *avail; /* flags, idx, ring[num], used_event */
	volatile uint16_t *used;  /* flags, idx, then num elements, avail_event */
	struct uc_vring_slot *slots;
	uint16_t num, nfree, free_head;
	uint16_t avail_idx, kicked_idx, last_used;
	bool event_idx, irq_on, broken;
};

#define UC_VRING_MAX 1024u
/* Bytes of ring memory for num (a power of two <= UC_VRING_MAX) entries, used part aligned to
 * `align`. */
size_t uc_vring_bytes(unsigned num, unsigned align);
size_t uc_vring_used_offset(unsigned num, unsigned align);
/* mem: zeroed, 16-byte aligned; slots: num of them. */
void uc_vring_init(struct uc_vring *r, void *mem, struct uc_vring_slot *slots, unsigned num,
		   unsigned align, bool event_idx);
/* As uc_virtq_add, _take, _irq. */
int uc_vring_add(struct uc_vring *r, const struct uc_vq_buf *bufs, unsigned nout, unsigned nin,
		 void *cookie);
void *uc_vring_take(struct uc_vring *r, uint32_t *written);
bool uc_vring_irq(struct uc_vring *r, bool on);
bool uc_vring_pending(const struct uc_vring *r);
/* Makes what was added visible; true if the device wants to be notified. */
bool uc_vring_publish(struct uc_vring *r);
#endif
