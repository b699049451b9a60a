// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <uc/fmt.h>
#include <uc/string.h>

struct out {
	char *buf;
	size_t cap, len;
};

struct spec {
	bool left, zero, alt, plus, upper;
	int width, prec;
	unsigned base;
};

static void put(struct out *o, char c)
{
	if (o->len + 1 < o->cap)
		o->buf[o->len] = c;
	o->len++;
}

static void pad(struct out *o, char c, int n)
{
	while (n-- > 0)
		put(o, c);
}

static void put_str(struct out *o, const struct spec *sp, const char *s, size_t n)
{
	if (!sp->left)
		pad(o, ' ', sp->width - (int)n);
	for (size_t i = 0; i < n; i++)
		put(o, s[i]);
	if (sp->left)
		pad(o, ' ', sp->width - (int)n);
}

static void put_num(struct out *o, const struct spec *sp, uint64_t v, bool neg)
{
	char d[24];
	int n = 0;
	const char *digits = sp->upper ? "0123456789ABCDEF" : "0123456789abcdef";
	const char *prefix = neg ? "-" : sp->plus ? "+" : "";
	if (sp->alt && v && sp->base == 16)
		prefix = sp->upper ? "0X" : "0x";
	else if (sp->alt && v && sp->base == 8)
		prefix = "0";
	if (v || sp->prec)
		do {
			d[n++] = digits[v % sp->base];
		} while (v /= sp->base);
	int zeros = UC_MAX(sp->prec - n, 0), fill = sp->width - n - zeros - (int)strlen(prefix);
	if (sp->zero && !sp->left && sp->prec < 0) {
		zeros = UC_MAX(fill, 0);
		fill = 0;
	}
	if (!sp->left)
		pad(o, ' ', fill);
	while (*prefix)
		put(o, *prefix++);
	pad(o, '0', zeros);
	while (n)
		put(o, d[--n]);
	if (sp->left)
		pad(o, ' ', fill);
}

static const char *parse_flags(const char *f, struct spec *sp)
{
	for (;; f++) {
		if (*f == '-')
			sp->left = true;
		else if (*f == '0')
			sp->zero = true;
		else if (*f == '#')
			sp->alt = true;
		else if (*f == '+')
			sp->plus = true;
		else if (*f != ' ')
			return f;
	}
}

static const char *parse_int(const char *f, int *out, va_list *ap)
{
	if (*f == '*') {
		*out = va_arg(*ap, int);
		return f + 1;
	}
	for (*out = 0; *f >= '0' && *f <= '9'; f++)
		*out = *out * 10 + (*f - '0');
	return f;
}

static uint64_t take_arg(va_list *ap, int lng, bool sign)
{
	if (lng >= 1)
		return va_arg(*ap, uint64_t);
	uint32_t v = va_arg(*ap, unsigned);
	if (lng == -1)
		v = sign ? (uint32_t)(int16_t)v : (uint16_t)v;
	else if (lng == -2)
		v = sign ? (uint32_t)(int8_t)v : (uint8_t)v;
	return sign ? (uint64_t)(int64_t)(int32_t)v : v;
}

static void put_conv(struct out *o, struct spec *sp, char conv, int lng, va_list *ap)
{
	switch (conv) {
	case 'd':
	case 'i': {
		int64_t v = (int64_t)take_arg(ap, lng, true);
		put_num(o, sp, v < 0 ? 0 - (uint64_t)v : (uint64_t)v, v < 0);
		break;
	}
	case 'X':
		sp->upper = true; /* fallthrough */
	case 'x':
		sp->base = 16; /* fallthrough */
	case 'o':
		if (conv == 'o')
			sp->base = 8; /* fallthrough */
	case 'u':
		sp->plus = false;
		put_num(o, sp, take_arg(ap, lng, false), false);
		break;
	case 'p':
		sp->base = 16;
		sp->alt = true;
		put_num(o, sp, (uintptr_t)va_arg(*ap, void *), false);
		break;
	case 'c': {
		char c = (char)va_arg(*ap, int);
		put_str(o, sp, &c, 1);
		break;
	}
	case 's': {
		const char *s = va_arg(*ap, const char *);
		if (!s)
			s = "(null)";
		put_str(o, sp, s, sp->prec >= 0 ? strnlen(s, (size_t)sp->prec) : strlen(s));
		break;
	}
	default:
		put(o, conv);
	}
}

int uc_vsnprintf(char *buf, size_t cap, const char *f, va_list ap0)
{
	struct out o = { buf, cap, 0 };
	va_list ap;
	va_copy(ap, ap0);
	for (; *f; f++) {
		if (*f != '%') {
			put(&o, *f);
			continue;
		}
		struct spec sp = { .prec = -1, .base = 10 };
		int lng = 0;
		f = parse_flags(f + 1, &sp);
		f = parse_int(f, &sp.width, &ap);
		if (sp.width < 0) {
			sp.left = true;
			sp.width = -sp.width;
		}
		if (*f == '.')
			f = parse_int(f + 1, &sp.prec, &ap);
		for (; *f == 'l' || *f == 'z' || *f == 'h' || *f == 'j' || *f == 't'; f++)
			lng += *f == 'h' ? -1 : 1;
		if (!*f)
			break;
		put_conv(&o, &sp, *f, lng, &ap);
	}
	va_end(ap);
	if (cap)
		buf[UC_MIN(o.len, cap - 1)] = 0;
	return (int)o.len;
}

int uc_snprintf(char *buf, size_t cap, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int n = uc_vsnprintf(buf, cap, fmt, ap);
	va_end(ap);
	return n;
}
