// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <asm/poll.h>
#include <uc/heap.h>
#include <uc/hostnet.h>
#include <uc/init.h>
#include <uc/log.h>
#include <uc/string.h>
#include "hnet.h"

#define KEEP_FREE 256u

unsigned hnet_gather(const struct uc_pktbuf *b, struct uc_hostfd_iov *v)
{
	unsigned n = 1;

	for (; b; b = b->next) {
		if (n == 1 + UC_NETDEV_SEGS)
			return 0;
		if (b->len)
			v[n++] = (struct uc_hostfd_iov){ b->data, b->len };
	}
	return n;
}

void hnet_sent(struct hnet *h, struct uc_pktbuf *b, bool ok)
{
	if (ok) {
		h->dev.st.tx_packets++;
		h->dev.st.tx_bytes += b->total;
	} else {
		h->dev.st.tx_dropped++;
	}
	uc_pkt_unref(b);
}

void hnet_down(struct hnet *h)
{
	if (h->dev.up)
		uc_log(UC_LOG_ERROR, "net: the host's side of the network card is gone");
	h->dev.up = false;
	uc_hostfd_watch_events(&h->watch, 0);
}

static void ready(struct uc_hostfd_watch *w)
{
	struct hnet *h = UC_CONTAINER(w, struct hnet, watch);

	if (h->kind == HNET_MEMIF && !hnet_memif_ready(h))
		return;
	if (h->kind != HNET_STREAM || hnet_stream_flush(h)) {
		h->tx_full = false;
		if (h->dev.up)
			uc_hostfd_watch_events(w, POLLIN);
	}
	if (h->dev.ready)
		h->dev.ready(&h->dev, 0);
}

static void nothing(struct uc_netdev *d, unsigned queue)
{
}

static const struct uc_netdev_ops ops[] = {
	[HNET_PACKET] = { hnet_packet_rx, hnet_packet_tx, nothing },
	[HNET_STREAM] = { hnet_stream_rx, hnet_stream_tx, nothing },
	[HNET_MEMIF] = { hnet_memif_rx, hnet_memif_tx, nothing },
};

static void look_again(struct uc_timer *t)
{
	struct hnet *h = t->arg;

	if (h->dev.ready)
		h->dev.ready(&h->dev, 0);
}

static int init(struct hnet *h)
{
	uc_timer_init(&h->memif.retry, look_again, h);
	switch (h->kind) {
	case HNET_STREAM:
		return hnet_stream_init(h);
	case HNET_MEMIF:
		return hnet_memif_init(h);
	case HNET_PACKET:
		h->dev.features =
			UC_NETDEV_TX_CSUM | UC_NETDEV_RX_CSUM | UC_NETDEV_TSO4 | UC_NETDEV_TSO6;
		break;
	}
	return 0;
}

static int add(const struct hnet_config *c)
{
	struct hnet *h = uc_heap_zalloc(sizeof(*h));
	int err;

	if (!h)
		return -ENOMEM;
	h->fd = c->fd;
	h->kind = c->kind;
	h->pool.keep = KEEP_FREE;
	h->watch = (struct uc_hostfd_watch){ .fd = c->fd, .events = POLLIN, .ready = ready };
	err = init(h);
	if (err) {
		uc_heap_free(h);
		return err;
	}
	h->dev.ops = &ops[h->kind];
	h->dev.driver = "host_net";
	h->dev.mtu = c->mtu;
	h->dev.queues = 1;
	h->dev.up = true;
	memcpy(h->dev.mac, c->mac, sizeof(c->mac));
	uc_netdev_add(&h->dev);
	uc_hostfd_watch(&h->watch);
	return 0;
}

static int start(void)
{
	const char *text = uc_upcall_netdev();
	struct hnet_config c;

	if (!text)
		return 0;
	if (hnet_config_parse(&c, text) == 0)
		return add(&c);
	uc_log(UC_LOG_WARN, "net: boot parameter not understood: %s", text);
	return 0;
}
UC_INITCALL(UC_STAGE_DEVICE, start);
