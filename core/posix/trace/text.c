// SPDX-License-Identifier: BSD-3-Clause
/* Bounded text, strings and arrays of the application. */
#include <uc/fmt.h>
#include <uc/string.h>
#include <uc/user.h>
#include "trace_internal.h"

void trace_put(struct trace_text *t, const char *fmt, ...)
{
	size_t room = t->cap - t->n;
	va_list ap;
	va_start(ap, fmt);
	int n = uc_vsnprintf(t->p + t->n, room, fmt, ap);
	va_end(ap);
	if ((size_t)n < room) {
		t->n += (size_t)n;
		return;
	}
	t->n = t->cap - 1;
	memcpy(t->p + t->cap - 4, "...", 4);
}

void trace_put_ptr(struct trace_text *t, uint64_t p)
{
	if (p)
		trace_put(t, "0x%lx", p);
	else
		trace_put(t, "NULL");
}

static void put_char(struct trace_text *t, uint8_t c, bool digit_follows)
{
	static const char plain[] = "\t\n\v\f\r\"\\", letter[] = "tnvfr\"\\";
	const char *e = c ? strchr(plain, c) : NULL;
	if (e)
		trace_put(t, "\\%c", letter[e - plain]);
	else if (c >= 0x20 && c < 0x7f)
		trace_put(t, "%c", c);
	else if (digit_follows)
		trace_put(t, "\\%03o", c);
	else
		trace_put(t, "\\%o", c);
}

void trace_put_quoted(struct trace_text *t, const uint8_t *s, size_t n, bool more)
{
	trace_put(t, "\"");
	for (size_t i = 0; i < n; i++)
		put_char(t, s[i], i + 1 < n && s[i + 1] >= '0' && s[i + 1] <= '7');
	trace_put(t, "\"%s", more ? "..." : "");
}

void trace_put_bytes(struct trace_text *t, uc_uptr p, uint64_t n)
{
	uint8_t b[TRACE_STRING_MAX];
	size_t part = UC_MIN(n, (uint64_t)sizeof(b));
	if (!p || uc_user_read(b, p, part))
		trace_put_ptr(t, p);
	else
		trace_put_quoted(t, b, part, part < n);
}

void trace_put_string(struct trace_text *t, uc_uptr p, size_t max)
{
	uint8_t b[TRACE_PATH_MAX + 1];
	size_t got = p ? uc_user_read_some(b, p, max + 1) : 0;
	if (!got) {
		trace_put_ptr(t, p);
		return;
	}
	size_t n = strnlen((const char *)b, got);
	if (n == got && got <= max)
		trace_put_ptr(t, p);
	else
		trace_put_quoted(t, b, UC_MIN(n, max), n > max);
}

void trace_put_strv(struct trace_text *t, uc_uptr p)
{
	uint64_t s;
	if (!p || uc_user_read(&s, p, sizeof(s))) {
		trace_put_ptr(t, p);
		return;
	}
	trace_put(t, "[");
	for (unsigned i = 0; s; i++) {
		if (i)
			trace_put(t, ", ");
		if (i == TRACE_ITEMS_MAX) {
			trace_put(t, "...");
			break;
		}
		trace_put_string(t, s, TRACE_STRING_MAX);
		if (uc_user_read(&s, p + (i + 1) * sizeof(s), sizeof(s)))
			break;
	}
	trace_put(t, "]");
}

void trace_put_iov(struct trace_text *t, uc_uptr p, uint64_t count, uint64_t bytes)
{
	uint64_t v[2];
	if (!p || uc_user_read(v, p, sizeof(v) * !!count)) {
		trace_put_ptr(t, p);
		return;
	}
	trace_put(t, "[");
	for (uint64_t i = 0; i < count; i++) {
		if (i)
			trace_put(t, ", ");
		if (i == TRACE_ITEMS_MAX || uc_user_read(v, p + i * sizeof(v), sizeof(v))) {
			trace_put(t, "...");
			break;
		}
		uint64_t n = UC_MIN(v[1], bytes);
		trace_put(t, "{iov_base=");
		trace_put_bytes(t, v[0], n);
		trace_put(t, ", iov_len=%lu}", v[1]);
		bytes -= n;
	}
	trace_put(t, "]");
}
