// SPDX-License-Identifier: BSD-3-Clause
/* Virtio over MMIO (Virtio 1.2, 4.2): version 2, and version 1 as QEMU's microvm offers by default.
 * */
#include <asm/errno.h>
#include <uc/arch.h>
#include <uc/heap.h>
#include <uc/init.h>
#include <uc/log.h>
#include <uc/plat.h>
#include <uc/string.h>
#include <uc/virtio_tp.h>

enum {
	REG_MAGIC = 0x000, REG_VERSION = 0x004, REG_DEVICE_ID = 0x008,
	REG_FEATURES = 0x010, REG_FEATURES_SEL = 0x014,
	REG_DRIVER_FEATURES = 0x020, REG_DRIVER_FEATURES_SEL = 0x024,
	REG_PAGE_SIZE = 0x028, /* version 1 */
	REG_QUEUE_SEL = 0x030, REG_QUEUE_MAX = 0x034, REG_QUEUE_NUM = 0x038,
	REG_QUEUE_ALIGN = 0x03c, REG_QUEUE_PFN = 0x040, /* version 1 */
	REG_QUEUE_READY = 0x044, REG_NOTIFY = 0x050, REG_ISR = 0x060, REG_ISR_ACK = 0x064,
	REG_STATUS = 0x070, REG_DESC_LO = 0x080, REG_AVAIL_LO = 0x090, REG_USED_LO = 0x0a0,
	REG_CONFIG = 0x100,
};
#define MMIO_MAGIC 0x74726976u
#define MMIO_MIN_LEN 0x200u

struct mmio_dev {
	struct uc_virtio_dev dev;
	volatile uint8_t *regs;
	struct uc_virtio_transport tp;
};

static volatile uint32_t *reg_at(struct uc_virtio_dev *d, unsigned reg)
{
	return (volatile uint32_t *)(((struct mmio_dev *)d)->regs + reg);
}

static uint32_t reg_read(struct uc_virtio_dev *d, unsigned reg)
{
	return *reg_at(d, reg);
}

static void reg_write(struct uc_virtio_dev *d, unsigned reg, uint32_t v)
{
	*reg_at(d, reg) = v;
}

static uint64_t mmio_features(struct uc_virtio_dev *d)
{
	reg_write(d, REG_FEATURES_SEL, 0);
	uint64_t f = reg_read(d, REG_FEATURES);
	if (d->tp->legacy)
		return f;
	reg_write(d, REG_FEATURES_SEL, 1);
	return f | (uint64_t)reg_read(d, REG_FEATURES) << 32;
}

static void mmio_set_features(struct uc_virtio_dev *d, uint64_t f)
{
	reg_write(d, REG_DRIVER_FEATURES_SEL, 0);
	reg_write(d, REG_DRIVER_FEATURES, (uint32_t)f);
	if (d->tp->legacy) {
		reg_write(d, REG_PAGE_SIZE, UC_PAGE_SIZE);
		return;
	}
	reg_write(d, REG_DRIVER_FEATURES_SEL, 1);
	reg_write(d, REG_DRIVER_FEATURES, f >> 32);
}

static uint8_t mmio_status(struct uc_virtio_dev *d)
{
	return reg_read(d, REG_STATUS);
}

static void mmio_set_status(struct uc_virtio_dev *d, uint8_t s)
{
	reg_write(d, REG_STATUS, s);
}

static void mmio_read_config(struct uc_virtio_dev *d, unsigned off, void *buf, unsigned width)
{
	volatile uint8_t *at = ((struct mmio_dev *)d)->regs + REG_CONFIG + off;
	if (width == 4) {
		uint32_t v = *(volatile uint32_t *)at;
		memcpy(buf, &v, sizeof(v));
	} else if (width == 2) {
		uint16_t v = *(volatile uint16_t *)at;
		memcpy(buf, &v, sizeof(v));
	} else {
		*(uint8_t *)buf = *at;
	}
}

static unsigned mmio_queue_max(struct uc_virtio_dev *d, unsigned index)
{
	reg_write(d, REG_QUEUE_SEL, index);
	return reg_read(d, REG_QUEUE_MAX);
}

