// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include <unicore/util.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *uc_base64(const void *data, size_t n)
{
	const uint8_t *p = data;
	char *text = uc_xmalloc((n + 2) / 3 * 4 + 1), *to = text;

	for (size_t i = 0; i < n; i += 3) {
		unsigned v = 0;

		for (size_t j = 0; j < 3; j++)
			v = v << 8 | (i + j < n ? p[i + j] : 0);
		for (size_t j = 0; j < 4; j++)
			*to++ = i + j <= n ? digits[v >> (18 - 6 * j) & 63] : '=';
	}
	*to = 0;
	return text;
}

char *uc_base64_decode(const char *text, size_t n, size_t *len)
{
	const char *end = text + n;
	unsigned bits = 0, v = 0;
	char *out = uc_xmalloc(n + 1);

	*len = 0;
	for (; text < end && *text != '='; text++) {
		const char *at = *text ? strchr(digits, *text) : NULL;

		if (*text && strchr(" \t\r\n", *text))
			continue;
		if (!at) {
			free(out);
			return NULL;
		}
		v = (v << 6 | (unsigned)(at - digits)) & 0xffff;
		bits += 6;
		if (bits >= 8)
			out[(*len)++] = (char)(v >> (bits -= 8));
	}
	out[*len] = 0;
	return out;
}
