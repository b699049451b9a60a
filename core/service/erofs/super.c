// SPDX-License-Identifier: BSD-3-Clause
#include "erofs_disk.h"

/* Offsets in the superblock. */
enum {
	SB_MAGIC = 0,
	SB_BLKBITS = 12,
	SB_ROOT_NID = 14,
	SB_INOS = 16,
	SB_BUILD_TIME = 24,
	SB_BUILD_NSEC = 32,
	SB_BLOCKS = 36,
	SB_META = 40,
	SB_XATTR = 44,
	SB_INCOMPAT = 80,
	SB_DIRBLKBITS = 90,
	SB_SIZE = 128
};

static int fail(const char **why, const char *text, int err)
{
	*why = text;
	return err;
}

static int64_t time_ns(uint64_t sec, uint32_t nsec)
{
	bool sane = sec < INT64_MAX / 1000000000 && nsec < 1000000000;
	return sane ? (int64_t)(sec * 1000000000 + nsec) : 0;
}

int uc_erofs_open(struct uc_erofs *fs, const void *image, uc_paddr phys, uint64_t len,
		  const char **why)
{
	*fs = (struct uc_erofs){ .base = image, .len = len, .phys = phys };
	if (!erofs_inside(fs, EROFS_SUPER_OFF, SB_SIZE))
		return fail(why, "too short for an EROFS image", -EINVAL);
	const uint8_t *sb = fs->base + EROFS_SUPER_OFF;
	if (erofs_le32(sb + SB_MAGIC) != EROFS_MAGIC)
		return fail(why, "not an EROFS image", -EINVAL);
	if (sb[SB_BLKBITS] != EROFS_BLOCK_BITS || sb[SB_DIRBLKBITS] != 0)
		return fail(why, "EROFS block size is not 4096", -EOPNOTSUPP);
	if (erofs_le32(sb + SB_INCOMPAT) & ~EROFS_INCOMPAT_KNOWN)
		return fail(
			why,
			"EROFS image needs features (compression, devices) that are not supported",
			-EOPNOTSUPP);
	uint64_t size = (uint64_t)erofs_le32(sb + SB_BLOCKS) << EROFS_BLOCK_BITS;
	if (!size || size > len)
		return fail(why, "EROFS image is truncated", -EUCLEAN);
	fs->len = size;
	fs->meta_off = (uint64_t)erofs_le32(sb + SB_META) << EROFS_BLOCK_BITS;
	fs->xattr_off = (uint64_t)erofs_le32(sb + SB_XATTR) << EROFS_BLOCK_BITS;
	fs->root_nid = erofs_le16(sb + SB_ROOT_NID);
	fs->inos = erofs_le64(sb + SB_INOS);
	fs->build_ns = time_ns(erofs_le64(sb + SB_BUILD_TIME), erofs_le32(sb + SB_BUILD_NSEC));
	struct uc_erofs_inode root;
	if (uc_erofs_inode(fs, fs->root_nid, &root) || (root.mode & 0170000) != 0040000)
		return fail(why, "EROFS root inode is damaged", -EUCLEAN);
	return 0;
}
