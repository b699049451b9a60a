// SPDX-License-Identifier: BSD-3-Clause
/* Virtio console (Virtio 1.2, 5.3), one port: the console's byte channel.
 * With just two ports it is the second: QEMU holds data back for a slow reader only on ports other
 * than the first, and these exist only with the multiport feature. */
#include <asm/errno.h>
#include <uc/heap.h>
#include <uc/string.h>
#include "vcon.h"

enum {
	VIRTIO_ID_CONSOLE = 3,
	QUEUE_RX0 = 0,
	QUEUE_TX0 = 1,
	QUEUE_CTRL_TX = 3,
	QUEUE_RX1 = 4,
	QUEUE_TX1 = 5
};
enum { CFG_MAX_PORTS = 4 };
enum { CTRL_DEVICE_READY = 0, CTRL_PORT_READY = 3, CTRL_PORT_OPEN = 6, CTRL_MESSAGES = 3 };
#define F_MULTIPORT (1ull << 1)

struct ctrl_msg { uint32_t id; uint16_t event, value; };

static const struct uc_channel vcon_channel = {
	.send = vcon_send, .unit = vcon_unit, .notify_room = vcon_notify_room,
	.recv = vcon_recv, .expect = vcon_expect, .drain = vcon_drain,
};

static uint64_t vcon_choose(struct uc_virtio_dev *d, uint64_t features)
{
	uint32_t ports = 0;
	if (features & F_MULTIPORT &&
	    uc_virtio_read_config(d, CFG_MAX_PORTS, &ports, sizeof(ports)))
		ports = 0;
	return ports == 2 ? features : features & ~F_MULTIPORT;
}

/* The device sends on an open port only. What it answers is of no interest: that queue is not set
 * up. */
static int open_port(struct vcon *v)
{
	static const struct ctrl_msg messages[CTRL_MESSAGES] = {
		{ 0, CTRL_DEVICE_READY, 1 }, { 1, CTRL_PORT_READY, 1 }, { 1, CTRL_PORT_OPEN, 1 },
	};
	struct ctrl_msg *m = uc_heap_alloc(sizeof(messages));
	if (!m)
		return -ENOMEM;
	memcpy(m, messages, sizeof(messages));
	for (unsigned i = 0; i < CTRL_MESSAGES; i++) {
		struct uc_vq_buf b = { uc_virt_to_phys(&m[i]), sizeof(m[i]) };
		uc_virtq_add(v->ctrl, &b, 1, 0, m);
	}
	uc_virtq_kick(v->ctrl);
	return 0;
}

static int set_up(struct vcon *v, struct uc_virtio_dev *d, bool multiport)
{
	v->rx.q =
		uc_virtio_queue(d, multiport ? QUEUE_RX1 : QUEUE_RX0, VCON_QUEUE, vcon_rx_done, v);
	v->tx.q =
		uc_virtio_queue(d, multiport ? QUEUE_TX1 : QUEUE_TX0, VCON_QUEUE, vcon_tx_done, v);
	if (multiport)
		v->ctrl = uc_virtio_queue(d, QUEUE_CTRL_TX, CTRL_MESSAGES + 1, NULL, NULL);
	if (!v->rx.q || !v->tx.q || (multiport && !v->ctrl))
		return -ENOMEM; /* the queues stay: the device may know their addresses */
	uc_virtq_irq(v->tx.q, false);
	uc_virtio_ready(d);
	return multiport ? open_port(v) : 0;
}

static int vcon_probe(struct uc_virtio_dev *d)
{
	static bool taken;
	if (taken)
		return -EBUSY; /* one console is all there is */
	struct vcon *v = uc_heap_zalloc(sizeof(*v));
	if (!v)
		return -ENOMEM;
	v->channel = vcon_channel;
	v->tx.room = (struct uc_defer){ .fn = vcon_tx_room, .arg = v };
	int r = set_up(v, d, d->features & F_MULTIPORT);
	if (r)
		return r;
	taken = true;
	d->drv_priv = v;
	uc_console_attach(&v->channel);
	return 0;
}

static const struct uc_virtio_driver vcon_driver = {
	.device_id = VIRTIO_ID_CONSOLE, .features = F_MULTIPORT, .name = "virtio-console",
	.probe = vcon_probe, .choose = vcon_choose,
};
UC_VIRTIO_DRIVER(vcon_driver);
