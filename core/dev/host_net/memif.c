// SPDX-License-Identifier: BSD-3-Clause
/*
 * Packets in memory shared with a peer, which may write there what it likes and when it likes:
 * every index, descriptor and flag is read once and checked before it is used.
 */
#include <asm/errno.h>
#include <uc/log.h>
#include <uc/string.h>
#include "hnet.h"

#define RETRY_FIRST 100000u /* ns */
#define RETRY_LAST  100000000u
#define DRAIN       512u

static uint16_t get16(const uint16_t *p)
{
	return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}
static void put16(uint16_t *p, uint16_t v)
{
	__atomic_store_n(p, v, __ATOMIC_RELEASE);
}

static void broken(struct hnet *h, const char *what)
{
	uc_log(UC_LOG_ERROR, "net: the memory shared with the peer makes no sense: %s", what);
	hnet_down(h);
}

/* Once for all that a system call or a burst sends. */
static void wake_peer(void *arg)
{
	const struct hnet *h = arg;
	uint64_t one = 1;
	struct uc_hostfd_iov v = { &one, sizeof(one) };

	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (!(get16(&h->memif.tx.ring->flags) & UC_MEMIF_RING_MASK_INT))
		uc_hostfd_writev(h->fd + 1, &v, 1);
}

/* ---- what is where ---- */
static bool open_ring(struct hnet_memif *m, struct hnet_ring *r, const struct uc_memif_place *p)
{
	uint64_t bytes;

	if (p->region >= m->nregions || p->log2 > UC_MEMIF_LOG2_MAX || p->offset % 4)
		return false;
	bytes = UC_MEMIF_RING_BYTES(p->log2);
	if (bytes > m->bytes[p->region] || p->offset > m->bytes[p->region] - bytes)
		return false;
	r->ring = (struct uc_memif_ring *)(m->region[p->region] + p->offset);
	r->size = (uint16_t)(1u << p->log2);
	r->at = 0;
	return true;
}

int hnet_memif_init(struct hnet *h)
{
	struct hnet_memif *m = &h->memif;
	struct uc_memif_layout l;
	struct uc_hostfd_iov v = { &l, sizeof(l) };

	if (uc_hostfd_readv(h->fd + UC_MEMIF_FD_LAYOUT, &v, 1) != sizeof(l) ||
	    l.nregions > UC_MEMIF_REGIONS)
		return -EINVAL;
	m->pause = RETRY_FIRST;
	m->wake = (struct uc_defer){ .fn = wake_peer, .arg = h };
	m->client = l.client;
	m->nregions = l.nregions;
	for (unsigned i = 0; i < m->nregions; i++) {
		m->region[i] = uc_hostfd_shared(h->fd + UC_MEMIF_FD_REGION + (int)i, &m->bytes[i]);
		if (!m->region[i])
			return -EINVAL;
	}
	if (!open_ring(m, &m->tx, &l.ring[l.client ? UC_MEMIF_TO_SERVER : UC_MEMIF_TO_CLIENT]) ||
	    !open_ring(m, &m->rx, &l.ring[l.client ? UC_MEMIF_TO_CLIENT : UC_MEMIF_TO_SERVER]))
		return -EINVAL;
	if (m->client) /* all buffers are the server's to fill */
		put16(&m->rx.ring->head, m->rx.size);
	return 0;
}

/* The memory that descriptor i speaks of. False: it lies outside. */
static bool slot(const struct hnet_memif *m, const struct hnet_ring *r, uint16_t i,
		 struct uc_hostfd_iov *v, uint16_t *flags)
{
	const volatile struct uc_memif_desc *d = &r->ring->desc[i & (r->size - 1)];
	uint16_t region = d->region;
	uint32_t offset = d->offset, length = d->length;

	*flags = d->flags;
	if (region >= m->nregions || length > m->bytes[region] ||
	    offset > m->bytes[region] - length)
		return false;
	*v = (struct uc_hostfd_iov){ m->region[region] + offset, length };
	return true;
}

/* ---- receiving ---- */
/* The packet that begins at r->at, of at most `there` descriptors, into v; their number, through
 * *segs those of v; 0: it makes no sense. */
static unsigned gather(struct hnet *h, unsigned there, struct uc_hostfd_iov *v, unsigned *segs)
{
	const struct hnet_memif *m = &h->memif;
	uint16_t flags = UC_MEMIF_DESC_NEXT;
	size_t total = 0;
	unsigned n = 0;

	*segs = 0;
	for (; flags & UC_MEMIF_DESC_NEXT; n++) {
		if (n == there || n == HNET_MEMIF_SEGS ||
		    !slot(m, &m->rx, (uint16_t)(m->rx.at + n), &v[n], &flags))
			return 0;
		total += v[n].n;
		if (total > HNET_FRAME_MAX)
			return 0;
	}
	*segs = total < HNET_FRAME_MIN ? 0 : n;
	return n;
}

/* Descriptors with packets in them; -EIO: more than there are. */
static int waiting(const struct hnet_memif *m)
{
	const struct hnet_ring *r = &m->rx;
	uint16_t n = (uint16_t)(get16(m->client ? &r->ring->tail : &r->ring->head) - r->at);

	return n <= r->size ? n : -EIO;
}

/* n descriptors more are done with. */
static void give_back(struct hnet_memif *m, unsigned n)
{
	struct hnet_ring *r = &m->rx;

	if (!m->client) {
		r->at = (uint16_t)(r->at + n);
		put16(&r->ring->tail, r->at);
		return;
	}
	for (; n; n--, r->at++) {
		struct uc_memif_desc *d = &r->ring->desc[r->at & (r->size - 1)];

		d->flags = 0;
		d->length = UC_MEMIF_BUFFER;
	}
	put16(&r->ring->head, (uint16_t)(r->at + r->size));
}

