// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_P9_PROTO_H
#define UC_P9_PROTO_H
/*
 * 9P2000.L messages: encoding, and decoding of what an untrusted server sent. Pure.
 * Every decoder checks lengths against the buffer and returns 0 or -EPROTO; results are only
 * meaningful on 0. Little endian, as all supported machines.
 */
#include <uc/types.h>

enum p9_type { /* requests; the reply is the next number */
	       P9_LERROR = 6,
	       P9_STATFS = 8,
	       P9_LOPEN = 12,
	       P9_LCREATE = 14,
	       P9_SYMLINK = 16,
	       P9_MKNOD = 18,
	       P9_READLINK = 22,
	       P9_GETATTR = 24,
	       P9_SETATTR = 26,
	       P9_XATTRWALK = 30,
	       P9_XATTRCREATE = 32,
	       P9_READDIR = 40,
	       P9_FSYNC = 50,
	       P9_LINK = 70,
	       P9_MKDIR = 72,
	       P9_RENAMEAT = 74,
	       P9_UNLINKAT = 76,
	       P9_VERSION = 100,
	       P9_ATTACH = 104,
	       P9_WALK = 110,
	       P9_READ = 116,
	       P9_WRITE = 118,
	       P9_CLUNK = 120,
};
#define P9_NOTAG 0xffffu
#define P9_NOFID 0xffffffffu
#define P9_HDR   7u      /* size[4] type[1] tag[2] */
#define P9_READ_HDR 11u  /* of Rread and Rreaddir before the data; also the size of Rlerror */
#define P9_NAME_MAX 255u
#define P9_VERSION_STR "9P2000.L"
enum { P9_QT_DIR = 0x80, P9_QT_SYMLINK = 0x02 };

/* ---- encoding: puts past the capacity set `bad` and are dropped ---- */
struct p9_buf { uint8_t *p; uint32_t cap, at; bool bad; };
void p9_put8(struct p9_buf *b, uint8_t v);
void p9_put16(struct p9_buf *b, uint16_t v);
void p9_put32(struct p9_buf *b, uint32_t v);
void p9_put64(struct p9_buf *b, uint64_t v);
void p9_puts(struct p9_buf *b, const char *s, size_t n);
void p9_start(struct p9_buf *b, uint8_t *p, uint32_t cap, enum p9_type type, uint16_t tag);
/* Fills in the size, counting `more` bytes that follow the buffer. */
int p9_finish(struct p9_buf *b, uint32_t more);

/* ---- decoding: gets past the end set `bad` and return 0 ---- */
uint8_t p9_get8(struct p9_buf *b);
uint16_t p9_get16(struct p9_buf *b);
uint32_t p9_get32(struct p9_buf *b);
uint64_t p9_get64(struct p9_buf *b);
const char *p9_gets(struct p9_buf *b, uint16_t *n); /* not terminated; NULL if bad */

struct p9_qid { uint8_t type; uint32_t version; uint64_t path; };
struct p9_attr {
	uint64_t valid; struct p9_qid qid;
	uint32_t mode, uid, gid;
	uint64_t nlink, rdev, size, blksize, blocks;
	uint64_t atime, atime_ns, mtime, mtime_ns, ctime, ctime_ns, btime, btime_ns;
};
struct p9_statfs {
	uint32_t type, bsize;
	uint64_t blocks, bfree, bavail, files, ffree, fsid;
	uint32_t namelen;
};
struct p9_dirent {
	struct p9_qid qid;
	uint64_t next;
	uint8_t type;
	const char *name;
	uint16_t len;
};

/* Header of a reply of which `have` bytes were written, the first `cap` of them at p (data of a
 * read
 * follows elsewhere). Sets b up behind the header; *size: bytes of the whole reply, at most have.
 * 0, the server's -errno, -EPROTO. */
int p9_reply(struct p9_buf *b, uint8_t *p, uint32_t cap, uint32_t have, enum p9_type request,
	     uint16_t tag, uint32_t *size);
int p9_dec_version(struct p9_buf *b, uint32_t asked, uint32_t *msize);
int p9_dec_qid(struct p9_buf *b, struct p9_qid *q);
/* The walk must have gone `names` steps: -ENOENT if it went fewer. */
int p9_dec_walk(struct p9_buf *b, unsigned names, struct p9_qid *last);
int p9_dec_attr(struct p9_buf *b, struct p9_attr *a);
int p9_dec_statfs(struct p9_buf *b, struct p9_statfs *s);
/* Count of a read or write reply, at most `asked`. */
int p9_dec_count(struct p9_buf *b, uint32_t asked, uint32_t *count);
/* A link target: no NUL inside, at most cap bytes are copied. Length or -EPROTO. */
int p9_dec_readlink(struct p9_buf *b, char *out, size_t cap);
/* Next entry of directory data. 1, 0 at the end, -EPROTO (also for names with '/' or NUL, or
 * empty). */
int p9_dec_dirent(struct p9_buf *b, struct p9_dirent *e);
#endif
