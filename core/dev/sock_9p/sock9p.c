// SPDX-License-Identifier: BSD-3-Clause
/*
 * The transport of uc/virtio_9p.h over a stream socket: a channel's tag is "fdN". Replies come in
 * the order of the requests (the server promises that), so what arrives belongs to the oldest call.
 */
#include <asm/errno.h>
#include <linux/poll.h>
#include <uc/arch.h>
#include <uc/heap.h>
#include <uc/hostfd.h>
#include <uc/string.h>
#include <uc/virtio_9p.h>

enum { HEADER = 7 }; /* size[4] type[1] tag[2] */

struct uc_p9_chan {
	struct uc_p9_chan *next;
	struct uc_hostfd_watch watch;
	struct uc_list sending; /* calls whose request has not left entirely */
	struct uc_list flying;  /* calls whose reply has not come entirely, oldest first */
	uint32_t sent, got;     /* bytes of the first of each */
	bool claimed, broken;
};
static struct uc_p9_chan *channels;

static struct uc_p9_call *first(struct uc_list *l)
{
	return uc_list_empty(l) ? NULL : UC_LIST_ENTRY(l->next, struct uc_p9_call, link);
}

static uint32_t total(const struct uc_vq_buf *b, unsigned n)
{
	uint32_t len = 0;
	for (unsigned i = 0; i < n; i++)
		len += b[i].len;
	return len;
}

/* The bytes [off, off + len) of the buffers. */
static unsigned slice(const struct uc_vq_buf *b, unsigned n, uint32_t off, uint32_t len,
		      struct uc_hostfd_iov *v)
{
	unsigned count = 0;
	for (unsigned i = 0; i < n && len; i++) {
		if (off >= b[i].len) {
			off -= b[i].len;
			continue;
		}
		uint32_t part = UC_MIN(b[i].len - off, len);
		v[count++] = (struct uc_hostfd_iov){ (char *)uc_phys_to_virt(b[i].pa) + off, part };
		len -= part;
		off = 0;
	}
	return count;
}

static void finish(struct uc_p9_call *c, uint32_t written, int error)
{
	uc_list_remove(&c->link);
	c->written = written;
	c->error = error;
	c->complete(c);
}

static void fail_all(struct uc_p9_chan *ch)
{
	struct uc_p9_call *c;
	ch->broken = true;
	uc_hostfd_watch_events(&ch->watch, 0);
	while ((c = first(&ch->flying)) || (c = first(&ch->sending)))
		finish(c, 0, -EIO);
}

/* ---- sending ---- */

/* One call's request: 1 it has left, 0 the socket is full, or -EIO. */
static int send_first(struct uc_p9_chan *ch, struct uc_p9_call *c)
{
	struct uc_hostfd_iov v[UC_P9_MAX_BUFS];
	uint32_t len = total(c->bufs, c->nout);
	while (ch->sent < len) {
		unsigned n = slice(c->bufs, c->nout, ch->sent, len - ch->sent, v);
		int64_t r = uc_hostfd_writev(ch->watch.fd, v, n);
		if (r < 0)
			return r == -EAGAIN ? 0 : -EIO;
		ch->sent += r;
	}
	ch->sent = 0;
	uc_list_remove(&c->link);
	uc_list_push_back(&ch->flying, &c->link);
	return 1;
}

static int send_all(struct uc_p9_chan *ch)
{
	struct uc_p9_call *c;
	int r = 1;
	while (r > 0 && (c = first(&ch->sending)))
		r = send_first(ch, c);
	if (r >= 0)
		uc_hostfd_watch_events(&ch->watch,
				       uc_list_empty(&ch->sending) ? POLLIN : POLLIN | POLLOUT);
	return r;
}

int uc_p9_start(struct uc_p9_chan *ch, struct uc_p9_call *c)
{
	if (ch->broken)
		return -EIO;
	uc_list_push_back(&ch->sending, &c->link);
	if (send_all(ch) >= 0)
		return 0;
	uc_list_remove(&c->link);
	fail_all(ch);
	return -EIO;
}

/* ---- receiving ---- */

