// SPDX-License-Identifier: BSD-3-Clause
/* Putting messages together and taking requests apart. */
#include <uc/heap.h>
#include <uc/string.h>
#include "netlink_private.h"

#define DGRAM_MAX   3776u /* what Linux puts into one: a page less its own bookkeeping */
#define MESSAGE_MAX 1536u

static bool room(struct nl_out *o)
{
	if (o->cur && DGRAM_MAX - o->cur->len < MESSAGE_MAX)
		nl_flush(o);
	if (!o->cur) {
		o->cur = uc_heap_alloc(sizeof(*o->cur) + DGRAM_MAX);
		if (o->cur)
			o->cur->len = o->cur->group = 0;
	}
	o->failed |= !o->cur;
	return o->cur;
}

/* Appends n bytes, aligned and cleared. */
static void *append(struct nl_out *o, size_t n)
{
	struct nl_dgram *d = o->cur;
	uint8_t *at = d->data + d->len;
	size_t whole = NLMSG_ALIGN(n);

	UC_ASSERT(d->len + whole <= DGRAM_MAX, "a message is at most MESSAGE_MAX");
	memset(at, 0, whole);
	d->len += (uint32_t)whole;
	return at;
}

static void set_length(struct nl_out *o)
{
	o->msg->nlmsg_len = (uint32_t)(o->cur->data + o->cur->len - (uint8_t *)o->msg);
}

void *nl_begin(struct nl_out *o, uint16_t type, size_t n)
{
	void *body;

	if (!room(o))
		return NULL;
	o->msg = append(o, sizeof(*o->msg));
	o->msg->nlmsg_type = type;
	o->msg->nlmsg_flags = o->flags;
	o->msg->nlmsg_seq = o->seq;
	o->msg->nlmsg_pid = o->portid;
	body = append(o, n);
	o->msg->nlmsg_len = (uint32_t)(sizeof(*o->msg) + n);
	return body;
}

void nl_attr(struct nl_out *o, uint16_t type, const void *data, size_t n)
{
	struct nlattr *a = append(o, sizeof(*a) + n);

	a->nla_len = (uint16_t)(sizeof(*a) + n);
	a->nla_type = type;
	if (n)
		memcpy(a + 1, data, n);
	set_length(o);
}

void nl_attr_u8(struct nl_out *o, uint16_t type, uint8_t v)
{
	nl_attr(o, type, &v, sizeof(v));
}

void nl_attr_u32(struct nl_out *o, uint16_t type, uint32_t v)
{
	nl_attr(o, type, &v, sizeof(v));
}

void nl_attr_text(struct nl_out *o, uint16_t type, const char *s)
{
	nl_attr(o, type, s, strlen(s) + 1);
}

uint32_t nl_nest(struct nl_out *o, uint16_t type)
{
	uint32_t at = o->cur->len;

	nl_attr(o, type, NULL, 0);
	return at;
}

void nl_nest_end(struct nl_out *o, uint32_t at)
{
	struct nlattr *a = (struct nlattr *)(o->cur->data + at);

	a->nla_len = (uint16_t)(o->cur->len - at);
}

void nl_flush(struct nl_out *o)
{
	if (o->cur && o->to)
		nl_queue(o->to, o->cur);
	o->cur = NULL;
}

int nl_parse(struct nl_request *r, size_t n)
{
	const uint8_t *at, *end;

	memset(r->attr, 0, sizeof(r->attr));
	if (r->body_len < n)
		return -EINVAL;
	at = (const uint8_t *)r->body + NLMSG_ALIGN(n);
	end = (const uint8_t *)r->body + r->body_len;
	while (end - at >= (ptrdiff_t)sizeof(struct nlattr)) {
		const struct nlattr *a = (const struct nlattr *)at;
		unsigned type = a->nla_type & NLA_TYPE_MASK;

		if (a->nla_len < sizeof(*a) || a->nla_len > end - at)
			return -EINVAL;
		if (type < NL_ATTR_MAX)
			r->attr[type] = a;
		at += NLMSG_ALIGN(a->nla_len);
	}
	return 0;
}

const void *nl_get(const struct nl_request *r, unsigned type, size_t n)
{
	const struct nlattr *a = r->attr[type];

	return a && nl_len(a) >= n ? nl_data(a) : NULL;
}

uint32_t nl_get_u32(const struct nl_request *r, unsigned type, uint32_t by_default)
{
	const void *p = nl_get(r, type, sizeof(by_default));

	if (p)
		memcpy(&by_default, p, sizeof(by_default));
	return by_default;
}

struct netif *nl_netif(int index)
{
	return uc_netif_by_index(index);
}
