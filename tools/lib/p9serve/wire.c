// SPDX-License-Identifier: BSD-3-Clause
/* Little-endian numbers and texts of 9P messages. */
#include <errno.h>
#include <string.h>

#include "p9s.h"

static const uint8_t *take(struct p9s_in *in, size_t n)
{
	if (in->bad || n > in->n - in->at) {
		in->bad = true;
		return NULL;
	}
	const uint8_t *p = in->p + in->at;
	in->at += n;
	return p;
}

static uint64_t get(struct p9s_in *in, unsigned bytes)
{
	const uint8_t *p = take(in, bytes);
	uint64_t v = 0;

	for (unsigned i = 0; p && i < bytes; i++)
		v |= (uint64_t)p[i] << 8 * i;
	return v;
}

uint8_t p9s_get8(struct p9s_in *in)
{
	return (uint8_t)get(in, 1);
}

uint16_t p9s_get16(struct p9s_in *in)
{
	return (uint16_t)get(in, 2);
}

uint32_t p9s_get32(struct p9s_in *in)
{
	return (uint32_t)get(in, 4);
}

uint64_t p9s_get64(struct p9s_in *in)
{
	return get(in, 8);
}

const char *p9s_gets(struct p9s_in *in, uint16_t *n)
{
	*n = p9s_get16(in);
	return (const char *)take(in, *n);
}

bool p9s_get_cstr(struct p9s_in *in, char *out, size_t cap)
{
	uint16_t n;
	const char *s = p9s_gets(in, &n);

	out[0] = 0;
	if (!s || n >= cap || memchr(s, 0, n)) {
		in->bad = true;
		return false;
	}
	memcpy(out, s, n);
	out[n] = 0;
	return true;
}

int p9s_get_name(struct p9s_in *in, char name[P9S_NAME_MAX + 1])
{
	uint16_t n;
	const char *s = p9s_gets(in, &n);

	name[0] = 0;
	if (!s)
		return -EPROTO;
	if (!n)
		return -ENOENT;
	if (n > P9S_NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(name, s, n);
	name[n] = 0;
	if (strlen(name) != n || strchr(name, '/') || !strcmp(name, ".") || !strcmp(name, ".."))
		return -EINVAL;
	return 0;
}

int p9s_in_end(const struct p9s_in *in)
{
	return in->bad || in->at != in->n ? -EPROTO : 0;
}

static void put(struct p9s_out *o, uint64_t v, unsigned bytes)
{
	if (o->bad || bytes > o->cap - o->at) {
		o->bad = true;
		return;
	}
	for (unsigned i = 0; i < bytes; i++)
		o->p[o->at++] = (uint8_t)(v >> 8 * i);
}

void p9s_put8(struct p9s_out *o, uint8_t v)
{
	put(o, v, 1);
}

void p9s_put16(struct p9s_out *o, uint16_t v)
{
	put(o, v, 2);
}

void p9s_put32(struct p9s_out *o, uint32_t v)
{
	put(o, v, 4);
}

void p9s_put64(struct p9s_out *o, uint64_t v)
{
	put(o, v, 8);
}

void p9s_puts(struct p9s_out *o, const char *s, size_t n)
{
	p9s_put16(o, (uint16_t)n);
	if (o->bad || n > UINT16_MAX || n > o->cap - o->at) {
		o->bad = true;
		return;
	}
	memcpy(o->p + o->at, s, n);
	o->at += n;
}
