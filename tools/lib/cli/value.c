// SPDX-License-Identifier: BSD-3-Clause
/* Values of options: sizes, numbers, durations, and near misses of names. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <unicore/cli.h>

int uc_parse_uint(const char *s, uint64_t *out)
{
	char *end;

	if (!isdigit((unsigned char)s[0]))
		return -EINVAL;
	int base = s[0] == '0' && (s[1] == 'x' || s[1] == 'X') ? 16 : 10;
	errno = 0;
	unsigned long long v = strtoull(s, &end, base);
	if (errno == ERANGE)
		return -ERANGE;
	if (*end)
		return -EINVAL;
	*out = v;
	return 0;
}

/* Power of 1024 named by a suffix such as "", "K", "MiB", "gb"; -1 if it is none. */
static int size_suffix(const char *s)
{
	static const char units[] = "KMGT";
	const char *u;
	int power = 0;

	if (*s && (u = strchr(units, toupper((unsigned char)*s)))) {
		power = (int)(u - units) + 1;
		s++;
		if (s[0] == 'i' && (s[1] == 'B' || s[1] == 'b'))
			s++;
	}
	if (*s == 'B' || *s == 'b')
		s++;
	return *s ? -1 : power;
}

int uc_parse_size(const char *s, uint64_t *out)
{
	char *end;

	if (!isdigit((unsigned char)s[0]))
		return -EINVAL;
	int base = s[0] == '0' && (s[1] == 'x' || s[1] == 'X') ? 16 : 10;
	errno = 0;
	unsigned long long whole = strtoull(s, &end, base);
	if (errno == ERANGE)
		return -ERANGE;
	double part = 0;
	if (*end == '.' && base == 10) {
		double weight = 0.1;

		if (!isdigit((unsigned char)end[1]))
			return -EINVAL;
		for (end++; isdigit((unsigned char)*end); end++, weight /= 10)
			part += weight * (*end - '0');
	}
	int power = size_suffix(end);
	if (power < 0 || (part > 0 && !power))
		return -EINVAL;
	uint64_t unit = 1ull << (10 * power);
	if (whole > UINT64_MAX / unit)
		return -ERANGE;
	uint64_t bytes = (uint64_t)whole * unit, extra = (uint64_t)(part * (double)unit);
	if (bytes > UINT64_MAX - extra)
		return -ERANGE;
	*out = bytes + extra;
	return 0;
}

int uc_parse_seconds(const char *s, double *out)
{
	static const struct {
		const char *name;
		double factor;
	} units[] = {
		{ "", 1 }, { "s", 1 }, { "ms", 1e-3 }, { "m", 60 }, { "h", 3600 },
	};
	char *end;

	if (!isdigit((unsigned char)s[0]) && s[0] != '.')
		return -EINVAL;
	if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X'))
		return -EINVAL;
	errno = 0;
	double v = strtod(s, &end);
	if (errno == ERANGE)
		return -ERANGE;
	if (end == s)
		return -EINVAL;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(end, units[i].name))
			continue;
		if (v * units[i].factor > 1e9)
			return -ERANGE;
		*out = v * units[i].factor;
		return 0;
	}
	return -EINVAL;
}

const char *uc_size_text(uint64_t bytes, char *buf, size_t cap)
{
	static const char units[] = "\0KMGT";
	unsigned u = 0;
	double v = (double)bytes;

	while (v >= 1024 && u < 4) {
		v /= 1024;
		u++;
	}
	if (v == (double)(uint64_t)v)
		snprintf(buf, cap, "%.0f%.1s", v, &units[u]);
	else
		snprintf(buf, cap, "%.1f%.1s", v, &units[u]);
	return buf;
}

/* Levenshtein distance, bounded words. */
static unsigned distance(const char *a, const char *b)
{
	enum { MAX = 40 };
	size_t la = strlen(a), lb = strlen(b);
	unsigned row[MAX + 1];

	if (la > MAX || lb > MAX)
		return MAX;
	for (size_t j = 0; j <= lb; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= la; i++) {
		unsigned diag = row[0];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= lb; j++) {
			unsigned best = diag + (a[i - 1] != b[j - 1]);

			diag = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[lb];
}

const char *uc_nearest(const char *word, const char *const *names)
{
	const char *best = NULL;
	unsigned least = (unsigned)strlen(word) / 3 + 2;

	for (; *names; names++) {
		unsigned d = distance(word, *names);

		if (d < least) {
			least = d;
			best = *names;
		}
	}
	return best;
}
