// SPDX-License-Identifier: BSD-3-Clause
#include <stdbool.h>
#include <string.h>

#include <unicore/mux.h>

#define TERMIOS2_LEN 44u

static uint32_t get32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

void uc_mux_header(uint8_t out[UC_MUX_HDR_LEN], enum uc_mux_type type, unsigned stream,
		   uint32_t len)
{
	out[0] = (uint8_t)type;
	out[1] = (uint8_t)stream;
	out[2] = out[3] = 0;
	for (unsigned i = 0; i < 4; i++)
		out[4 + i] = (uint8_t)(len >> (8 * i));
}

void uc_muxdec_init(struct uc_muxdec *d, const struct uc_muxdec_ops *ops, void *arg)
{
	memset(d, 0, offsetof(struct uc_muxdec, payload));
	d->ops = ops;
	d->arg = arg;
}

int uc_muxdec_partial(const struct uc_muxdec *d)
{
	return d->in_payload || d->have;
}

/* What a guest may send: the header fields that are fixed by the type. */
static const char *check(const struct uc_mux_hdr *h)
{
	static const struct {
		bool known, stream, variable;
		uint32_t len;
	} rules[] = {
		[UC_MUX_DATA] = { .known = true, .stream = true, .variable = true },
		[UC_MUX_EOF] = { .known = true, .stream = true },
		[UC_MUX_CREDIT] = { .known = true, .len = 4 },
		[UC_MUX_TERMIOS] = { .known = true, .len = TERMIOS2_LEN },
		[UC_MUX_TIME_REQ] = { .known = true },
		[UC_MUX_EXIT] = { .known = true, .len = sizeof(struct uc_mux_exit) },
		[UC_MUX_STATS] = { .known = true, .variable = true },
		[UC_MUX_READY] = { .known = true },
	};

	if (h->type >= sizeof(rules) / sizeof(rules[0]) || !rules[h->type].known)
		return "unknown frame type";
	if (h->zero)
		return "reserved header bytes are not zero";
	if (h->len > UC_MUX_MAX_PAYLOAD)
		return "frame too long";
	if (!rules[h->type].variable && h->len != rules[h->type].len)
		return "wrong frame length";
	if (rules[h->type].stream ? h->stream < UC_MUX_STDOUT || h->stream > UC_MUX_LOG
				  : h->stream != 0)
		return "wrong stream number";
	return NULL;
}

static void frame_done(struct uc_muxdec *d)
{
	if (d->h.type != UC_MUX_DATA) {
		d->payload[d->h.len] = 0;
		d->ops->control(d->arg, &d->h, d->payload);
	}
	d->in_payload = 0;
	d->have = 0;
}

static size_t take_header(struct uc_muxdec *d, const uint8_t *p, size_t n)
{
	size_t k = UC_MUX_HDR_LEN - d->have;

	if (k > n)
		k = n;
	memcpy(d->raw + d->have, p, k);
	d->have += (uint32_t)k;
	if (d->have < UC_MUX_HDR_LEN)
		return k;
	d->h.type = d->raw[0];
	d->h.stream = d->raw[1];
	d->h.zero = (uint16_t)(d->raw[2] | d->raw[3] << 8);
	d->h.len = get32(d->raw + 4);
	d->error = check(&d->h);
	d->in_payload = 1;
	d->have = 0;
	if (!d->error && !d->h.len)
		frame_done(d);
	return k;
}

static size_t take_payload(struct uc_muxdec *d, const uint8_t *p, size_t n)
{
	size_t k = d->h.len - d->have;

	if (k > n)
		k = n;
	if (d->h.type == UC_MUX_DATA)
		d->ops->data(d->arg, (enum uc_mux_stream)d->h.stream, p, k);
	else
		memcpy(d->payload + d->have, p, k);
	d->have += (uint32_t)k;
	if (d->have == d->h.len)
		frame_done(d);
	return k;
}

const char *uc_muxdec_feed(struct uc_muxdec *d, const uint8_t *p, size_t n)
{
	while (n && !d->error) {
		size_t k = d->in_payload ? take_payload(d, p, n) : take_header(d, p, n);

		p += k;
		n -= k;
	}
	return d->error;
}