static void write_addr(struct uc_virtio_dev *d, unsigned reg, uc_paddr pa)
{
	reg_write(d, reg, (uint32_t)pa);
	reg_write(d, reg + 4, pa >> 32);
}

/* uc_virtio_queue asked for the queue's maximum just before: it is selected. */
static int mmio_queue_enable(struct uc_virtq *q)
{
	struct uc_virtio_dev *d = q->dev;
	q->notify = reg_at(d, REG_NOTIFY);
	reg_write(d, REG_QUEUE_NUM, q->ring.num);
	if (d->tp->legacy) {
		if (q->desc_pa >> (32 + UC_PAGE_SHIFT))
			return -ENOMEM;
		reg_write(d, REG_QUEUE_ALIGN, UC_PAGE_SIZE);
		reg_write(d, REG_QUEUE_PFN, q->desc_pa >> UC_PAGE_SHIFT);
		return 0;
	}
	write_addr(d, REG_DESC_LO, q->desc_pa);
	write_addr(d, REG_AVAIL_LO, q->avail_pa);
	write_addr(d, REG_USED_LO, q->used_pa);
	reg_write(d, REG_QUEUE_READY, 1);
	return 0;
}

static void mmio_notify(struct uc_virtq *q)
{
	*(volatile uint32_t *)q->notify = q->index;
}

static const struct uc_virtio_transport mmio_tp = {
	.features = mmio_features, .set_features = mmio_set_features,
	.status = mmio_status, .set_status = mmio_set_status,
	.read_config = mmio_read_config, .queue_max = mmio_queue_max,
	.queue_enable = mmio_queue_enable, .notify = mmio_notify,
};

static void mmio_irq(void *arg)
{
	struct uc_virtio_dev *d = arg;
	uint32_t isr = reg_read(d, REG_ISR);
	if (!isr)
		return;
	reg_write(d, REG_ISR_ACK, isr);
	uc_virtio_interrupt(d);
}

static int add_device(volatile uint8_t *regs, uint64_t len, unsigned gsi, uint32_t version,
		      uint32_t id)
{
	struct mmio_dev *m = uc_heap_zalloc(sizeof(*m));
	if (!m)
		return -ENOMEM;
	m->regs = regs;
	m->tp = mmio_tp;
	m->tp.legacy = version == 1;
	m->tp.config_len = len - REG_CONFIG;
	m->dev.device_id = id;
	m->dev.tp = &m->tp;
	int r = uc_plat_irq_attach(gsi, mmio_irq, &m->dev);
	return r ? r : uc_virtio_add(&m->dev);
}

static int probe_window(uc_paddr base, uint64_t len, unsigned gsi)
{
	if (len < MMIO_MIN_LEN)
		return -EINVAL;
	if (!uc_arch_map_phys(base, len, UC_PT_R | UC_PT_W | UC_PT_NOCACHE))
		return -ENOMEM;
	volatile uint8_t *regs = uc_phys_to_virt(base); /* several windows share a page */
	/* An empty slot has identifier 0; other registers are read only if there is something. */
	uint32_t id = *(volatile uint32_t *)(regs + REG_DEVICE_ID);
	if (!id || !uc_virtio_wanted(id))
		return 0;
	uint32_t magic = *(volatile uint32_t *)(regs + REG_MAGIC);
	uint32_t version = *(volatile uint32_t *)(regs + REG_VERSION);
	if (magic != MMIO_MAGIC || (version != 1 && version != 2))
		return -ENODEV;
	return add_device(regs, len, gsi, version, id);
}

static int virtio_mmio_init(void)
{
	uc_paddr base;
	uint64_t len;
	unsigned gsi;
	for (unsigned i = 0; uc_plat_virtio_mmio(i, &base, &len, &gsi) == 0; i++) {
		int r = probe_window(base, len, gsi);
		if (r)
			uc_log(UC_LOG_WARN, "virtio-mmio: device %u unusable (error %d)", i, -r);
	}
	return 0;
}
UC_INITCALL(UC_STAGE_BUS, virtio_mmio_init);
