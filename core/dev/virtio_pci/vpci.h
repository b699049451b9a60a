// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_VPCI_H
#define UC_VPCI_H
#include <uc/pci.h>
#include <uc/virtio_tp.h>

#define VPCI_NO_VECTOR 0xffffu

struct vpci_bar { uc_paddr pa; uint64_t len; };
struct vpci_dev {
	struct uc_virtio_dev dev;
	struct uc_pci_dev *pci;
	struct uc_virtio_transport tp;
	volatile uint8_t *common, *notify, *isr, *config;
	uint32_t notify_len, notify_mult;
	volatile uint8_t *msix; /* table, or NULL: line interrupt */
	unsigned msix_num, msix_used;
	struct vpci_bar bars[6];
};

/* Sets up MSI-X, or the line interrupt where there is none. 0 or -errno. */
int uc_vpci_irq_setup(struct vpci_dev *v);
/* Vector for a queue (VPCI_NO_VECTOR: none needed), or -errno. */
int uc_vpci_queue_vector(struct vpci_dev *v, struct uc_virtq *q);
#endif