/* The peer shall tell us of the next packet. Descriptors that came before it could know. */
static int sleep_on_ring(struct hnet_memif *m)
{
	put16(&m->rx.ring->flags, 0);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return waiting(m);
}

unsigned hnet_memif_rx(struct uc_netdev *d, unsigned queue, struct uc_pktbuf **out, unsigned n)
{
	struct hnet *h = UC_CONTAINER(d, struct hnet, dev);
	struct hnet_memif *m = &h->memif;
	struct uc_hostfd_iov v[HNET_MEMIF_SEGS];
	unsigned got = 0, segs;

	while (got < n && d->up) {
		int there = waiting(m);

		if (!there)
			there = sleep_on_ring(m);
		if (!there)
			break;
		unsigned used = there > 0 ? gather(h, (unsigned)there, v, &segs) : 0;
		if (!used) {
			broken(h, there < 0 ? "an index" : "a descriptor");
			break;
		}
		if (segs)
			out[got] = hnet_received(h, v, segs);
		else
			d->st.rx_dropped++;
		got += segs && out[got];
		give_back(m, used);
	}
	return got;
}

bool hnet_memif_ready(struct hnet *h)
{
	uint8_t told[DRAIN];
	struct uc_hostfd_iov v = { told, sizeof(told) };
	int64_t r = uc_hostfd_readv(h->fd, &v, 1);

	if (r == 0 || (r < 0 && r != -EAGAIN))
		hnet_down(h);
	else
		put16(&h->memif.rx.ring->flags, UC_MEMIF_RING_MASK_INT);
	return h->dev.up;
}

/* ---- sending ---- */
/* Descriptors for us to fill; -EIO: more than there are. */
static int room(const struct hnet_memif *m)
{
	const struct hnet_ring *r = &m->tx;
	uint16_t n = m->client ? (uint16_t)(r->size - (uint16_t)(r->at - get16(&r->ring->tail)))
			       : (uint16_t)(get16(&r->ring->head) - r->at);

	return n <= r->size ? n : -EIO;
}

/* An empty buffer: ours have all the same size, for their descriptors say what was sent last. */
static bool empty_slot(const struct hnet_memif *m, uint16_t i, struct uc_hostfd_iov *v)
{
	volatile struct uc_memif_desc *d = &m->tx.ring->desc[i & (m->tx.size - 1)];
	uint16_t flags;

	if (m->client)
		d->length = UC_MEMIF_BUFFER;
	return slot(m, &m->tx, i, v, &flags) && v->n;
}

static void fill_slot(const struct hnet_memif *m, uint16_t i, size_t length, bool more)
{
	volatile struct uc_memif_desc *d = &m->tx.ring->desc[i & (m->tx.size - 1)];

	d->length = (uint32_t)length;
	d->flags = more ? UC_MEMIF_DESC_NEXT : 0;
}

/* Descriptors that b took, -EAGAIN: not now, or -EIO. */
static int put(const struct hnet_memif *m, const struct uc_pktbuf *b, unsigned free)
{
	struct uc_hostfd_iov to = { 0 };
	size_t at = 0;
	unsigned used = 0;

	for (; b; b = b->next) {
		for (size_t done = 0, now; done < b->len; done += now, at += now) {
			if (at == to.n) {
				if (used == free)
					return -EAGAIN;
				if (used)
					fill_slot(m, (uint16_t)(m->tx.at + used - 1), at, true);
				if (!empty_slot(m, (uint16_t)(m->tx.at + used++), &to))
					return -EIO;
				at = 0;
			}
			now = UC_MIN(b->len - done, to.n - at);
			memcpy((uint8_t *)to.p + at, b->data + done, now);
		}
	}
	if (used)
		fill_slot(m, (uint16_t)(m->tx.at + used - 1), at, false);
	return (int)used;
}

/* Sent or dropped; -EAGAIN: the ring is full. */
static int send(struct hnet *h, struct uc_pktbuf *b)
{
	struct hnet_memif *m = &h->memif;
	int free = h->dev.up ? room(m) : 0, used = -EINVAL;

	if (free >= 0 && h->dev.up && b->total <= HNET_FRAME_MAX)
		used = put(m, b, (unsigned)free);
	if (free < 0 || used == -EIO)
		broken(h, free < 0 ? "an index" : "a descriptor");
	if (used == -EAGAIN && free < m->tx.size)
		return -EAGAIN;
	if (used > 0) {
		m->tx.at = (uint16_t)(m->tx.at + used);
		put16(m->client ? &m->tx.ring->head : &m->tx.ring->tail, m->tx.at);
	}
	hnet_sent(h, b, used > 0);
	return 0;
}

/* A peer does not say when it has taken something out of a full ring. */
static void look_again(struct hnet *h, bool full)
{
	struct hnet_memif *m = &h->memif;

	if (!full) {
		m->pause = RETRY_FIRST;
		return;
	}
	uc_timer_arm(&m->retry, uc_time_mono() + m->pause);
	m->pause = UC_MIN(2 * m->pause, (uc_nsec)RETRY_LAST);
}

unsigned hnet_memif_tx(struct uc_netdev *d, unsigned queue, struct uc_pktbuf *const *in, unsigned n)
{
	struct hnet *h = UC_CONTAINER(d, struct hnet, dev);
	uint16_t before = h->memif.tx.at;
	unsigned i = 0;

	while (i < n && send(h, in[i]) == 0)
		i++;
	if (h->memif.tx.at != before)
		uc_defer_raise(&h->memif.wake);
	look_again(h, i < n);
	return i;
}
