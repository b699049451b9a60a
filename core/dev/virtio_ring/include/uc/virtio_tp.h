// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_VIRTIO_TP_H
#define UC_VIRTIO_TP_H
/* Between the virtio core and its transports (PCI, MMIO). Context: boot or thread; no blocking. */
#include <uc/bus.h>
#include <uc/vring.h>

enum { /* device status, Virtio 1.2, 2.1 */
	UC_VIRTIO_ACKNOWLEDGE = 1, UC_VIRTIO_DRIVER_FOUND = 2, UC_VIRTIO_DRIVER_OK = 4,
	UC_VIRTIO_FEATURES_OK = 8, UC_VIRTIO_FAILED = 128,
};
#define UC_VIRTIO_F_EVENT_IDX (1ull << 29)
#define UC_VIRTIO_F_VERSION_1 (1ull << 32)

struct uc_virtq {
	struct uc_virtq *next;         /* of the device */
	struct uc_virtio_dev *dev;
	struct uc_vring ring;
	unsigned index;
	uc_paddr desc_pa, avail_pa, used_pa;
	volatile void *notify;         /* set by the transport */
	void (*done)(struct uc_virtq *q, void *arg);
	void *arg;
	struct uc_defer defer;
};

struct uc_virtio_transport {
	bool legacy;                   /* status, features and ring layout of virtio 0.9.5 */
	uint64_t (*features)(struct uc_virtio_dev *d);
	void (*set_features)(struct uc_virtio_dev *d, uint64_t f);
	uint8_t (*status)(struct uc_virtio_dev *d);
	void (*set_status)(struct uc_virtio_dev *d, uint8_t s); /* 0 resets and waits for it */
	void (*read_config)(struct uc_virtio_dev *d, unsigned off, void *buf,
			    unsigned width); /* 1, 2, 4 */
	unsigned config_len;
	unsigned (*queue_max)(struct uc_virtio_dev *d, unsigned index); /* 0: no such queue */
	/* Programs the ring's addresses and the interrupt, sets q->notify. 0 or -errno. */
	int (*queue_enable)(struct uc_virtq *q);
	void (*notify)(struct uc_virtq *q);
};

/* A transport found a device: matches it with a driver, negotiates, probes. The device is left
 * reset
 * if there is no driver or it fails. 0 or -errno (-ENODEV: no driver). */
int uc_virtio_add(struct uc_virtio_dev *d);
/* Is a driver for this kind linked in? Lets a transport skip devices cheaply. */
bool uc_virtio_wanted(uint32_t device_id);
/* Interrupt context: raises the deferred work of the queues that have something. */
void uc_virtio_interrupt(struct uc_virtio_dev *d);
#endif
