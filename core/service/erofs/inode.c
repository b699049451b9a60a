// SPDX-License-Identifier: BSD-3-Clause
#include <linux/stat.h>
#include "erofs_disk.h"

/* Offsets in compact (C_) and extended (X_) inodes. */
enum {
	I_FORMAT = 0,
	I_XATTRS = 2,
	I_MODE = 4,
	C_NLINK = 6,
	C_SIZE = 8,
	C_UNION = 16,
	C_INO = 20,
	C_UID = 24,
	C_GID = 26,
	C_LEN = 32,
	X_SIZE = 8,
	X_UNION = 16,
	X_INO = 20,
	X_UID = 24,
	X_GID = 28,
	X_MTIME = 32,
	X_NSEC = 40,
	X_NLINK = 44,
	X_LEN = 64
};

bool erofs_inode_head(const struct uc_erofs *fs, uint64_t nid, uint64_t *off, uint32_t *head,
		      uint32_t *xattrs)
{
	if (fs->meta_off > fs->len || nid >= (fs->len - fs->meta_off) / EROFS_SLOT)
		return false;
	*off = fs->meta_off + nid * EROFS_SLOT;
	const uint8_t *p = fs->base + *off;
	*head = erofs_le16(p + I_FORMAT) & 1 ? X_LEN : C_LEN;
	uint32_t count = erofs_le16(p + I_XATTRS);
	*xattrs = count ? EROFS_XATTR_HEADER + (count - 1) * 4 : 0;
	return erofs_inside(fs, *off, *head + *xattrs);
}

static uint64_t blocks_of(uint64_t size) { return (size + EROFS_BLOCK - 1) >> EROFS_BLOCK_BITS; }

static bool plain_ok(const struct uc_erofs *fs, const struct uc_erofs_data *d, uint64_t nblocks)
{
	if (nblocks > fs->len >> EROFS_BLOCK_BITS)
		return false;
	return !nblocks || erofs_inside(fs, d->off, nblocks << EROFS_BLOCK_BITS);
}

/* The last block's bytes follow the inode and stay within one block. */
static bool inline_ok(const struct uc_erofs *fs, const struct uc_erofs_data *d)
{
	uint64_t nblocks = blocks_of(d->size);
	if (!nblocks)
		return true;
	uint64_t tail = d->size - ((nblocks - 1) << EROFS_BLOCK_BITS);
	if ((d->tail_off & (EROFS_BLOCK - 1)) + tail > EROFS_BLOCK)
		return false;
	return erofs_inside(fs, d->tail_off, tail) && plain_ok(fs, d, nblocks - 1);
}

static bool chunks_ok(const struct uc_erofs *fs, const struct uc_erofs_data *d)
{
	uint64_t n = d->size ? ((d->size - 1) >> d->chunk_bits) + 1 : 0;
	return n <= fs->len / 4 && erofs_inside(fs, d->off, n * (d->wide ? 8 : 4));
}

static int decode_data(const struct uc_erofs *fs, struct uc_erofs_data *d, unsigned layout,
		       uint32_t u, uint64_t end)
{
	d->layout = (uint8_t)layout;
	d->off = (uint64_t)u << EROFS_BLOCK_BITS;
	switch (layout) {
	case EROFS_FLAT_PLAIN:
		return plain_ok(fs, d, blocks_of(d->size)) ? 0 : -EUCLEAN;
	case EROFS_FLAT_INLINE:
		d->tail_off = end;
		return inline_ok(fs, d) ? 0 : -EUCLEAN;
	case EROFS_CHUNKED:
		d->chunk_bits = (uint8_t)(EROFS_BLOCK_BITS + (u & EROFS_CHUNK_BITS_MASK));
		d->wide = u & EROFS_CHUNK_INDEXES;
		d->off = d->wide ? (end + 7) & ~7ull : (end + 3) & ~3ull;
		return chunks_ok(fs, d) ? 0 : -EUCLEAN;
	}
	return -EOPNOTSUPP;
}

static void decode_compact(const struct uc_erofs *fs, const uint8_t *p, struct uc_erofs_inode *i,
			   uint32_t *u)
{
	i->nlink = erofs_le16(p + C_NLINK);
	i->data.size = erofs_le32(p + C_SIZE);
	*u = erofs_le32(p + C_UNION);
	i->ino = erofs_le32(p + C_INO);
	i->uid = erofs_le16(p + C_UID);
	i->gid = erofs_le16(p + C_GID);
	i->mtime_ns = fs->build_ns;
}

