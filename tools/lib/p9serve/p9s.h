// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_P9S_H
#define UNICORE_P9S_H
/* State of a session and its parts, shared by the files of this library only. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <unicore/p9serve.h>

enum p9s_type { /* requests; the reply is the next number */
		P9S_LERROR = 6,
		P9S_STATFS = 8,
		P9S_LOPEN = 12,
		P9S_LCREATE = 14,
		P9S_SYMLINK = 16,
		P9S_MKNOD = 18,
		P9S_RENAME = 20,
		P9S_READLINK = 22,
		P9S_GETATTR = 24,
		P9S_SETATTR = 26,
		P9S_XATTRWALK = 30,
		P9S_XATTRCREATE = 32,
		P9S_READDIR = 40,
		P9S_FSYNC = 50,
		P9S_LOCK = 52,
		P9S_GETLOCK = 54,
		P9S_LINK = 70,
		P9S_MKDIR = 72,
		P9S_RENAMEAT = 74,
		P9S_UNLINKAT = 76,
		P9S_VERSION = 100,
		P9S_ATTACH = 104,
		P9S_FLUSH = 108,
		P9S_WALK = 110,
		P9S_READ = 116,
		P9S_WRITE = 118,
		P9S_CLUNK = 120,
		P9S_REMOVE = 122,
		P9S_TYPES = 128,
};
#define P9S_HDR      7u  /* size[4] type[1] tag[2] */
#define P9S_READ_HDR 11u /* of Rread and Rreaddir before the data; also the size of Rlerror */
#define P9S_NAME_MAX 255u
#define P9S_NOFID    0xffffffffu
#define P9S_QID      13u

/* ---- messages (wire.c): reads past the end set bad and give 0, writes past it set bad ---- */
struct p9s_in {
	const uint8_t *p;
	size_t n, at;
	bool bad;
};
struct p9s_out {
	uint8_t *p;
	size_t cap, at;
	bool bad;
};
uint8_t p9s_get8(struct p9s_in *in);
uint16_t p9s_get16(struct p9s_in *in);
uint32_t p9s_get32(struct p9s_in *in);
uint64_t p9s_get64(struct p9s_in *in);
/* Text, not terminated, in the message. NULL if bad. */
const char *p9s_gets(struct p9s_in *in, uint16_t *n);
/* Text as a C string. False (and bad) if it holds a NUL or does not fit. */
bool p9s_get_cstr(struct p9s_in *in, char *out, size_t cap);
/* A name in a directory. 0; -EPROTO: the message is malformed; -ENOENT, -EINVAL, -ENAMETOOLONG: it
 * is no name. "." and ".." are -EINVAL. */
int p9s_get_name(struct p9s_in *in, char name[P9S_NAME_MAX + 1]);
/* 0 if everything was read and nothing was missing, else -EPROTO. */
int p9s_in_end(const struct p9s_in *in);
void p9s_put8(struct p9s_out *o, uint8_t v);
void p9s_put16(struct p9s_out *o, uint16_t v);
void p9s_put32(struct p9s_out *o, uint32_t v);
void p9s_put64(struct p9s_out *o, uint64_t v);
void p9s_puts(struct p9s_out *o, const char *s, size_t n);

