// SPDX-License-Identifier: BSD-3-Clause
/* Interrupts of a virtio PCI function: one MSI-X vector for each queue while they last, else INTx.
 * */
#include <asm/errno.h>
#include <uc/arch.h>
#include <uc/plat.h>
#include "vpci.h"

#define PCI_INT_PIN        0x3du
#define MSIX_CTRL          2u
#define MSIX_TABLE         4u
#define MSIX_ENABLE        0x8000u
#define MSIX_MASK_ALL      0x4000u
#define MSIX_ENTRY         16u

static void device_irq(void *arg)
{
	uc_virtio_interrupt(arg);
}

static void queue_irq(void *arg)
{
	struct uc_virtq *q = arg;
	if (q->done && uc_vring_pending(&q->ring))
		uc_defer_raise(&q->defer);
}

/* Reading the status register also lowers the line. */
static void line_irq(void *arg)
{
	struct vpci_dev *v = arg;
	if (*v->isr)
		uc_virtio_interrupt(&v->dev);
}

static int map_msix(struct vpci_dev *v, unsigned cap)
{
	uint32_t ctrl = uc_pci_read(v->pci, cap + MSIX_CTRL, 2);
	uint32_t table = uc_pci_read(v->pci, cap + MSIX_TABLE, 4);
	unsigned bir = table & 7, num = (ctrl & 0x7ff) + 1;
	uc_paddr pa;
	uint64_t len, off = table & ~7u;
	if (bir > 5 || uc_pci_bar(v->pci, bir, &pa, &len) || off + num * MSIX_ENTRY > len)
		return -ENODEV;
	if (!uc_arch_map_phys(pa + off, num * MSIX_ENTRY, UC_PT_R | UC_PT_W | UC_PT_NOCACHE))
		return -ENOMEM;
	v->msix = uc_phys_to_virt(pa + off);
	v->msix_num = num;
	return 0;
}

static int program(struct vpci_dev *v, unsigned entry, void (*handler)(void *), void *arg)
{
	uint64_t addr;
	uint32_t data;
	int r = uc_plat_msi_alloc(handler, arg, &addr, &data);
	if (r)
		return r;
	volatile uint32_t *e = (volatile uint32_t *)(v->msix + entry * MSIX_ENTRY);
	e[0] = (uint32_t)addr;
	e[1] = addr >> 32;
	e[2] = data;
	e[3] = 0; /* not masked */
	return 0;
}

static int line_setup(struct vpci_dev *v)
{
	unsigned pin = uc_pci_read(v->pci, PCI_INT_PIN, 1);
	if (!pin || pin > 4)
		return -ENODEV;
	/* Lines are swizzled by each bridge on the way; only the root bus is known here. */
	if (v->pci->bus != 0)
		return -ENODEV;
	int gsi = uc_plat_pci_gsi(v->pci->dev, pin);
	return gsi < 0 ? gsi : uc_plat_irq_attach(gsi, line_irq, v);
}

int uc_vpci_irq_setup(struct vpci_dev *v)
{
	unsigned cap = uc_pci_cap_next(uc_pci_cap_rd, v->pci, UC_PCI_CAP_MSIX, 0);
	if (!cap || map_msix(v, cap) || program(v, 0, device_irq, &v->dev)) {
		v->msix = NULL;
		return line_setup(v);
	}
	v->msix_used = 1;
	uint32_t ctrl = uc_pci_read(v->pci, cap + MSIX_CTRL, 2);
	uc_pci_write(v->pci, cap + MSIX_CTRL, 2, (ctrl | MSIX_ENABLE) & ~MSIX_MASK_ALL);
	uc_pci_enable(v->pci, UC_PCI_CMD_NOINTX);
	return 0;
}

/* Vector 0 serves the first queues of a device with few; it looks at all of them. */
int uc_vpci_queue_vector(struct vpci_dev *v, struct uc_virtq *q)
{
	if (!v->msix || !q->done)
		return VPCI_NO_VECTOR;
	if (!v->dev.queues || v->msix_used >= v->msix_num)
		return 0;
	if (program(v, v->msix_used, queue_irq, q))
		return 0;
	return v->msix_used++;
}
