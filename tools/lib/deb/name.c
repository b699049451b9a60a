// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include <unicore/deb.h>

static bool lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool uc_deb_valid_name(const char *name)
{
	size_t n = strlen(name);

	if (n < 2 || n > 128 || !lower_or_digit(name[0])) return false;
	for (size_t i = 1; i < n; i++)
		if (!lower_or_digit(name[i]) && !strchr("+-.", name[i])) return false;
	return true;
}

static int hex(char c)
{
	if (c >= '0' && c <= '9') return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static char *unescape(const char *s, size_t n)
{
	char *out = uc_xmalloc(n + 1);
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		if (s[i] == '%' && i + 2 < n && hex(s[i + 1]) >= 0 && hex(s[i + 2]) >= 0) {
			out[k++] = (char)(hex(s[i + 1]) * 16 + hex(s[i + 2]));
			i += 2;
		} else {
			out[k++] = s[i];
		}
	}
	out[k] = 0;
	return out;
}

bool uc_deb_parse_name(const char *file, char **name, char **version)
{
	const char *a = strchr(file, '_'), *b = a ? strchr(a + 1, '_') : NULL;

	if (!b || b == a + 1 || strchr(b + 1, '_') || strchr(file, '/') ||
	    !uc_has_suffix(file, ".deb"))
		return false;
	*name = uc_xstrndup(file, (size_t)(a - file));
	if (!uc_deb_valid_name(*name)) {
		free(*name);
		return false;
	}
	*version = unescape(a + 1, (size_t)(b - a - 1));
	return true;
}

void uc_debs_free(struct uc_debs *debs)
{
	for (size_t i = 0; i < debs->n; i++) {
		free(debs->v[i].file);
		free(debs->v[i].name);
		free(debs->v[i].version);
		free(debs->v[i].source);
		free(debs->v[i].sha256);
		uc_vec_free(&debs->v[i].depends);
		uc_vec_free(&debs->v[i].provides);
		uc_vec_free(&debs->v[i].paths);
	}
	free(debs->v);
	*debs = (struct uc_debs){ 0 };
}
