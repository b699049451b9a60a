// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <uc/fmt.h>
#include <uc/heap.h>
#include <uc/pseudofs.h>
#include <uc/string.h>

void uc_text_printf(struct uc_text *t, const char *fmt, ...)
{
	bool fits = t->len < t->cap;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = uc_vsnprintf(fits ? t->buf + t->len : NULL, fits ? t->cap - t->len : 0, fmt, ap);
	va_end(ap);
	if (n > 0)
		t->len += (size_t)n;
}

void uc_text_bytes(struct uc_text *t, const void *p, size_t n)
{
	if (t->len < t->cap)
		memcpy(t->buf + t->len, p, UC_MIN(n, t->cap - t->len));
	t->len += n;
}

static ssize_t show(const struct uc_pseudo_entry *e, const struct uc_pseudo_key *k, char *buf,
		    size_t cap)
{
	if (e->show)
		return e->show(buf, cap, k);
	return e->show_pid ? e->show_pid(buf, cap, k->pid < 0 ? 0 : k->pid) : 0;
}

/* Asked again with more room until everything fits: texts may grow between two looks. */
ssize_t uc_pseudo_text(const struct uc_pseudo_entry *e, const struct uc_pseudo_key *k, char **out)
{
	size_t cap = 1000;

	for (int tries = 0; tries < 8; tries++) {
		char *buf = uc_heap_alloc(cap);
		ssize_t n;

		if (!buf)
			return -ENOMEM;
		n = show(e, k, buf, cap);
		if (n >= 0 && (size_t)n < cap) {
			buf[n] = 0;
			*out = buf;
			return n;
		}
		uc_heap_free(buf);
		if (n < 0)
			return n;
		cap = (size_t)n + (size_t)n / 8 + 64;
	}
	return -EAGAIN;
}

int uc_pseudo_parse(const char *text, uint64_t max, uint64_t *out)
{
	char digits[24];
	size_t n = strlen(text);

	while (n && (text[n - 1] == '\n' || text[n - 1] == ' '))
		n--;
	if (n >= sizeof(digits))
		return -EINVAL;
	memcpy(digits, text, n);
	digits[n] = 0;
	return uc_parse_u64(digits, 10, out) < 0 || *out > max ? -EINVAL : 0;
}
