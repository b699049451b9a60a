// SPDX-License-Identifier: BSD-3-Clause
/* Virtio console (Virtio 1.2, 5.3), one port: the console's byte channel. */
#include <asm/errno.h>
#include <uc/heap.h>
#include "vcon.h"

enum { VIRTIO_ID_CONSOLE = 3, QUEUE_RX = 0, QUEUE_TX = 1 };

static const struct uc_channel vcon_channel = {
	.send = vcon_send, .unit = vcon_unit, .notify_room = vcon_notify_room,
	.recv = vcon_recv, .expect = vcon_expect, .drain = vcon_drain,
};

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
	v->rx.q = uc_virtio_queue(d, QUEUE_RX, VCON_QUEUE, vcon_rx_done, v);
	v->tx.q = uc_virtio_queue(d, QUEUE_TX, VCON_QUEUE, vcon_tx_done, v);
	if (!v->rx.q || !v->tx.q)
		return -ENOMEM; /* a failed device keeps its queues: it may still know their addresses */
	taken = true;
	uc_virtq_irq(v->tx.q, false);
	d->drv_priv = v;
	uc_virtio_ready(d);
	uc_console_attach(&v->channel);
	return 0;
}

static const struct uc_virtio_driver vcon_driver = {
	.device_id = VIRTIO_ID_CONSOLE, .features = 0, .name = "virtio-console", .probe = vcon_probe,
};
UC_VIRTIO_DRIVER(vcon_driver);