static void decode_extended(const uint8_t *p, struct uc_erofs_inode *i, uint32_t *u)
{
	i->data.size = erofs_le64(p + X_SIZE);
	*u = erofs_le32(p + X_UNION);
	i->ino = erofs_le32(p + X_INO);
	i->uid = erofs_le32(p + X_UID);
	i->gid = erofs_le32(p + X_GID);
	i->nlink = erofs_le32(p + X_NLINK);
	uint64_t sec = erofs_le64(p + X_MTIME);
	uint32_t nsec = erofs_le32(p + X_NSEC);
	if (sec < INT64_MAX / 1000000000 && nsec < 1000000000)
		i->mtime_ns = (int64_t)(sec * 1000000000 + nsec);
}

int uc_erofs_inode(const struct uc_erofs *fs, uint64_t nid, struct uc_erofs_inode *out)
{
	uint64_t off;
	uint32_t head, xattrs, u;
	if (!erofs_inode_head(fs, nid, &off, &head, &xattrs))
		return -EUCLEAN;
	const uint8_t *p = fs->base + off;
	*out = (struct uc_erofs_inode){ .nid = nid, .mode = erofs_le16(p + I_MODE) };
	if (head == X_LEN)
		decode_extended(p, out, &u);
	else
		decode_compact(fs, p, out, &u);
	if (out->data.size > INT64_MAX || !out->nlink)
		return -EUCLEAN;
	switch (out->mode & S_IFMT) {
	case S_IFREG: case S_IFDIR: case S_IFLNK:
		return decode_data(fs, &out->data, (erofs_le16(p + I_FORMAT) >> 1) & 7, u,
				   off + head + xattrs);
	case S_IFCHR: case S_IFBLK:
		out->rdev = u;
		out->data = (struct uc_erofs_data){ 0 };
		return 0;
	case S_IFIFO: case S_IFSOCK:
		out->data = (struct uc_erofs_data){ 0 };
		return 0;
	}
	return -EUCLEAN;
}

static int chunk_piece(const struct uc_erofs *fs, const struct uc_erofs_data *d, uint64_t off,
		       struct uc_erofs_piece *out)
{
	const uint32_t hole = 0xffffffffu;
	const uint8_t *e = fs->base + d->off + (off >> d->chunk_bits) * (d->wide ? 8 : 4);
	uint64_t in = off & ((1ull << d->chunk_bits) - 1);
	out->len = UC_MIN((1ull << d->chunk_bits) - in, d->size - off);
	uint32_t block = erofs_le32(d->wide ? e + 4 : e);
	if (block == hole) {
		out->p = NULL;
		out->blocks = false;
		return 0;
	}
	if (d->wide && erofs_le16(e + 2) != 0)
		return -EOPNOTSUPP; /* on another device */
	uint64_t at = ((uint64_t)block << EROFS_BLOCK_BITS) + in;
	uint64_t last = (at + out->len + EROFS_BLOCK - 1) & ~(uint64_t)(EROFS_BLOCK - 1);
	if (!erofs_inside(fs, at, last - at))
		return -EUCLEAN;
	out->p = fs->base + at;
	out->blocks = true;
	return 0;
}

int uc_erofs_piece(const struct uc_erofs *fs, const struct uc_erofs_data *d, uint64_t off,
		   struct uc_erofs_piece *out)
{
	if (off >= d->size)
		return -EUCLEAN;
	if (d->layout == EROFS_CHUNKED)
		return chunk_piece(fs, d, off, out);
	uint64_t whole = d->size;
	if (d->layout == EROFS_FLAT_INLINE)
		whole = (blocks_of(d->size) - 1) << EROFS_BLOCK_BITS;
	out->blocks = off < whole;
	out->p = fs->base + (off < whole ? d->off + off : d->tail_off + (off - whole));
	out->len = (off < whole ? whole : d->size) - off;
	return 0;
}

int uc_erofs_link_text(const struct uc_erofs *fs, const struct uc_erofs_data *d, const char **text,
		       size_t *len)
{
	struct uc_erofs_piece piece;
	if (!d->size || d->size >= EROFS_BLOCK || uc_erofs_piece(fs, d, 0, &piece) ||
	    piece.len < d->size || !piece.p)
		return -EUCLEAN;
	*text = (const char *)piece.p;
	*len = strnlen(*text, d->size);
	return *len ? 0 : -EUCLEAN;
}
