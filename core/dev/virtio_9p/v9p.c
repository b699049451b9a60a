// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <uc/heap.h>
#include <uc/string.h>
#include <uc/virtio_9p.h>

enum { VIRTIO_ID_9P = 9, TAG_MAX = 255 };
#define MOUNT_TAG  (1ull << 0) /* feature: the tag is in the configuration space */
#define QUEUE_SIZE 64u

struct uc_p9_chan {
	struct uc_p9_chan *next;
	struct uc_virtq *q;
	struct uc_list flying;
	struct uc_waitq room;
	bool claimed;
	char tag[];
};
static struct uc_p9_chan *channels;

struct uc_p9_chan *uc_p9_claim(const char *tag)
{
	for (struct uc_p9_chan *ch = channels; ch; ch = ch->next) {
		if (!ch->claimed && !strcmp(ch->tag, tag)) {
			ch->claimed = true;
			return ch;
		}
	}
	return NULL;
}

void uc_p9_release(struct uc_p9_chan *ch)
{
	ch->claimed = false;
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
	while (!uc_list_empty(&ch->flying))
		finish(UC_LIST_ENTRY(ch->flying.next, struct uc_p9_call, link), 0, -EIO);
}

static void v9p_done(struct uc_virtq *q, void *arg)
{
	struct uc_p9_chan *ch = arg;
	struct uc_p9_call *c;
	uint32_t written;
	while ((c = uc_virtq_take(q, &written)))
		finish(c, written, 0);
	if (uc_virtq_broken(q))
		fail_all(ch);
	uc_waitq_wake_all(&ch->room);
}

int uc_p9_start(struct uc_p9_chan *ch, struct uc_p9_call *c)
{
	UC_WAIT_EVENT(&ch->room, uc_virtq_broken(ch->q) || uc_virtq_free(ch->q) >= c->nout + c->nin,
		      UC_FOREVER, false);
	if (uc_virtq_add(ch->q, c->bufs, c->nout, c->nin, c))
		return -EIO;
	uc_list_push_back(&ch->flying, &c->link);
	uc_virtq_kick(ch->q);
	return 0;
}

static struct uc_p9_chan *chan_new(struct uc_virtio_dev *d)
{
	uint16_t len;
	int r = uc_virtio_read_config(d, 0, &len, sizeof(len));
	if (r || !len || len > TAG_MAX)
		return UC_ERR_PTR(r ? r : -EINVAL);
	struct uc_p9_chan *ch = uc_heap_zalloc(sizeof(*ch) + len + 1u);
	if (!ch)
		return UC_ERR_PTR(-ENOMEM);
	/* The tag is an array of bytes, read one by one whatever its length. */
	for (unsigned i = 0; i < len && !r; i++)
		r = uc_virtio_read_config(d, sizeof(len) + i, ch->tag + i, 1);
	if (r) {
		uc_heap_free(ch);
		return UC_ERR_PTR(r);
	}
	uc_list_init(&ch->flying);
	uc_waitq_init(&ch->room);
	return ch;
}

static int v9p_probe(struct uc_virtio_dev *d)
{
	if (!(d->features & MOUNT_TAG))
		return -EOPNOTSUPP;
	struct uc_p9_chan *ch = chan_new(d);
	if (UC_IS_ERR(ch))
		return UC_PTR_ERR(ch);
	ch->q = uc_virtio_queue(d, 0, QUEUE_SIZE, v9p_done, ch);
	if (!ch->q) {
		uc_heap_free(ch);
		return -ENOMEM;
	}
	uc_virtio_ready(d);
	ch->next = channels;
	channels = ch;
	return 0;
}

static const struct uc_virtio_driver v9p_driver = {
	.device_id = VIRTIO_ID_9P, .features = MOUNT_TAG, .name = "virtio-9p", .probe = v9p_probe,
};
UC_VIRTIO_DRIVER(v9p_driver);
