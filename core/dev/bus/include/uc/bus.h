// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_BUS_H
#define UC_BUS_H
/*
 * Virtio devices and drivers, independent of the transport (PCI modern, MMIO), and the one PCI
 * function class used without virtio: shared memory holding the root image (ivshmem).
 */
#include <uc/list.h>
#include <uc/sched.h>
#include <uc/types.h>

/* ---- virtio (OASIS Virtual I/O Device v1.2) ---- */
struct uc_virtq;
struct uc_virtio_dev {
	struct uc_list link;
	uint32_t device_id;                    /* 3 console, 4 rng, 9 9p ... */
	uint64_t features;                     /* negotiated */
	const struct uc_virtio_transport *tp; void *tp_priv;
	void *drv_priv;
	struct uc_virtq *queues;               /* those set up so far */
};
struct uc_virtio_driver {
	uint32_t device_id;
	uint64_t features;                     /* wanted if offered */
	const char *name;
	int (*probe)(struct uc_virtio_dev *d);
	/* Optional: reduces the offered features after a look at the configuration space. */
	uint64_t (*choose)(struct uc_virtio_dev *d, uint64_t offered);
};
/* Registers a driver: placed in a linker section so that linking a driver µlib is enough. */
#define UC_VIRTIO_DRIVER(var)                                                                      \
	static const struct uc_virtio_driver *const uc_virtio_drv_##var                            \
		__attribute__((used, section(".uc_virtio_drivers"))) = &var
int uc_virtio_read_config(struct uc_virtio_dev *d, unsigned off, void *buf, unsigned n);
/* Sets up queue `index` with at most max_size entries. done: called (deferred work) when the device
 * used buffers. */
struct uc_virtq *uc_virtio_queue(struct uc_virtio_dev *d, unsigned index, unsigned max_size,
				 void (*done)(struct uc_virtq *q, void *arg), void *arg);
void uc_virtio_ready(struct uc_virtio_dev *d); /* DRIVER_OK */
struct uc_vq_buf { uc_paddr pa; uint32_t len; };
/* Offers a chain: nout device-readable then nin device-writable buffers. cookie non-NULL. 0 or
 * -ENOSPC. */
int uc_virtq_add(struct uc_virtq *q, const struct uc_vq_buf *bufs, unsigned nout, unsigned nin,
		 void *cookie);
void uc_virtq_kick(struct uc_virtq *q);
/* Next used chain: cookie and bytes written; NULL: none. The device's index and length are checked.
 * */
void *uc_virtq_take(struct uc_virtq *q, uint32_t *written);
/* The device violated the protocol; nothing more is taken. */
bool uc_virtq_broken(const struct uc_virtq *q);
unsigned uc_virtq_free(const struct uc_virtq *q);
/* Interrupts for used buffers: on after set-up if `done` is given, else off. Turning them on
 * returns
 * true if buffers are already there to take. Taking until NULL re-arms a queue whose interrupts are
 * on. */
bool uc_virtq_irq(struct uc_virtq *q, bool on);
/* Buffers were used since the last take. Reads memory only. */
bool uc_virtq_pending(const struct uc_virtq *q);

/* ---- root image in device memory ---- */
/* Physical range of the shared-memory BAR that holds an EROFS image, mapped read-only. 0 or
 * -ENODEV. */
int uc_device_root(uc_paddr *pa, uint64_t *len);
#endif
