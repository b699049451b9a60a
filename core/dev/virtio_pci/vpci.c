// SPDX-License-Identifier: BSD-3-Clause
/* Virtio over PCI, modern interface (Virtio 1.2, 4.1); transitional devices through it as well. */
#include <asm/errno.h>
#include <uc/arch.h>
#include <uc/heap.h>
#include <uc/init.h>
#include <uc/log.h>
#include <uc/string.h>
#include "vpci.h"

#define VIRTIO_VENDOR       0x1af4u
#define VIRTIO_TRANSITIONAL 0x1000u
#define VIRTIO_MODERN       0x1040u
#define VIRTIO_LAST         0x107fu
#define PCI_SUBSYSTEM_ID    0x2eu
#define RESET_POLLS         100000u

enum { /* common configuration, Virtio 1.2, 4.1.4.3 */
	COM_DEV_FEATURE_SEL = 0, COM_DEV_FEATURE = 4,
	COM_DRV_FEATURE_SEL = 8, COM_DRV_FEATURE = 12,
	COM_STATUS = 20, COM_QUEUE_SEL = 22, COM_QUEUE_SIZE = 24, COM_QUEUE_VECTOR = 26,
	COM_QUEUE_ENABLE = 28, COM_QUEUE_NOTIFY_OFF = 30, COM_QUEUE_DESC = 32,
	COM_QUEUE_AVAIL = 40, COM_QUEUE_USED = 48, COM_LEN = 56,
};

static uint8_t rd8(volatile uint8_t *p) { return *p; }
static uint16_t rd16(volatile uint8_t *p) { return *(volatile uint16_t *)p; }
static uint32_t rd32(volatile uint8_t *p) { return *(volatile uint32_t *)p; }
static void wr16(volatile uint8_t *p, uint16_t v) { *(volatile uint16_t *)p = v; }
static void wr32(volatile uint8_t *p, uint32_t v) { *(volatile uint32_t *)p = v; }

static volatile uint8_t *common(struct uc_virtio_dev *d)
{
	return ((struct vpci_dev *)d)->common;
}

static uint64_t vpci_features(struct uc_virtio_dev *d)
{
	wr32(common(d) + COM_DEV_FEATURE_SEL, 0);
	uint64_t f = rd32(common(d) + COM_DEV_FEATURE);
	wr32(common(d) + COM_DEV_FEATURE_SEL, 1);
	return f | (uint64_t)rd32(common(d) + COM_DEV_FEATURE) << 32;
}

static void vpci_set_features(struct uc_virtio_dev *d, uint64_t f)
{
	wr32(common(d) + COM_DRV_FEATURE_SEL, 0);
	wr32(common(d) + COM_DRV_FEATURE, (uint32_t)f);
	wr32(common(d) + COM_DRV_FEATURE_SEL, 1);
	wr32(common(d) + COM_DRV_FEATURE, f >> 32);
}

static uint8_t vpci_status(struct uc_virtio_dev *d)
{
	return rd8(common(d) + COM_STATUS);
}

static void vpci_set_status(struct uc_virtio_dev *d, uint8_t s)
{
	common(d)[COM_STATUS] = s;
	for (unsigned i = 0; s == 0 && vpci_status(d) != 0 && i < RESET_POLLS; i++)
		uc_cpu_relax();
}

static void vpci_read_config(struct uc_virtio_dev *d, unsigned off, void *buf, unsigned width)
{
	volatile uint8_t *at = ((struct vpci_dev *)d)->config + off;
	if (width == 4) {
		uint32_t v = rd32(at);
		memcpy(buf, &v, sizeof(v));
	} else if (width == 2) {
		uint16_t v = rd16(at);
		memcpy(buf, &v, sizeof(v));
	} else {
		*(uint8_t *)buf = rd8(at);
	}
}

static unsigned vpci_queue_max(struct uc_virtio_dev *d, unsigned index)
{
	wr16(common(d) + COM_QUEUE_SEL, index);
	return rd16(common(d) + COM_QUEUE_SIZE);
}

static void write_addr(volatile uint8_t *p, uc_paddr pa)
{
	wr32(p, (uint32_t)pa);
	wr32(p + 4, pa >> 32);
}

/* uc_virtio_queue asked for the queue's maximum just before: it is selected. */
static int vpci_queue_enable(struct uc_virtq *q)
{
	struct vpci_dev *v = (struct vpci_dev *)q->dev;
	volatile uint8_t *c = v->common;
	uint64_t at = (uint64_t)rd16(c + COM_QUEUE_NOTIFY_OFF) * v->notify_mult;
	if (at + 2 > v->notify_len)
		return -EIO;
	q->notify = v->notify + at;
	int r = uc_vpci_queue_vector(v, q);
	if (r < 0)
		return r;
	wr16(c + COM_QUEUE_SIZE, q->ring.num);
	wr16(c + COM_QUEUE_VECTOR, r);
	if (r != VPCI_NO_VECTOR && rd16(c + COM_QUEUE_VECTOR) == VPCI_NO_VECTOR)
		return -ENOSPC; /* the device has no room for another vector */
	write_addr(c + COM_QUEUE_DESC, q->desc_pa);
	write_addr(c + COM_QUEUE_AVAIL, q->avail_pa);
	write_addr(c + COM_QUEUE_USED, q->used_pa);
	wr16(c + COM_QUEUE_ENABLE, 1);
	return 0;
}

