// SPDX-License-Identifier: BSD-3-Clause
/*
 * glibc's library cache, format "glibc-ld.so.cache1.1": with it the loader opens each library at
 * once and needs no search. Entries are in descending order of glibc's comparison, in which runs
 * of digits compare as numbers.
 */
#include <stdlib.h>
#include <string.h>

#include <unicore/rootfs.h>

#define LIBC6_X8664         0x0303
#define LITTLE_ENDIAN_CACHE 2

struct header {
	char magic[20]; /* with the version, unterminated */
	uint32_t nlibs, strings_len;
	uint8_t flags, pad[3];
	uint32_t extension, unused[3];
};
struct entry {
	int32_t flags;
	uint32_t key, value, osversion;
	uint64_t hwcap;
};

static bool digit(char c) { return c >= '0' && c <= '9'; }

static int compare(const char *a, const char *b)
{
	while (*a) {
		if (digit(*a) && digit(*b)) {
			char *ea, *eb;
			unsigned long na = strtoul(a, &ea, 10), nb = strtoul(b, &eb, 10);

			if (na != nb) return na < nb ? -1 : 1;
			a = ea;
			b = eb;
		} else if (digit(*a)) {
			return 1;
		} else if (digit(*b)) {
			return -1;
		} else if (*a != *b) {
			return (unsigned char)*a - (unsigned char)*b;
		} else {
			a++;
			b++;
		}
	}
	return -(int)(unsigned char)*b;
}

static int descending(const void *a, const void *b)
{
	return compare(((const struct uc_map_entry *)b)->key,
		       ((const struct uc_map_entry *)a)->key);
}

void uc_ldcache_make(const struct uc_map *libs, struct uc_buf *out)
{
	struct uc_map_entry *sorted = uc_xmalloc(libs->n * sizeof(*sorted));
	size_t base = sizeof(struct header) + libs->n * sizeof(struct entry);
	struct header h = { .nlibs = (uint32_t)libs->n, .flags = LITTLE_ENDIAN_CACHE };
	struct uc_buf strings = { 0 };

	memcpy(sorted, libs->e, libs->n * sizeof(*sorted));
	qsort(sorted, libs->n, sizeof(*sorted), descending);
	memcpy(h.magic, "glibc-ld.so.cache1.1", sizeof(h.magic));
	uc_buf_add(out, &h, sizeof(h));
	for (size_t i = 0; i < libs->n; i++) {
		struct entry e = { .flags = LIBC6_X8664 };

		e.key = (uint32_t)(base + strings.n);
		uc_buf_add(&strings, sorted[i].key, strlen(sorted[i].key) + 1);
		e.value = (uint32_t)(base + strings.n);
		uc_buf_add(&strings, sorted[i].value, strlen(sorted[i].value) + 1);
		uc_buf_add(out, &e, sizeof(e));
	}
	((struct header *)out->p)->strings_len = (uint32_t)strings.n;
	uc_buf_add(out, strings.p, strings.n);
	uc_buf_free(&strings);
	free(sorted);
}
