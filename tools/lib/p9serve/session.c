// SPDX-License-Identifier: BSD-3-Clause
/* The session: version, attach, walk, clunk; and which function answers which message. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "p9s.h"

#define VERSION  "9P2000.L"
#define WALK_MAX 16u

struct uc_p9s *uc_p9s_new(int root_fd, bool ro)
{
	struct uc_p9s *s = calloc(1, sizeof(*s));
	struct stat st;

	if (!s)
		return NULL;
	s->root_fd = root_fd;
	s->ro = ro;
	if (fstat(root_fd, &st) == 0)
		s->root_dev = st.st_dev;
	return s;
}

void uc_p9s_free(struct uc_p9s *s)
{
	if (!s)
		return;
	p9s_fid_drop_all(s);
	free(s->bucket);
	close(s->root_fd);
	free(s);
}

/* Starts the session anew: every fid is gone. */
int p9s_version(struct uc_p9s *s, struct p9s_in *in, struct p9s_out *out)
{
	uint32_t msize = p9s_get32(in);
	uint16_t n;
	const char *v = p9s_gets(in, &n);

	if (p9s_in_end(in))
		return -EPROTO;
	p9s_fid_drop_all(s);
	s->msize = 0;
	if (msize < UC_P9S_MSIZE_MIN)
		return -EMSGSIZE;
	bool ours = n == sizeof(VERSION) - 1 && !memcmp(v, VERSION, n);
	msize = msize < UC_P9S_MSIZE ? msize : UC_P9S_MSIZE;
	if (ours)
		s->msize = msize;
	p9s_put32(out, msize);
	p9s_puts(out, ours ? VERSION : "unknown", ours ? sizeof(VERSION) - 1 : 7);
	return 0;
}

int p9s_attach(struct uc_p9s *s, struct p9s_in *in, struct p9s_out *out)
{
	uint32_t id = p9s_get32(in), afid = p9s_get32(in), uid;
	struct p9s_fid *f;
	struct stat st;
	uint16_t n;

	p9s_gets(in, &n); /* user name */
	p9s_gets(in, &n); /* tree: there is one */
	uid = p9s_get32(in);
	if (p9s_in_end(in))
		return -EPROTO;
	if (afid != P9S_NOFID)
		return -EINVAL;
	int fd = openat(s->root_fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0) {
		close(fd);
		return -EIO;
	}
	struct p9s_node *root = p9s_node_new(NULL, fd, st.st_mode, "");
	if (!root)
		return -ENOMEM;
	int e = p9s_fid_new(s, id, root, uid, &f);
	p9s_node_put(root);
	if (!e)
		p9s_put_qid(s, out, &st);
	return e;
}

/* Everything before it has been answered already. */
int p9s_flush(struct uc_p9s *s, struct p9s_in *in, struct p9s_out *out)
{
	(void)s;
	(void)out;
	p9s_get16(in);
	return p9s_in_end(in);
}

/* ---- walk ---- */

/* "..": the directory through which this one was reached, and never above the root. */
static struct p9s_node *step_up(struct p9s_node *n)
{
	struct p9s_node *up = n->parent ? n->parent : n;

	up->refs++;
	return up;
}

static int step(struct p9s_node *n, const char *name, struct p9s_node **out)
{
	struct stat st;

	if (n->type != S_IFDIR)
		return -ENOTDIR;
	if (!strcmp(name, "..")) {
		*out = step_up(n);
		return 0;
	}
	int fd = p9s_open_child(n->fd, name);
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0) {
		close(fd);
		return -EIO;
	}
	*out = p9s_node_new(n, fd, st.st_mode, name);
	return *out ? 0 : -ENOMEM;
}

/* One name of the message; "." is nobody's name here. */
static int next_name(struct p9s_in *in, char name[P9S_NAME_MAX + 1])
{
	int e = p9s_get_name(in, name);

	return e == -EINVAL && !strcmp(name, "..") ? 0 : e;
}

/* Goes as far as it can: the number of steps (0 with an error in *err, or -EPROTO). *at is the last
 * file reached, with a reference. */
static int walk(struct uc_p9s *s, struct p9s_in *in, unsigned names, struct p9s_node **at,
		struct p9s_out *out, int *err)
{
	char name[P9S_NAME_MAX + 1];
	struct p9s_node *next;
	struct stat st;
	unsigned i;

	for (i = 0; i < names && !*err; i++) {
		*err = next_name(in, name);
		if (*err == -EPROTO)
			return -EPROTO;
		if (!*err)
			*err = step(*at, name, &next);
		if (*err)
			break;
		p9s_node_put(*at);
		*at = next;
		*err = fstat(next->fd, &st) < 0 ? -errno : 0;
		p9s_put_qid(s, out, &st);
	}
	return (int)i;
}

