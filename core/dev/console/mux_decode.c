// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <uc/mux_codec.h>
#include <uc/string.h>

#define NOT_CONTROL 0xffu

/* Payload length that a type demands. */
static unsigned fixed_len(unsigned type)
{
	switch (type) {
	case UC_MUX_EOF:
	case UC_MUX_TIME_REQ:
	case UC_MUX_READY:
		return 0;
	case UC_MUX_CREDIT:
	case UC_MUX_SIGNAL:
		return 4;
	case UC_MUX_WINSIZE:
	case UC_MUX_TIME:
	case UC_MUX_EXIT:
		return 8;
	case UC_MUX_TERMIOS:
		return 44;
	default:
		return NOT_CONTROL;
	}
}

static struct uc_mux_hdr header(const struct uc_mux_decoder *d)
{
	struct uc_mux_hdr h;
	memcpy(&h, d->hdr, sizeof(h));
	return h;
}

static bool header_ok(const struct uc_mux_ops *ops, const struct uc_mux_hdr *h)
{
	bool streamed = h->type == UC_MUX_DATA || h->type == UC_MUX_EOF || h->type == UC_MUX_CREDIT;
	if (h->type > 31 || !(ops->types & 1u << h->type) || h->zero)
		return false;
	if (streamed ? h->stream > 31 || !(ops->streams & 1u << h->stream) : h->stream != 0)
		return false;
	if (h->type == UC_MUX_DATA)
		return h->len <= UC_MUX_MAX_PAYLOAD;
	unsigned len = fixed_len(h->type);
	return len != NOT_CONTROL && h->len == len;
}

static void frame_end(struct uc_mux_decoder *d, const struct uc_mux_ops *ops,
		      const struct uc_mux_hdr *h)
{
	d->have = 0;
	if (h->type != UC_MUX_DATA)
		ops->control(ops->arg, h->type, h->stream, d->body, d->got);
}

static size_t feed_header(struct uc_mux_decoder *d, const struct uc_mux_ops *ops, const uint8_t *p,
			  size_t n)
{
	size_t take = UC_MIN(n, sizeof(d->hdr) - d->have);
	memcpy(d->hdr + d->have, p, take);
	d->have += take;
	if (d->have < sizeof(d->hdr))
		return take;
	struct uc_mux_hdr h = header(d);
	d->broken = !header_ok(ops, &h);
	d->left = h.len;
	d->got = 0;
	if (!d->broken && !h.len)
		frame_end(d, ops, &h);
	return take;
}

static size_t feed_payload(struct uc_mux_decoder *d, const struct uc_mux_ops *ops, const uint8_t *p,
			   size_t n)
{
	struct uc_mux_hdr h = header(d);
	size_t take = UC_MIN(n, (size_t)d->left);
	if (h.type == UC_MUX_DATA)
		ops->data(ops->arg, h.stream, p, take);
	else
		memcpy(d->body + d->got, p, take);
	d->got += take;
	d->left -= take;
	if (!d->left)
		frame_end(d, ops, &h);
	return take;
}

int uc_mux_decode(struct uc_mux_decoder *d, const struct uc_mux_ops *ops, const uint8_t *p,
		  size_t n)
{
	while (n && !d->broken) {
		size_t took = d->have < sizeof(d->hdr) ? feed_header(d, ops, p, n)
						       : feed_payload(d, ops, p, n);
		p += took;
		n -= took;
	}
	return d->broken ? -EPROTO : 0;
}
