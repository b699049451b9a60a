// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_P9S_TEST_H
#define UNICORE_P9S_TEST_H
/* A client for the tests: makes one request, asks the server, holds the reply. */
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "../p9s.h"

static uint8_t p9_req[UC_P9S_MSIZE], p9_rep[UC_P9S_MSIZE];
static size_t p9_len;          /* of the request */
static struct p9s_in p9_reply; /* behind the header of the reply */

/* b 8, w 16, d 32, q 64 bits, s a C string, r raw bytes (pointer, size_t). */
static void p9_make(unsigned type, const char *fmt, ...)
{
	struct p9s_out o = { .p = p9_req, .cap = sizeof(p9_req), .at = P9S_HDR };
	va_list ap;

	va_start(ap, fmt);
	for (; *fmt; fmt++) {
		const char *s;
		size_t n;

		switch (*fmt) {
		case 'b':
			p9s_put8(&o, (uint8_t)va_arg(ap, unsigned));
			break;
		case 'w':
			p9s_put16(&o, (uint16_t)va_arg(ap, unsigned));
			break;
		case 'd':
			p9s_put32(&o, va_arg(ap, uint32_t));
			break;
		case 'q':
			p9s_put64(&o, va_arg(ap, uint64_t));
			break;
		case 's':
			s = va_arg(ap, const char *);
			p9s_puts(&o, s, strlen(s));
			break;
		default:
			s = va_arg(ap, const char *);
			n = va_arg(ap, size_t);
			memcpy(o.p + o.at, s, n);
			o.at += n;
		}
	}
	va_end(ap);
	p9_len = o.at;
	o.at = 0;
	p9s_put32(&o, (uint32_t)p9_len);
	p9s_put8(&o, (uint8_t)type);
	p9s_put16(&o, 7);
}

/* The errno of a refusal (positive), 0, or -EPROTO from the server. */
static int p9_ask(struct uc_p9s *s, unsigned type)
{
	int n = uc_p9s_answer(s, p9_req, p9_len, p9_rep);

	if (n < 0)
		return n;
	p9_reply = (struct p9s_in){ .p = p9_rep, .n = (size_t)n };
	uint32_t size = p9s_get32(&p9_reply);
	unsigned got = p9s_get8(&p9_reply), tag = p9s_get16(&p9_reply);
	if (size != (uint32_t)n || tag != 7)
		return -1000;
	if (got == P9S_LERROR + 1)
		return (int)p9s_get32(&p9_reply);
	return got == type + 1 ? 0 : -1001;
}

#define P9(s, type, ...) (p9_make((type), __VA_ARGS__), p9_ask((s), (type)))

#endif