static void vpci_notify(struct uc_virtq *q)
{
	*(volatile uint16_t *)q->notify = q->index;
}

static const struct uc_virtio_transport vpci_tp = {
	.features = vpci_features, .set_features = vpci_set_features,
	.status = vpci_status, .set_status = vpci_set_status,
	.read_config = vpci_read_config, .queue_max = vpci_queue_max,
	.queue_enable = vpci_queue_enable, .notify = vpci_notify,
};

static uint32_t virtio_id(struct uc_pci_dev *p)
{
	if (p->vendor != VIRTIO_VENDOR || p->device < VIRTIO_TRANSITIONAL ||
	    p->device > VIRTIO_LAST)
		return 0;
	if (p->device >= VIRTIO_MODERN)
		return p->device - VIRTIO_MODERN;
	return uc_pci_read(p, PCI_SUBSYSTEM_ID, 2);
}

/* Maps the part of a BAR that a capability names. */
static volatile uint8_t *map_cap(struct vpci_dev *v, const struct uc_pci_virtio_cap *cap)
{
	struct vpci_bar *b = &v->bars[cap->bar];
	if (!b->len && uc_pci_bar(v->pci, cap->bar, &b->pa, &b->len))
		return NULL;
	if ((uint64_t)cap->offset + cap->length > b->len)
		return NULL;
	uc_paddr pa = b->pa + cap->offset;
	return uc_arch_map_phys(pa, cap->length, UC_PT_R | UC_PT_W | UC_PT_NOCACHE)
		       ? uc_phys_to_virt(pa)
		       : NULL;
}

static void take_cap(struct vpci_dev *v, const struct uc_pci_virtio_cap *cap)
{
	enum { CFG_COMMON = 1, CFG_NOTIFY = 2, CFG_ISR = 3, CFG_DEVICE = 4 };
	/* The first usable capability of each kind counts (4.1.4.1). */
	if (cap->cfg_type == CFG_COMMON && !v->common && cap->length >= COM_LEN) {
		v->common = map_cap(v, cap);
	} else if (cap->cfg_type == CFG_NOTIFY && !v->notify && cap->length >= 2) {
		v->notify = map_cap(v, cap);
		v->notify_len = cap->length;
		v->notify_mult = cap->notify_mult;
	} else if (cap->cfg_type == CFG_ISR && !v->isr && cap->length) {
		v->isr = map_cap(v, cap);
	} else if (cap->cfg_type == CFG_DEVICE && !v->config && cap->length) {
		v->config = map_cap(v, cap);
		v->tp.config_len = v->config ? cap->length : 0;
	}
}

static int find_caps(struct vpci_dev *v)
{
	struct uc_pci_virtio_cap cap;
	unsigned at = 0;
	for (unsigned n = 0; n < UC_PCI_CAP_MAX; n++) {
		at = uc_pci_cap_next(uc_pci_cap_rd, v->pci, UC_PCI_CAP_VENDOR, at);
		if (!at)
			break;
		if (uc_pci_virtio_cap(uc_pci_cap_rd, v->pci, at, &cap) == 0)
			take_cap(v, &cap);
	}
	return v->common && v->notify && v->isr ? 0 : -ENODEV;
}

static int add_device(struct uc_pci_dev *p, uint32_t id)
{
	struct vpci_dev *v = uc_heap_zalloc(sizeof(*v));
	if (!v)
		return -ENOMEM;
	v->pci = p;
	v->tp = vpci_tp;
	v->dev.tp = &v->tp;
	v->dev.device_id = id;
	int r = find_caps(v);
	if (r) {
		uc_heap_free(v);
		return r;
	}
	uc_pci_enable(p, UC_PCI_CMD_MEM | UC_PCI_CMD_MASTER);
	r = uc_vpci_irq_setup(v);
	return r ? r : uc_virtio_add(&v->dev);
}

static int virtio_pci_init(void)
{
	for (struct uc_pci_dev *p = uc_pci_next(NULL); p; p = uc_pci_next(p)) {
		uint32_t id = virtio_id(p);
		if (!id || !uc_virtio_wanted(id))
			continue;
		int r = add_device(p, id);
		if (r)
			uc_log(UC_LOG_WARN, "virtio-pci: %u:%u.%u unusable (error %d)", p->bus,
			       p->dev, p->fn, -r);
	}
	return 0;
}
UC_INITCALL(UC_STAGE_BUS, virtio_pci_init);
