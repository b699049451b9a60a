// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#include <unicore/util.h>

static uint64_t hash_of(const char *key) { return XXH3_64bits(key, strlen(key)); }

/* Slots hold index + 1; 0 is free. Entries are never removed. */
static size_t find_slot(const struct uc_map *m, const char *key, uint64_t h)
{
	size_t i = h & (m->nslots - 1);

	for (; m->slot[i]; i = (i + 1) & (m->nslots - 1)) {
		const struct uc_map_entry *e = &m->e[m->slot[i] - 1];

		if (e->hash == h && !strcmp(e->key, key)) break;
	}
	return i;
}

static void rebuild(struct uc_map *m, size_t nslots)
{
	free(m->slot);
	m->nslots = nslots;
	m->slot = uc_xzalloc(nslots * sizeof(*m->slot));
	for (size_t i = 0; i < m->n; i++)
		m->slot[find_slot(m, m->e[i].key, m->e[i].hash)] = (uint32_t)i + 1;
}

void *uc_map_get(const struct uc_map *m, const char *key)
{
	uint32_t s;

	if (!m->n) return NULL;
	s = m->slot[find_slot(m, key, hash_of(key))];
	return s ? m->e[s - 1].value : NULL;
}

void **uc_map_put(struct uc_map *m, const char *key)
{
	uint64_t h = hash_of(key);
	size_t at;

	if ((m->n + 1) * 2 > m->nslots) rebuild(m, m->nslots ? m->nslots * 2 : 32);
	at = find_slot(m, key, h);
	if (!m->slot[at]) {
		if (m->n == m->cap) {
			m->cap = m->cap ? m->cap * 2 : 16;
			m->e = uc_xrealloc(m->e, m->cap * sizeof(*m->e));
		}
		m->e[m->n++] = (struct uc_map_entry){ uc_xstrdup(key), NULL, h };
		m->slot[at] = (uint32_t)m->n;
	}
	return &m->e[m->slot[at] - 1].value;
}

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct uc_map_entry *)a)->key, ((const struct uc_map_entry *)b)->key);
}

void uc_map_sort(struct uc_map *m)
{
	if (m->n < 2) return;
	qsort(m->e, m->n, sizeof(*m->e), by_key);
	rebuild(m, m->nslots);
}

void uc_map_free(struct uc_map *m)
{
	for (size_t i = 0; i < m->n; i++) free(m->e[i].key);
	free(m->e);
	free(m->slot);
	*m = (struct uc_map){ 0 };
}
