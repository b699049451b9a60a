// SPDX-License-Identifier: BSD-3-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/msg.h>
#include <unicore/util.h>

static void *checked(void *p)
{
	if (!p)
		exit(uc_fail(UC_ST_OSERR, "memory", "close other programs or raise ulimit -v",
			     "the host has none left"));
	return p;
}

void *uc_xmalloc(size_t n) { return checked(malloc(n ? n : 1)); }

void *uc_xzalloc(size_t n) { return checked(calloc(1, n ? n : 1)); }

void *uc_xrealloc(void *p, size_t n) { return checked(realloc(p, n ? n : 1)); }

void *uc_room(void *p, size_t n, size_t size)
{
	return n & (n - 1) ? p : uc_xrealloc(p, (n ? 2 * n : 1) * size);
}

char *uc_xstrdup(const char *s) { return checked(strdup(s)); }

char *uc_xstrndup(const char *s, size_t n) { return checked(strndup(s, n)); }

char *uc_xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	if (vasprintf(&s, fmt, ap) < 0) s = NULL;
	va_end(ap);
	return checked(s);
}

static void buf_reserve(struct uc_buf *b, size_t more)
{
	size_t want;

	if (__builtin_add_overflow(b->n, more + 1, &want)) checked(NULL);
	if (want <= b->cap) return;
	b->cap = want < 256 ? 256 : want + want / 2;
	b->p = uc_xrealloc(b->p, b->cap);
}

void uc_buf_add(struct uc_buf *b, const void *data, size_t n)
{
	buf_reserve(b, n);
	if (n) memcpy(b->p + b->n, data, n);
	b->n += n;
	b->p[b->n] = 0;
}

void uc_buf_str(struct uc_buf *b, const char *s) { uc_buf_add(b, s, strlen(s)); }

void uc_buf_vprintf(struct uc_buf *b, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	if (n > 0) {
		buf_reserve(b, (size_t)n);
		vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
		b->n += (size_t)n;
	}
	va_end(again);
}

void uc_buf_printf(struct uc_buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	uc_buf_vprintf(b, fmt, ap);
	va_end(ap);
}

void uc_buf_free(struct uc_buf *b)
{
	free(b->p);
	*b = (struct uc_buf){ 0 };
}
