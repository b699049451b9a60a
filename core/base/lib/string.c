// SPDX-License-Identifier: BSD-3-Clause
#include <uc/string.h>

/* memcpy and memset are the architecture's. */

/* GCC would turn these loops into calls of the very functions they implement. */
#define NO_IDIOM __attribute__((optimize("no-tree-loop-distribute-patterns")))

NO_IDIOM void *memmove(void *d, const void *s, size_t n)
{
	char *dp = d;
	const char *sp = s;
	if (dp <= sp || dp >= sp + n)
		return memcpy(d, s, n);
	while (n--)
		dp[n] = sp[n];
	return d;
}

NO_IDIOM int memcmp(const void *a, const void *b, size_t n)
{
	const unsigned char *x = a, *y = b;
	for (; n; n--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

NO_IDIOM void *memchr(const void *s, int c, size_t n)
{
	const unsigned char *p = s;
	for (; n; n--, p++)
		if (*p == (unsigned char)c)
			return (void *)p;
	return NULL;
}

/*
 * A word at a time: an aligned word that holds one byte of the string lies in the same page as that
 * byte, so reading its other bytes is harmless. Byte order: little endian, as all our machines.
 */
typedef uint64_t __attribute__((may_alias)) word;
#define ONES  0x0101010101010101ull
#define HIGHS 0x8080808080808080ull

__attribute__((no_sanitize("address"))) size_t strnlen(const char *s, size_t cap)
{
	uintptr_t skip = (uintptr_t)s & 7;
	const word *p = (const word *)((uintptr_t)s - skip);
	uint64_t w = *p | ((1ull << skip * 8) - 1), zeros;
	if (!cap) return 0;
	while (!(zeros = (w - ONES) & ~w & HIGHS)) {
		if ((size_t)((const char *)++p - s) >= cap) return cap;
		w = *p;
	}
	size_t n = (size_t)((const char *)p - s) + ((unsigned)__builtin_ctzll(zeros) >> 3);
	return UC_MIN(n, cap);
}

/* Not by strnlen(): the bound's check is half the loop, and start-up measures many strings. */
__attribute__((no_sanitize("address"))) size_t strlen(const char *s)
{
	uintptr_t skip = (uintptr_t)s & 7;
	const word *p = (const word *)((uintptr_t)s - skip);
	uint64_t w = *p | ((1ull << skip * 8) - 1), zeros;
	while (!(zeros = (w - ONES) & ~w & HIGHS)) w = *++p;
	return (size_t)((const char *)p - s) + ((unsigned)__builtin_ctzll(zeros) >> 3);
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return (unsigned char)*a - (unsigned char)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++) {
		if (*a != *b)
			return (unsigned char)*a - (unsigned char)*b;
		if (!*a)
			break;
	}
	return 0;
}

char *strchr(const char *s, int c)
{
	for (;; s++) {
		if (*s == (char)c)
			return (char *)s;
		if (!*s)
			return NULL;
	}
}

char *strrchr(const char *s, int c)
{
	const char *found = NULL;
	for (;; s++) {
		if (*s == (char)c)
			found = s;
		if (!*s)
			return (char *)found;
	}
}

size_t uc_strlcpy(char *d, const char *s, size_t cap)
{
	size_t n = strlen(s);
	if (cap) {
		size_t k = UC_MIN(n, cap - 1);
		memcpy(d, s, k);
		d[k] = 0;
	}
	return n;
}
