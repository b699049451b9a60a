// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_EROFS_DISK_H
#define UC_EROFS_DISK_H
/* On-disk structures (little endian) as byte offsets, and bounds-checked access. */
#include <asm/errno.h>
#include <uc/erofs.h>
#include <uc/string.h>

#define EROFS_BLOCK_BITS 12
#define EROFS_BLOCK      (1u << EROFS_BLOCK_BITS)
#define EROFS_SUPER_OFF  1024u
#define EROFS_MAGIC      0xe0f5e1e2u
#define EROFS_SLOT       32u  /* an inode number counts units of this size */

enum { EROFS_FLAT_PLAIN = 0, EROFS_FLAT_INLINE = 2, EROFS_CHUNKED = 4 };
/* Features that an image may need and that this reader understands. */
#define EROFS_INCOMPAT_ZERO_PADDING 0x01u
#define EROFS_INCOMPAT_CHUNKED      0x04u
#define EROFS_INCOMPAT_KNOWN (EROFS_INCOMPAT_ZERO_PADDING | EROFS_INCOMPAT_CHUNKED)
#define EROFS_CHUNK_BITS_MASK 31u
#define EROFS_CHUNK_INDEXES   32u
#define EROFS_DIRENT 12u
#define EROFS_XATTR_HEADER 12u

static inline uint16_t erofs_le16(const uint8_t *p) { return (uint16_t)(p[0] | p[1] << 8); }
static inline uint32_t erofs_le32(const uint8_t *p)
{
	uint32_t v;
	__builtin_memcpy(&v, p, 4);
	return v;
}
static inline uint64_t erofs_le64(const uint8_t *p)
{
	uint64_t v;
	__builtin_memcpy(&v, p, 8);
	return v;
}
/* Whether [off, off+n) is inside the image. */
static inline bool erofs_inside(const struct uc_erofs *fs, uint64_t off, uint64_t n)
{
	return off <= fs->len && n <= fs->len - off;
}
/* Size of the inode header (32 or 64) and of the extended attributes behind it; false: not
 * inside. */
bool erofs_inode_head(const struct uc_erofs *fs, uint64_t nid, uint64_t *off, uint32_t *head,
		      uint32_t *xattrs);
#endif
