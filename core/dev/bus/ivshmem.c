// SPDX-License-Identifier: BSD-3-Clause
/* ivshmem-plain: the host's root image as BAR 2 of a PCI function. */
#include <asm/errno.h>
#include <uc/bus.h>
#include <uc/pci.h>

#define IVSHMEM_VENDOR 0x1af4u
#define IVSHMEM_DEVICE 0x1110u
#define IVSHMEM_BAR    2u

int uc_device_root(uc_paddr *pa, uint64_t *len)
{
	for (struct uc_pci_dev *d = uc_pci_next(NULL); d; d = uc_pci_next(d)) {
		if (d->vendor != IVSHMEM_VENDOR || d->device != IVSHMEM_DEVICE)
			continue;
		int r = uc_pci_bar(d, IVSHMEM_BAR, pa, len);
		if (r)
			return r == -ENOENT ? -ENODEV : r;
		uc_pci_enable(d, UC_PCI_CMD_MEM);
		return 0;
	}
	return -ENODEV;
}
