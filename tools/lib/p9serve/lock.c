// SPDX-License-Identifier: BSD-3-Clause
/* Record locks, held by the open file behind the fid. A client that must wait asks again. */
#include <errno.h>
#include <fcntl.h>

#include "p9s.h"

enum { WIRE_RDLCK, WIRE_WRLCK, WIRE_UNLCK };
enum { STATUS_OK, STATUS_BLOCKED, STATUS_ERROR };

struct request {
	uint32_t fid;
	uint8_t type;
	uint32_t flags; /* not in getlock */
	uint64_t start, length;
	uint32_t proc;
	const char *client;
	uint16_t client_len;
};

static int decode(struct p9s_in *in, bool with_flags, struct request *r)
{
	r->fid = p9s_get32(in);
	r->type = p9s_get8(in);
	r->flags = with_flags ? p9s_get32(in) : 0;
	r->start = p9s_get64(in);
	r->length = p9s_get64(in);
	r->proc = p9s_get32(in);
	r->client = p9s_gets(in, &r->client_len);
	return p9s_in_end(in);
}

static int to_flock(const struct request *r, struct flock *l)
{
	static const short types[] = { F_RDLCK, F_WRLCK, F_UNLCK };

	if (r->type > WIRE_UNLCK || r->start > INT64_MAX || r->length > INT64_MAX)
		return -EINVAL;
	*l = (struct flock){ .l_type = types[r->type],
			     .l_whence = SEEK_SET,
			     .l_start = (off_t)r->start,
			     .l_len = (off_t)r->length };
	return 0;
}

int p9s_lock(struct uc_p9s *s, struct p9s_in *in, struct p9s_out *out)
{
	struct p9s_fid *f;
	struct request r;
	struct flock l;

	if (decode(in, true, &r))
		return -EPROTO;
	int e = p9s_fid_open(s, r.fid, &f);
	if (!e)
		e = to_flock(&r, &l);
	if (e)
		return e;
	int status = STATUS_OK;
	if (fcntl(f->io, F_OFD_SETLK, &l) < 0)
		status = errno == EAGAIN || errno == EACCES ? STATUS_BLOCKED : STATUS_ERROR;
	p9s_put8(out, (uint8_t)status);
	return 0;
}

int p9s_getlock(struct uc_p9s *s, struct p9s_in *in, struct p9s_out *out)
{
	struct p9s_fid *f;
	struct request r;
	struct flock l;

	if (decode(in, false, &r))
		return -EPROTO;
	int e = p9s_fid_open(s, r.fid, &f);
	if (!e)
		e = r.type == WIRE_UNLCK ? -EINVAL : to_flock(&r, &l);
	if (e)
		return e;
	if (fcntl(f->io, F_OFD_GETLK, &l) < 0)
		return -errno;
	p9s_put8(out, l.l_type == F_UNLCK   ? WIRE_UNLCK
		      : l.l_type == F_WRLCK ? WIRE_WRLCK
					    : WIRE_RDLCK);
	p9s_put64(out, (uint64_t)l.l_start);
	p9s_put64(out, (uint64_t)l.l_len);
	p9s_put32(out, r.proc);
	p9s_puts(out, r.client, r.client_len);
	return 0;
}
