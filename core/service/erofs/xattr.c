// SPDX-License-Identifier: BSD-3-Clause
/*
 * Extended attributes: behind the inode a 12-byte header, numbers of shared entries (in units of 4
 * bytes from the shared area), then inline entries {name length, prefix, value size, name, value}.
 */
#include "erofs_disk.h"

static const char *prefix_of(uint8_t index)
{
	static const char *const prefix[] = { NULL,       "user.", NULL,       NULL,
					      "trusted.", NULL,    "security." };
	return index < UC_ARRAY_SIZE(prefix) ? prefix[index] : NULL;
}

/* Decodes the entry at off, which must end by `end`; *size: bytes it takes. */
static int entry_at(const struct uc_erofs *fs, uint64_t off, uint64_t end, struct uc_erofs_xattr *x,
		    uint64_t *size)
{
	if (end > fs->len || off > end || end - off < 4)
		return -EUCLEAN;
	const uint8_t *p = fs->base + off;
	x->name_len = p[0];
	x->prefix = prefix_of(p[1]);
	x->value_len = erofs_le16(p + 2);
	x->name = (const char *)p + 4;
	x->value = p + 4 + x->name_len;
	uint64_t used = 4 + x->name_len + x->value_len;
	*size = (used + 3) & ~3ull;
	return used <= end - off ? 0 : -EUCLEAN;
}

int uc_erofs_xattrs(const struct uc_erofs *fs, uint64_t nid,
		    bool (*fn)(void *ctx, const struct uc_erofs_xattr *x), void *ctx)
{
	uint64_t off, size;
	uint32_t head, total;
	if (!erofs_inode_head(fs, nid, &off, &head, &total))
		return -EUCLEAN;
	if (!total)
		return 0;
	uint64_t at = off + head, end = at + total;
	uint32_t shared = fs->base[at + 4];
	if (EROFS_XATTR_HEADER + shared * 4 > total)
		return -EUCLEAN;
	struct uc_erofs_xattr x;
	for (uint32_t k = 0; k < shared; k++) {
		uint64_t ref = fs->xattr_off +
			       (uint64_t)erofs_le32(fs->base + at + EROFS_XATTR_HEADER + k * 4) * 4;
		int r = entry_at(fs, ref, fs->len, &x, &size);
		if (r)
			return r;
		if (x.prefix && !fn(ctx, &x))
			return 0;
	}
	for (at += EROFS_XATTR_HEADER + shared * 4; at < end && end - at >= 4; at += size) {
		if (!erofs_le32(fs->base + at))
			break; /* padding */
		int r = entry_at(fs, at, end, &x, &size);
		if (r)
			return r;
		if (x.prefix && !fn(ctx, &x))
			return 0;
	}
	return 0;
}
