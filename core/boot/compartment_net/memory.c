// SPDX-License-Identifier: BSD-3-Clause
/* What belongs to the stack besides lwIP's heap: its variables, buffers of packets, the rings of
 * its devices. */
#include <uc/arch.h>
#include <uc/compartment.h>
#include <uc/frame.h>
#include <uc/init.h>
#include <uc/heap.h>
#include <uc/log.h>
#include <uc/pktpool.h>
#include <uc/virtio_tp.h>

enum { NET = UC_COMPARTMENT_NET, VIRTIO_ID_NET = 1 };

uc_paddr uc_upcall_packet_frame(void)
{
	return uc_compartment_frames(NET, 0);
}

void uc_upcall_packet_frame_unref(uc_paddr pa)
{
	uc_compartment_frame_unref(pa);
}

/* ---- lwIP's variables (kernel.ld) ---- */

extern char uc_net_data_start[], uc_net_data_end[], uc_net_bss_start[], uc_net_bss_end[];

/* The pages can be reached through the direct map, too. */
static int own(char *start, const char *end)
{
	uint64_t len = (uint64_t)(end - start);
	int r = uc_arch_keys_set(start, len, NET);

	return r ? r : uc_arch_keys_set(uc_phys_to_virt(uc_virt_to_phys(start)), len, NET);
}

static int start(void)
{
	if (uc_compartment_start())
		uc_panic("this processor has no protection keys, which the compartments of this "
			 "image need");
	int r = own(uc_net_data_start, uc_net_data_end);
	if (!r)
		r = own(uc_net_bss_start, uc_net_bss_end);
	if (r)
		uc_panic("no memory for the compartments of this image");
	return 0;
}
UC_INITCALL(UC_STAGE_CORE, start);

/* ---- rings ---- */

struct done {
	void (*fn)(struct uc_virtq *q, void *arg);
	void *arg;
};

static void gated_done(struct uc_virtq *q, void *arg)
{
	const struct done *d = arg;
	uc_rights before = uc_compartment_enter(NET);

	d->fn(q, d->arg);
	uc_compartment_leave(before);
}

struct uc_virtq *__real_uc_virtio_queue(struct uc_virtio_dev *d, unsigned index, unsigned max_size,
					void (*done)(struct uc_virtq *q, void *arg), void *arg);
struct uc_virtq *__wrap_uc_virtio_queue(struct uc_virtio_dev *d, unsigned index, unsigned max_size,
					void (*done)(struct uc_virtq *q, void *arg), void *arg);

struct uc_virtq *__wrap_uc_virtio_queue(struct uc_virtio_dev *d, unsigned index, unsigned max_size,
					void (*done)(struct uc_virtq *q, void *arg), void *arg)
{
	if (d->device_id != VIRTIO_ID_NET)
		return __real_uc_virtio_queue(d, index, max_size, done, arg);
	struct done *real = uc_heap_alloc(sizeof(*real));
	if (!real)
		return NULL;
	*real = (struct done){ done, arg };
	struct uc_virtq *q = __real_uc_virtio_queue(d, index, max_size, gated_done, real);
	/* A ring of that many entries has pages of its own. */
	uint64_t len = q ? UC_PAGE_UP(q->used_pa + 6 + 8ull * q->ring.num) - q->desc_pa : 0;
	if (q &&
	    (q->desc_pa & ~UC_PAGE_MASK || uc_arch_keys_set(uc_phys_to_virt(q->desc_pa), len, NET)))
		uc_panic("a ring of the network card cannot be put into its compartment");
	return q;
}

void __real_uc_virtio_interrupt(struct uc_virtio_dev *d);
void __wrap_uc_virtio_interrupt(struct uc_virtio_dev *d);

/* Interrupts must not fault: they look at rings of every device. */
void __wrap_uc_virtio_interrupt(struct uc_virtio_dev *d)
{
	uc_rights before = uc_compartment_enter(NET);

	__real_uc_virtio_interrupt(d);
	uc_compartment_leave(before);
}
