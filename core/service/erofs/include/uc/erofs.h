// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_EROFS_H
#define UC_EROFS_H
/*
 * Reader of uncompressed EROFS images that lie in memory. On-disk format: Linux
 * Documentation/filesystems/erofs.rst and fs/erofs/erofs_fs.h. Blocks of 4 KiB; inodes compact and
 * extended; data plain, inline and chunk-based. Nothing is copied: results point into the image.
 * The image may be hostile: every field is checked before use, a bad one gives -EUCLEAN ("structure
 * needs cleaning", as Linux), what is valid but not supported -EOPNOTSUPP.
 * Pure functions of the image; context: any; nothing blocks.
 */
#include <uc/types.h>

struct uc_erofs {
	const uint8_t *base; uint64_t len;
	uc_paddr phys;            /* of base, page-aligned */
	uint64_t meta_off, xattr_off;
	uint64_t root_nid, inos;
	int64_t build_ns;         /* when the image was made, ns since the epoch */
};
/* Where the bytes of a file are; made by uc_erofs_inode, which has checked it. */
struct uc_erofs_data {
	uint64_t size;
	uint64_t off;             /* of the first block, or of the chunk map */
	uint64_t tail_off;        /* inline: of the bytes after the last whole block */
	uint8_t layout, chunk_bits;
	bool wide;                /* chunk map of 8-byte entries */
};
struct uc_erofs_inode {
	uint64_t nid, rdev;
	uint32_t mode, uid, gid, nlink, ino;
	int64_t mtime_ns;
	struct uc_erofs_data data;
};
/* Contiguous bytes of a file. */
struct uc_erofs_piece {
	const uint8_t *p;         /* NULL: a hole, zeros */
	uint64_t len;             /* at least 1 */
	bool blocks;              /* p lies in data blocks: block-aligned when the file offset is */
};

/* Checks the superblock. 0; -EINVAL: not an EROFS image; -EUCLEAN; -EOPNOTSUPP. `why`: static
 * text. */
int uc_erofs_open(struct uc_erofs *fs, const void *image, uc_paddr phys, uint64_t len,
		  const char **why);
/* Decodes inode nid. 0, -EUCLEAN, -EOPNOTSUPP (compressed). */
int uc_erofs_inode(const struct uc_erofs *fs, uint64_t nid, struct uc_erofs_inode *out);
/* The bytes from off < d->size on. 0 or -EUCLEAN. */
int uc_erofs_piece(const struct uc_erofs *fs, const struct uc_erofs_data *d, uint64_t off,
		   struct uc_erofs_piece *out);
/* nid of a name in directory d. 0, -ENOENT, -EUCLEAN. */
int uc_erofs_lookup(const struct uc_erofs *fs, const struct uc_erofs_data *d, const char *name,
		    size_t len, uint64_t *nid);
/* One entry of directory d at position *pos (0: the first), advancing *pos. 1: filled in, 0: the
 * end, -EUCLEAN. */
struct uc_erofs_entry { const char *name; size_t len; uint64_t nid; uint8_t dtype; /* DT_* */ };
int uc_erofs_readdir(const struct uc_erofs *fs, const struct uc_erofs_data *d, uint64_t *pos,
		     struct uc_erofs_entry *out);
/* Target of a symbolic link, not terminated. 0 or -EUCLEAN. */
int uc_erofs_link_text(const struct uc_erofs *fs, const struct uc_erofs_data *d, const char **text,
		       size_t *len);
/* Calls fn for each extended attribute of nid until it returns false. 0 or -EUCLEAN. */
struct uc_erofs_xattr {
	const char *prefix, *name;
	size_t name_len;
	const void *value;
	size_t value_len;
};
int uc_erofs_xattrs(const struct uc_erofs *fs, uint64_t nid,
		    bool (*fn)(void *ctx, const struct uc_erofs_xattr *x), void *ctx);
#endif
