// SPDX-License-Identifier: BSD-3-Clause
/* Frames in a stream. */
#include <asm/errno.h>
#include <asm/poll.h>
#include <uc/heap.h>
#include <uc/log.h>
#include <uc/string.h>
#include "hnet.h"

int hnet_stream_init(struct hnet *h)
{
	h->in = uc_heap_alloc(HNET_IN);
	h->out = uc_heap_alloc(HNET_LEN + HNET_FRAME_MAX);
	if (h->in && h->out)
		return 0;
	uc_heap_free(h->in);
	uc_heap_free(h->out);
	return -ENOMEM;
}

static uint32_t get_length(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void put_length(uint8_t *p, uint32_t n)
{
	for (unsigned i = 0; i < HNET_LEN; i++)
		p[i] = (uint8_t)(n >> 8 * (HNET_LEN - 1 - i));
}

/* ---- receiving ---- */
/* More of the stream. False: nothing is there now. */
static bool fill(struct hnet *h)
{
	struct uc_hostfd_iov v;
	int64_t r;

	memmove(h->in, h->in + h->in_at, h->in_len);
	h->in_at = 0;
	v = (struct uc_hostfd_iov){ h->in + h->in_len, HNET_IN - h->in_len };
	r = uc_hostfd_readv(h->fd, &v, 1);
	if (r <= 0) {
		if (r != -EAGAIN)
			hnet_down(h);
		return false;
	}
	h->in_len += (uint32_t)r;
	return true;
}

/* The frame at the front: its length, 0: not whole yet, or -EIO. */
static int frame(const struct hnet *h)
{
	uint32_t n;

	if (h->in_len < HNET_LEN)
		return 0;
	n = get_length(h->in + h->in_at);
	if (n < HNET_FRAME_MIN || n > HNET_FRAME_MAX)
		return -EIO;
	return h->in_len - HNET_LEN >= n ? (int)n : 0;
}

/* The frame at the front becomes a packet; NULL: no memory, it is dropped. */
static struct uc_pktbuf *take(struct hnet *h, uint32_t n)
{
	struct uc_hostfd_iov v = { h->in + h->in_at + HNET_LEN, n };

	h->in_at += HNET_LEN + n;
	h->in_len -= HNET_LEN + n;
	return hnet_received(h, &v, 1);
}

unsigned hnet_stream_rx(struct uc_netdev *d, unsigned queue, struct uc_pktbuf **out, unsigned n)
{
	struct hnet *h = UC_CONTAINER(d, struct hnet, dev);
	unsigned got = 0;

	while (got < n && d->up) {
		int len = frame(h);

		if (len < 0) {
			uc_log(UC_LOG_ERROR, "net: the stream of frames makes no sense");
			hnet_down(h);
		} else if (len > 0) {
			out[got] = take(h, (uint32_t)len);
			got += out[got] != NULL;
		} else if (!fill(h)) {
			break;
		}
	}
	return got;
}

/* ---- sending ---- */
bool hnet_stream_flush(struct hnet *h)
{
	while (h->out_len && h->dev.up) {
		struct uc_hostfd_iov v = { h->out + h->out_at, h->out_len };
		int64_t r = uc_hostfd_writev(h->fd, &v, 1);

		if (r == -EAGAIN)
			return false;
		if (r < 0) {
			hnet_down(h);
			break;
		}
		h->out_at += (uint32_t)r;
		h->out_len -= (uint32_t)r;
	}
	h->out_len = 0;
	return true;
}

/* Keeps what is behind the first `done` bytes. */
static void keep(struct hnet *h, const struct uc_hostfd_iov *v, unsigned n, size_t done)
{
	h->out_at = h->out_len = 0;
	for (unsigned i = 0; i < n; i++) {
		size_t skip = UC_MIN(done, v[i].n);

		memcpy(h->out + h->out_len, (const uint8_t *)v[i].p + skip, v[i].n - skip);
		h->out_len += (uint32_t)(v[i].n - skip);
		done -= skip;
	}
}

/* Sent or dropped, or -EAGAIN. */
static int send(struct hnet *h, struct uc_pktbuf *b)
{
	uint8_t length[HNET_LEN];
	struct uc_hostfd_iov v[1 + UC_NETDEV_SEGS] = { { length, sizeof(length) } };
	unsigned segs = b->total <= HNET_FRAME_MAX ? hnet_gather(b, v) : 0;
	int64_t r;

	if (!hnet_stream_flush(h))
		return -EAGAIN;
	put_length(length, b->total);
	r = segs && h->dev.up ? uc_hostfd_writev(h->fd, v, segs) : -EINVAL;
	if (r == -EAGAIN)
		return -EAGAIN;
	if (r > 0 && (size_t)r < sizeof(length) + b->total)
		keep(h, v, segs, (size_t)r);
	hnet_sent(h, b, r > 0);
	return 0;
}

unsigned hnet_stream_tx(struct uc_netdev *d, unsigned queue, struct uc_pktbuf *const *in,
			unsigned n)
{
	struct hnet *h = UC_CONTAINER(d, struct hnet, dev);
	unsigned i = 0;

	while (i < n && send(h, in[i]) == 0)
		i++;
	h->tx_full = i < n;
	if (h->dev.up)
		uc_hostfd_watch_events(&h->watch,
				       h->tx_full || h->out_len ? POLLIN | POLLOUT : POLLIN);
	return i;
}
