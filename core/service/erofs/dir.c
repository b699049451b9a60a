// SPDX-License-Identifier: BSD-3-Clause
/*
 * Directories: blocks of sorted entries, each block an array of 12-byte records {nid, name offset,
 * type} followed by the names; the first name's offset gives the number of records.
 */
#include "erofs_disk.h"

struct block { const uint8_t *p; uint32_t len, n; };

static int block_open(const struct uc_erofs *fs, const struct uc_erofs_data *d, uint64_t index,
		      struct block *b)
{
	struct uc_erofs_piece piece;
	uint64_t off = index << EROFS_BLOCK_BITS;
	int r = uc_erofs_piece(fs, d, off, &piece);
	if (r)
		return r;
	uint64_t want = UC_MIN(d->size - off, (uint64_t)EROFS_BLOCK);
	if (!piece.p || piece.len < want || want < EROFS_DIRENT)
		return -EUCLEAN;
	b->p = piece.p;
	b->len = (uint32_t)want;
	uint32_t names = erofs_le16(b->p + 8);
	if (names < EROFS_DIRENT || names % EROFS_DIRENT || names > want)
		return -EUCLEAN;
	b->n = names / EROFS_DIRENT;
	return 0;
}

/* The k-th name; k < b->n. It may have a slash in it, so no wanted name equals such a one. */
static int block_name(const struct block *b, uint32_t k, const char **name, size_t *len)
{
	const uint8_t *e = b->p + k * EROFS_DIRENT;
	uint32_t start = erofs_le16(e + 8);
	uint32_t end = k + 1 < b->n ? erofs_le16(e + EROFS_DIRENT + 8) : b->len;
	if (start < b->n * EROFS_DIRENT || end <= start || end > b->len)
		return -EUCLEAN;
	*name = (const char *)b->p + start;
	*len = k + 1 < b->n ? end - start : strnlen(*name, end - start);
	return *len && *len <= 255 ? 0 : -EUCLEAN;
}

static int compare(const char *a, size_t alen, const char *b, size_t blen)
{
	int c = memcmp(a, b, UC_MIN(alen, blen));
	return c ? c : (alen > blen) - (alen < blen);
}

/* Sign of (wanted name - k-th name) in *order. */
static int block_compare(const struct block *b, uint32_t k, const char *want, size_t want_len,
			 int *order)
{
	const char *name;
	size_t len;
	int r = block_name(b, k, &name, &len);
	if (r == 0)
		*order = compare(want, want_len, name, len);
	return r;
}

/* The last block whose first name is not above the wanted one. */
static int find_block(const struct uc_erofs *fs, const struct uc_erofs_data *d, const char *name,
		      size_t len, struct block *found)
{
	uint64_t lo = 0, hi = (d->size + EROFS_BLOCK - 1) >> EROFS_BLOCK_BITS;
	found->n = 0;
	if (hi == 1)
		return block_open(fs, d, 0, found);
	while (lo < hi) {
		uint64_t mid = lo + (hi - lo) / 2;
		struct block b;
		int order, r = block_open(fs, d, mid, &b);
		if (r == 0)
			r = block_compare(&b, 0, name, len, &order);
		if (r)
			return r;
		if (order >= 0) {
			*found = b;
			lo = mid + 1;
		} else {
			hi = mid;
		}
	}
	return found->n ? 0 : -ENOENT;
}

int uc_erofs_lookup(const struct uc_erofs *fs, const struct uc_erofs_data *d, const char *name,
		    size_t len, uint64_t *nid)
{
	struct block b;
	int r = find_block(fs, d, name, len, &b);
	if (r)
		return r;
	uint32_t lo = 0, hi = b.n;
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		int order;
		r = block_compare(&b, mid, name, len, &order);
		if (r)
			return r;
		if (order == 0) {
			*nid = erofs_le64(b.p + mid * EROFS_DIRENT);
			return 0;
		}
		if (order > 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return -ENOENT;
}

/* File types on disk: unknown, REG, DIR, CHR, BLK, FIFO, SOCK, LNK. */
static uint8_t dtype_of(uint8_t type)
{
	static const uint8_t dt[] = { 0, 8, 4, 2, 6, 1, 12, 10 };
	return type < sizeof(dt) ? dt[type] : 0;
}

/* A position is the block's offset plus the index of the entry, which is less than 342. */
int uc_erofs_readdir(const struct uc_erofs *fs, const struct uc_erofs_data *d, uint64_t *pos,
		     struct uc_erofs_entry *out)
{
	for (;;) {
		uint64_t index = *pos >> EROFS_BLOCK_BITS;
		uint32_t k = *pos & (EROFS_BLOCK - 1);
		if (index << EROFS_BLOCK_BITS >= d->size)
			return 0;
		struct block b;
		int r = block_open(fs, d, index, &b);
		if (r)
			return r;
		if (k >= b.n) {
			*pos = (index + 1) << EROFS_BLOCK_BITS;
			continue;
		}
		r = block_name(&b, k, &out->name, &out->len);
		if (r == 0 && memchr(out->name, '/', out->len))
			r = -EUCLEAN;
		if (r)
			return r;
		++*pos;
		if (out->name[0] == '.' &&
		    (out->len == 1 || (out->len == 2 && out->name[1] == '.')))
			continue;
		out->nid = erofs_le64(b.p + k * EROFS_DIRENT);
		out->dtype = dtype_of(b.p[k * EROFS_DIRENT + 10]);
		return 1;
	}
}
