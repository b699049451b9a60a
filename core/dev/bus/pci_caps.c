// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <uc/pci.h>

#define PCI_STATUS       0x06u
#define PCI_STATUS_CAPS  0x10u
#define PCI_CAP_PTR      0x34u
#define PCI_CAP_FIRST    0x40u

unsigned uc_pci_cap_next(uc_pci_rd rd, void *ctx, unsigned id, unsigned prev)
{
	if (!prev && !(rd(ctx, PCI_STATUS, 2) & PCI_STATUS_CAPS))
		return 0;
	unsigned off = rd(ctx, prev ? prev + 1 : PCI_CAP_PTR, 1) & 0xfcu;
	for (unsigned n = 0; n < UC_PCI_CAP_MAX && off >= PCI_CAP_FIRST; n++) {
		uint32_t head = rd(ctx, off, 2);
		if ((head & 0xff) == id)
			return off;
		off = head >> 8 & 0xfcu;
	}
	return 0;
}

int uc_pci_virtio_cap(uc_pci_rd rd, void *ctx, unsigned cap, struct uc_pci_virtio_cap *out)
{
	unsigned need = 16, len = rd(ctx, cap + 2, 1);
	out->cfg_type = rd(ctx, cap + 3, 1);
	if (out->cfg_type == 2) /* notification: one more field */
		need = 20;
	if (len < need || cap + need > 256)
		return -EINVAL;
	out->bar = rd(ctx, cap + 4, 1);
	out->offset = rd(ctx, cap + 8, 4);
	out->length = rd(ctx, cap + 12, 4);
	out->notify_mult = need == 20 ? rd(ctx, cap + 16, 4) : 0;
	if (out->bar > 5 || (uint64_t)out->offset + out->length > UINT32_MAX)
		return -EINVAL;
	return 0;
}
