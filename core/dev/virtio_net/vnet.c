// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <uc/heap.h>
#include <uc/log.h>
#include <uc/random.h>
#include "vnet.h"

enum { VIRTIO_ID_NET = 1 };
#define F_CSUM       (1ull << 0)
#define F_GUEST_CSUM (1ull << 1)
#define F_MTU        (1ull << 3)
#define F_MAC        (1ull << 5)
#define F_GUEST_TSO4 (1ull << 7)
#define F_GUEST_TSO6 (1ull << 8)
#define F_HOST_TSO4  (1ull << 11)
#define F_HOST_TSO6  (1ull << 12)
#define F_MRG_RXBUF  (1ull << 15)
#define F_STATUS     (1ull << 16)
enum { CONF_MAC = 0, CONF_STATUS = 6, CONF_MTU = 10, STATUS_LINK_UP = 1 };
#define MTU_DEFAULT 1500u
#define MTU_MIN     1280u
#define MTU_MAX     9000u

static void rx_done(struct uc_virtq *q, void *arg)
{
	struct vnet *v = arg;

	if (v->dev.ready)
		v->dev.ready(&v->dev, 0);
}

static void tx_done(struct uc_virtq *q, void *arg)
{
	struct vnet *v = arg;

	vnet_tx_reclaim(&v->dev, 0);
	if (v->tx_full && v->dev.ready) {
		v->tx_full = false;
		v->dev.ready(&v->dev, 0);
	}
}

static const struct uc_netdev_ops vnet_ops = {
	.rx_burst = vnet_rx_burst,
	.tx_burst = vnet_tx_burst,
	.tx_reclaim = vnet_tx_reclaim,
};

static void read_config(struct vnet *v)
{
	struct uc_virtio_dev *d = v->vdev;
	struct uc_netdev *n = &v->dev;
	uint16_t x;

	n->mtu = MTU_DEFAULT;
	n->up = true;
	if (d->features & F_MTU && uc_virtio_read_config(d, CONF_MTU, &x, sizeof(x)) == 0 &&
	    x >= MTU_MIN)
		n->mtu = UC_MIN(x, MTU_MAX);
	if (d->features & F_STATUS && uc_virtio_read_config(d, CONF_STATUS, &x, sizeof(x)) == 0)
		n->up = x & STATUS_LINK_UP;
	for (unsigned i = 0; i < 6; i++) {
		if (!(d->features & F_MAC) ||
		    uc_virtio_read_config(d, CONF_MAC + i, &n->mac[i], 1)) {
			uc_random_bytes(n->mac, sizeof(n->mac));
			n->mac[0] = (n->mac[0] & 0xfc) | 2; /* local, one station */
			break;
		}
	}
	n->features = (d->features & F_CSUM ? UC_NETDEV_TX_CSUM : 0) |
		      (d->features & F_GUEST_CSUM ? UC_NETDEV_RX_CSUM : 0) |
		      (d->features & F_HOST_TSO4 ? UC_NETDEV_TSO4 : 0) |
		      (d->features & F_HOST_TSO6 ? UC_NETDEV_TSO6 : 0);
	v->mergeable = d->features & F_MRG_RXBUF;
	if (!v->mergeable)
		n->mtu = UC_MIN(n->mtu, MTU_DEFAULT);
}

/* Packets that were joined on their way need their checksum trusted, and many buffers; those that
 * the device cuts need it to make checksums. */
static uint64_t vnet_choose(struct uc_virtio_dev *d, uint64_t offered)
{
	const uint64_t needed = F_GUEST_CSUM | F_MRG_RXBUF;

	if ((offered & needed) != needed)
		offered &= ~(F_GUEST_TSO4 | F_GUEST_TSO6);
	if (!(offered & F_CSUM))
		offered &= ~(F_HOST_TSO4 | F_HOST_TSO6);
	return offered;
}

static int vnet_probe(struct uc_virtio_dev *d)
{
	struct vnet *v = uc_heap_zalloc(sizeof(*v));

	if (!v)
		return -ENOMEM;
	v->vdev = d;
	v->pool.keep = VNET_QUEUE;
	v->dev.ops = &vnet_ops;
	v->dev.driver = "virtio_net";
	v->dev.queues = 1;
	read_config(v);
	v->rxq = uc_virtio_queue(d, 0, VNET_QUEUE, rx_done, v);
	v->txq = v->rxq ? uc_virtio_queue(d, 1, VNET_QUEUE, tx_done, v) : NULL;
	if (!v->txq)
		return -ENOMEM; /* the device is left reset; its memory stays with the queues */
	uc_virtq_irq(v->txq, false);
	uc_virtio_ready(d);
	vnet_rx_fill(v);
	uc_netdev_add(&v->dev);
	return 0;
}

static const struct uc_virtio_driver vnet_driver = {
	.device_id = VIRTIO_ID_NET,
	.features = F_CSUM | F_GUEST_CSUM | F_MTU | F_MAC | F_GUEST_TSO4 | F_GUEST_TSO6 |
		    F_HOST_TSO4 | F_HOST_TSO6 | F_MRG_RXBUF | F_STATUS,
	.name = "virtio-net",
	.probe = vnet_probe,
	.choose = vnet_choose,
};
UC_VIRTIO_DRIVER(vnet_driver);
