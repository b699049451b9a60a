// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_P9_CLIENT_H
#define UC_P9_CLIENT_H
/* Exchanges with a 9P server. Functions named after a message send it and wait for the reply;
 * they return 0 (or a count) or -errno. Context: thread; uninterruptible, as disk I/O. */
#include <uc/virtio_9p.h>
#include "p9_proto.h"

struct p9_client {
	struct uc_p9_chan *ch;
	uint32_t msize,
		data_max; /* data_max: bytes in one read or write, a multiple of the page size */
	uint64_t tags;             /* bit set: in use */
	struct uc_waitq tag_wait;
	uint32_t *fid_map, fid_words; /* bit set: in use */
};

/* Memory for data of a read or write: pages (page cache) or one piece, given as physical ranges. */
struct p9_data { struct uc_vq_buf *bufs; unsigned n; uint32_t len; };

int p9_connect(struct p9_client *c, const char *tag, uint32_t data_max);
void p9_disconnect(struct p9_client *c);
int p9_fid_alloc(struct p9_client *c, uint32_t *fid); /* 0 or -ENOMEM */
void p9_fid_free(struct p9_client *c, uint32_t fid);  /* one that the server does not know */

int p9_version(struct p9_client *c); /* settles c->msize */
int p9_attach(struct p9_client *c, uint32_t fid, struct p9_qid *q);
/* New fid for the child `name` of dir (len 0: for dir itself). */
int p9_walk(struct p9_client *c, uint32_t dir, const char *name, size_t len, uint32_t *fid,
	    struct p9_qid *q);
/* Gives the fid up without waiting. */
void p9_clunk(struct p9_client *c, uint32_t fid);
int p9_clunk_wait(struct p9_client *c, uint32_t fid);
int p9_lopen(struct p9_client *c, uint32_t fid, uint32_t flags);
int p9_lcreate(struct p9_client *c, uint32_t dirfid, const char *name, size_t len, uint32_t flags,
	       uint32_t mode, uint32_t gid);
int p9_getattr(struct p9_client *c, uint32_t fid, struct p9_attr *a);
struct p9_setattr {
	uint32_t valid, mode, uid, gid;
	uint64_t size, atime, atime_ns, mtime, mtime_ns;
};
int p9_setattr(struct p9_client *c, uint32_t fid, const struct p9_setattr *s);
int p9_statfs(struct p9_client *c, uint32_t fid, struct p9_statfs *s);
/* Bytes moved (0: end of file). data->len <= c->data_max. */
int64_t p9_read(struct p9_client *c, uint32_t fid, uint64_t off, const struct p9_data *data);
int64_t p9_write(struct p9_client *c, uint32_t fid, uint64_t off, const struct p9_data *data);
/* Raw entries at buf (kernel memory); bytes. */
int64_t p9_readdir(struct p9_client *c, uint32_t fid, uint64_t off, void *buf, uint32_t n);
int p9_fsync(struct p9_client *c, uint32_t fid, bool datasync);
int p9_mkdir(struct p9_client *c, uint32_t dir, const char *name, size_t len, uint32_t mode,
	     uint32_t gid);
int p9_mknod(struct p9_client *c, uint32_t dir, const char *name, size_t len, uint32_t mode,
	     uint32_t major, uint32_t minor, uint32_t gid);
int p9_symlink(struct p9_client *c, uint32_t dir, const char *name, size_t len, const char *target,
	       uint32_t gid);
int p9_link(struct p9_client *c, uint32_t dir, uint32_t fid, const char *name, size_t len);
int p9_renameat(struct p9_client *c, uint32_t od, const char *on, size_t ol, uint32_t nd,
		const char *nn, size_t nl);
int p9_unlinkat(struct p9_client *c, uint32_t dir, const char *name, size_t len, bool isdir);
int p9_readlink(struct p9_client *c, uint32_t fid, char *buf, size_t cap);
int p9_xattrwalk(struct p9_client *c, uint32_t fid, const char *name, uint32_t *newfid,
		 uint64_t *size);
int p9_xattrcreate(struct p9_client *c, uint32_t fid, const char *name, uint64_t size,
		   uint32_t flags);

/* ---- inside: one exchange ---- */
struct p9_req {
	struct p9_client *c;
	uint8_t *mem;              /* heap: request, then reply */
	uint32_t tx_cap, rx_cap;
	enum p9_type type;
	uint16_t tag;
	uint32_t size;             /* of the reply */
	struct p9_buf b;           /* to encode into, then to decode from */
	const struct p9_data *out, *in;
};
int p9_req_begin(struct p9_req *r, struct p9_client *c, enum p9_type type, uint32_t tx,
		 uint32_t rx);
int p9_req_send(struct p9_req *r); /* 0: r->b is behind the reply's header */
void p9_req_end(struct p9_req *r);
#endif