/* Gives the destination to the new fid, or moves the fid there if it is the same one. */
static int land(struct uc_p9s *s, struct p9s_fid *from, uint32_t to, struct p9s_node *n)
{
	struct p9s_fid *f;

	if (to != from->id)
		return p9s_fid_new(s, to, n, from->uid, &f);
	if (from->io >= 0)
		return -EBUSY;
	n->refs++;
	p9s_node_put(from->node);
	from->node = n;
	return 0;
}

int p9s_walk(struct uc_p9s *s, struct p9s_in *in, struct p9s_out *out)
{
	uint32_t id = p9s_get32(in), to = p9s_get32(in);
	unsigned names = p9s_get16(in);
	struct p9s_fid *from;
	int err = 0;

	if (in->bad || names > WALK_MAX)
		return -EPROTO;
	int e = p9s_fid_file(s, id, &from);
	if (e)
		return e;
	struct p9s_node *at = from->node;
	at->refs++;
	p9s_put16(out, (uint16_t)names);
	int done = walk(s, in, names, &at, out, &err);
	if (done == (int)names)
		e = p9s_in_end(in) ? -EPROTO : land(s, from, to, at);
	else
		e = done < 0 ? done : done ? 0 : err;
	out->p[P9S_HDR] = (uint8_t)(done > 0 ? done : 0);
	p9s_node_put(at);
	return e;
}

int p9s_clunk(struct uc_p9s *s, struct p9s_in *in, struct p9s_out *out)
{
	struct p9s_fid *f = p9s_fid_find(s, p9s_get32(in));
	int e = p9s_in_end(in);

	(void)out;
	if (e)
		return e;
	if (!f)
		return -EBADF;
	if (f->kind == P9S_XATTR_WRITE)
		e = p9s_xattr_commit(f);
	p9s_fid_drop(s, f);
	return e;
}

/* ---- dispatch ---- */

static p9s_handler *const handlers[P9S_TYPES] = {
	[P9S_STATFS] = p9s_statfs,
	[P9S_LOPEN] = p9s_lopen,
	[P9S_LCREATE] = p9s_lcreate,
	[P9S_SYMLINK] = p9s_symlink,
	[P9S_MKNOD] = p9s_mknod,
	[P9S_RENAME] = p9s_rename,
	[P9S_READLINK] = p9s_readlink,
	[P9S_GETATTR] = p9s_getattr,
	[P9S_SETATTR] = p9s_setattr,
	[P9S_XATTRWALK] = p9s_xattrwalk,
	[P9S_XATTRCREATE] = p9s_xattrcreate,
	[P9S_READDIR] = p9s_readdir,
	[P9S_FSYNC] = p9s_fsync,
	[P9S_LOCK] = p9s_lock,
	[P9S_GETLOCK] = p9s_getlock,
	[P9S_LINK] = p9s_link,
	[P9S_MKDIR] = p9s_mkdir,
	[P9S_RENAMEAT] = p9s_renameat,
	[P9S_UNLINKAT] = p9s_unlinkat,
	[P9S_VERSION] = p9s_version,
	[P9S_ATTACH] = p9s_attach,
	[P9S_FLUSH] = p9s_flush,
	[P9S_WALK] = p9s_walk,
	[P9S_READ] = p9s_read,
	[P9S_WRITE] = p9s_write,
	[P9S_CLUNK] = p9s_clunk,
	[P9S_REMOVE] = p9s_remove,
};

static int dispatch(struct uc_p9s *s, unsigned type, struct p9s_in *in, struct p9s_out *out)
{
	p9s_handler *h = type < P9S_TYPES ? handlers[type] : NULL;

	if (!h)
		return -EOPNOTSUPP; /* clients then try an older message */
	if (!s->msize && type != P9S_VERSION)
		return -EPROTO;
	int e = h(s, in, out);
	return e ? e : out->bad ? -EMSGSIZE : 0;
}

int uc_p9s_answer(struct uc_p9s *s, const uint8_t *req, size_t n, uint8_t *reply)
{
	struct p9s_in in = { .p = req, .n = n };
	uint32_t size = p9s_get32(&in);
	uint8_t type = p9s_get8(&in);
	uint16_t tag = p9s_get16(&in);
	uint32_t room = s->msize ? s->msize : UC_P9S_MSIZE_MIN;

	if (in.bad || size != n || (n > room && type != P9S_VERSION))
		return -EPROTO;
	struct p9s_out out = { .p = reply, .cap = room, .at = P9S_HDR };
	int e = dispatch(s, type, &in, &out);
	if (e) {
		type = P9S_LERROR;
		out = (struct p9s_out){ .p = reply, .cap = room, .at = P9S_HDR };
		p9s_put32(&out, (uint32_t)-e);
	}
	size = (uint32_t)out.at;
	out.at = 0;
	p9s_put32(&out, size);
	p9s_put8(&out, type + 1);
	p9s_put16(&out, tag);
	return (int)size;
}