/* ---- files that the client knows (fid.c) ---- */
struct p9s_node { /* a file, as some walk found it */
	int fd;   /* O_PATH */
	unsigned refs;
	mode_t type;             /* S_IFMT bits: never change */
	struct p9s_node *parent; /* NULL: the root */
	char name[];
};
enum p9s_kind { P9S_FILE, P9S_XATTR_READ, P9S_XATTR_WRITE };
struct p9s_xattr {
	uint32_t size, done;
	int flags;
	char name[P9S_NAME_MAX + 1];
	uint8_t value[];
};
struct p9s_fid {
	uint32_t id;
	enum p9s_kind kind;
	int io;       /* open for I/O, or -1 */
	bool rd, wr;  /* what io is open for */
	uint32_t uid; /* of the user who attached */
	struct p9s_node *node;
	struct p9s_xattr *xattr; /* kinds P9S_XATTR_* */
	struct p9s_fid *next;
};
struct uc_p9s {
	int root_fd;
	bool ro;
	uint32_t msize; /* 0: no version yet */
	dev_t root_dev;
	dev_t devs[15]; /* file systems mounted below, as met: qid.c */
	unsigned ndevs;
	struct p9s_fid **bucket;
	uint32_t nbuckets, nfids;
	size_t xattr_bytes;
};
/* A node for the child; takes fd, also on failure. NULL: no memory. */
struct p9s_node *p9s_node_new(struct p9s_node *parent, int fd, mode_t mode, const char *name);
void p9s_node_put(struct p9s_node *n);
struct p9s_fid *p9s_fid_find(struct uc_p9s *s, uint32_t id);
/* The fid, which must name a file (not an attribute). 0, -EBADF. */
int p9s_fid_file(struct uc_p9s *s, uint32_t id, struct p9s_fid **f);
/* The same, and it must be a directory. 0, -EBADF, -ENOTDIR. */
int p9s_fid_dir(struct uc_p9s *s, uint32_t id, struct p9s_fid **f);
/* The same as p9s_fid_file, and open. */
int p9s_fid_open(struct uc_p9s *s, uint32_t id, struct p9s_fid **f);
/* A fid for the node, taking a reference of its own. 0, -EBADF (in use), -EMFILE, -ENOMEM. */
int p9s_fid_new(struct uc_p9s *s, uint32_t id, struct p9s_node *n, uint32_t uid,
		struct p9s_fid **f);
/* Ends a fid without further effect. */
void p9s_fid_drop(struct uc_p9s *s, struct p9s_fid *f);
void p9s_fid_drop_all(struct uc_p9s *s);

/* ---- inode numbers (qid.c) ---- */
/* One number for each file: st_ino, made unique over the file systems below the folder. */
uint64_t p9s_qid_path(struct uc_p9s *s, dev_t dev, ino_t ino);
void p9s_put_qid(struct uc_p9s *s, struct p9s_out *o, const struct stat *st);

/* ---- helpers ---- */
/* The path "/proc/self/fd/N": leads to the node's file itself, wherever it is now. */
const char *p9s_fd_path(int fd, char buf[32]);
/* O_PATH descriptor of the child `name`; symbolic links are not followed. fd or -errno. */
int p9s_open_child(int dir, const char *name);
/* Owner (where permitted) and mode of something just made. 0 or -errno. */
int p9s_set_owner(int dir, const char *name, uint32_t uid, uint32_t gid);
/* Linux open flags as the protocol numbers them, as the host's. -1: not valid. */
int p9s_open_flags(uint32_t wire);

/* ---- the messages: decode, check, act, encode. 0 or -errno (the reply is Rlerror then) ---- */
typedef int p9s_handler(struct uc_p9s *s, struct p9s_in *in, struct p9s_out *out);
p9s_handler p9s_version, p9s_attach, p9s_flush, p9s_walk, p9s_clunk; /* session.c */
p9s_handler p9s_lopen, p9s_lcreate, p9s_read, p9s_write, p9s_readdir, p9s_fsync;
p9s_handler p9s_symlink, p9s_mknod, p9s_mkdir, p9s_link, p9s_rename, p9s_renameat, p9s_unlinkat,
	p9s_remove, p9s_readlink;                 /* names.c */
p9s_handler p9s_getattr, p9s_setattr, p9s_statfs; /* attr.c */
p9s_handler p9s_xattrwalk, p9s_xattrcreate;       /* xattr.c */
p9s_handler p9s_lock, p9s_getlock;                /* lock.c */
/* xattr.c: reading, writing and giving up such a fid. */
int p9s_xattr_read(struct p9s_fid *f, uint64_t off, uint32_t count, struct p9s_out *out);
int p9s_xattr_write(struct p9s_fid *f, uint64_t off, const uint8_t *p, uint32_t n);
int p9s_xattr_commit(struct p9s_fid *f);
void p9s_xattr_free(struct uc_p9s *s, struct p9s_fid *f);

#endif
