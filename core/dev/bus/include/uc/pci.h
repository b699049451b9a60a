// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PCI_H
#define UC_PCI_H
/*
 * PCI functions: found lazily (each configuration access costs a trap to the hypervisor), bus 0
 * first, then what lies behind bridges. Context: boot or thread, does not block.
 * PCI Local Bus 3.0 ch. 6; PCI-to-PCI Bridge 1.2 ch. 3.
 */
#include <uc/types.h>

struct uc_pci_dev {
	struct uc_pci_dev *next;
	uint8_t bus, dev, fn, hdr_type; /* header layout 0 or 1 */
	uint16_t vendor, device;
	bool unrouted; /* behind a bridge that the firmware left alone */
};

/* The function after prev (NULL: the first), scanning on as needed. NULL: no more. */
struct uc_pci_dev *uc_pci_next(struct uc_pci_dev *prev);

uint32_t uc_pci_read(const struct uc_pci_dev *d, unsigned off, unsigned width);
void uc_pci_write(const struct uc_pci_dev *d, unsigned off, unsigned width, uint32_t v);

/* Range of memory BAR i (0..5), assigned from the platform's window if the firmware did not.
 * 0; -ENOENT not a memory BAR; -ENOSPC no room; -EIO malformed. */
int uc_pci_bar(struct uc_pci_dev *d, unsigned i, uc_paddr *pa, uint64_t *len);
#define UC_PCI_CMD_MEM    2u
#define UC_PCI_CMD_MASTER 4u
#define UC_PCI_CMD_NOINTX 0x400u
/* Sets bits in the command register. */
void uc_pci_enable(struct uc_pci_dev *d, unsigned bits);

/* ---- capabilities ---- */
#define UC_PCI_CAP_VENDOR 0x09u
#define UC_PCI_CAP_MSIX   0x11u
/* Reads configuration space; off is at most 255. */
typedef uint32_t (*uc_pci_rd)(void *ctx, unsigned off, unsigned width);
/* 192 bytes hold at most this many capabilities: a longer walk goes round in a loop. */
#define UC_PCI_CAP_MAX 48u
/* Offset of the next capability with `id` after offset `prev` (0: from the start), 0: none. Ends
 * on any list, however malformed; a caller that repeats it stops after UC_PCI_CAP_MAX calls. */
unsigned uc_pci_cap_next(uc_pci_rd rd, void *ctx, unsigned id, unsigned prev);
uint32_t uc_pci_cap_rd(void *dev, unsigned off, unsigned width); /* a uc_pci_rd for a device */

/* Vendor capability of a modern virtio device (Virtio 1.2, 4.1.4). */
struct uc_pci_virtio_cap { uint8_t cfg_type, bar; uint32_t offset, length, notify_mult; };
/* Decodes the one at offset `cap`. 0 or -EINVAL (too short, unusable BAR, wrapping range). */
int uc_pci_virtio_cap(uc_pci_rd rd, void *ctx, unsigned cap, struct uc_pci_virtio_cap *out);
#endif