static uint32_t reply_size(const struct uc_p9_call *c)
{
	uint32_t size;
	memcpy(&size, uc_phys_to_virt(c->bufs[c->nout].pa), sizeof(size));
	return size;
}

/* The reply answers this request: both begin with size, type and tag. */
static bool tags_agree(const struct uc_p9_call *c)
{
	const char *out = uc_phys_to_virt(c->bufs[0].pa);
	const char *in = uc_phys_to_virt(c->bufs[c->nout].pa);
	return !memcmp(out + HEADER - 2, in + HEADER - 2, 2);
}

/* How much may be read without taking bytes of the next reply. */
static uint32_t wanted(struct uc_p9_chan *ch, const struct uc_p9_call *c, uint32_t room)
{
	if (ch->got >= HEADER)
		return reply_size(c) - ch->got;
	bool alone = ch->flying.next == ch->flying.prev;
	return (alone ? room : HEADER) - ch->got;
}

/* A piece of the reply: 1 there may be more, 0 nothing is there now, or -EIO. */
static int recv_first(struct uc_p9_chan *ch, struct uc_p9_call *c)
{
	struct uc_hostfd_iov v[UC_P9_MAX_BUFS];
	const struct uc_vq_buf *in = c->bufs + c->nout;
	uint32_t room = total(in, c->nin);
	unsigned n = slice(in, c->nin, ch->got, wanted(ch, c, room), v);
	int64_t r = uc_hostfd_readv(ch->watch.fd, v, n);
	if (r <= 0)
		return r == -EAGAIN ? 0 : -EIO;
	ch->got += r;
	if (ch->got < HEADER)
		return 1;
	uint32_t size = reply_size(c);
	if (size < ch->got || size > room || !tags_agree(c))
		return -EIO;
	if (size > ch->got)
		return 1;
	ch->got = 0;
	finish(c, size, 0);
	return 1;
}

/* Nobody waits for a reply: all that may come is the end. */
static int recv_none(struct uc_p9_chan *ch)
{
	char byte;
	struct uc_hostfd_iov v = { &byte, 1 };
	return uc_hostfd_readv(ch->watch.fd, &v, 1) == -EAGAIN ? 0 : -EIO;
}

static void ready(struct uc_hostfd_watch *w)
{
	struct uc_p9_chan *ch = UC_CONTAINER(w, struct uc_p9_chan, watch);
	struct uc_p9_call *c;
	if (ch->broken)
		return;
	int r = send_all(ch);
	if (r >= 0)
		r = uc_list_empty(&ch->flying) ? recv_none(ch) : 1;
	while (r > 0 && (c = first(&ch->flying)))
		r = recv_first(ch, c);
	if (r < 0)
		fail_all(ch);
}

/* ---- channels ---- */

static int tag_fd(const char *tag)
{
	int fd = 0;
	if (strncmp(tag, "fd", 2) || !tag[2])
		return -1;
	for (const char *p = tag + 2; *p; p++) {
		if (*p < '0' || *p > '9' || fd > 9999)
			return -1;
		fd = fd * 10 + (*p - '0');
	}
	return uc_hostfd_is_9p(fd) ? fd : -1;
}

static struct uc_p9_chan *chan_new(int fd)
{
	struct uc_p9_chan *ch = uc_heap_zalloc(sizeof(*ch));
	if (!ch)
		return NULL;
	uc_list_init(&ch->sending);
	uc_list_init(&ch->flying);
	ch->watch = (struct uc_hostfd_watch){ .fd = fd, .events = POLLIN, .ready = ready };
	uc_hostfd_watch(&ch->watch);
	ch->next = channels;
	channels = ch;
	return ch;
}

struct uc_p9_chan *uc_p9_claim(const char *tag)
{
	int fd = tag_fd(tag);
	if (fd < 0)
		return NULL;
	struct uc_p9_chan *ch = channels;
	while (ch && ch->watch.fd != fd)
		ch = ch->next;
	if (!ch)
		ch = chan_new(fd);
	if (!ch || ch->claimed || ch->broken)
		return NULL;
	ch->claimed = true;
	return ch;
}

void uc_p9_release(struct uc_p9_chan *ch)
{
	ch->claimed = false;
}
