// SPDX-License-Identifier: BSD-3-Clause
/* sock_diag(7): sockets of AF_UNIX. */
#include "netlink_private.h"
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <uc/sockview.h>
#include <uc/string.h>

struct unix_dump {
	struct nl_out *o;
	const struct unix_diag_req *q;
	bool exact, found;
};

static void put_attributes(const struct unix_dump *d, const struct uc_sockview *v)
{
	uint32_t show = d->q->udiag_show, m[SK_MEMINFO_VARS] = { 0 };
	struct unix_diag_rqlen queue;
	struct uc_unix_view own;

	uc_unix_view(v->s, &own);
	queue = (struct unix_diag_rqlen){ own.in, own.out };
	if (show & UDIAG_SHOW_NAME && v->len[0] > 2)
		nl_attr(d->o, UNIX_DIAG_NAME, v->name[0].data, v->len[0] - 2);
	if (show & UDIAG_SHOW_PEER && own.peer_ino)
		nl_attr_u32(d->o, UNIX_DIAG_PEER, (uint32_t)own.peer_ino);
	if (show & UDIAG_SHOW_RQLEN)
		nl_attr(d->o, UNIX_DIAG_RQLEN, &queue, sizeof(queue));
	if (show & UDIAG_SHOW_MEMINFO) {
		m[SK_MEMINFO_RCVBUF] = v->s->rcvbuf;
		m[SK_MEMINFO_SNDBUF] = v->s->sndbuf;
		nl_attr(d->o, UNIX_DIAG_MEMINFO, m, sizeof(m));
	}
	nl_attr_u8(d->o, UNIX_DIAG_SHUTDOWN, own.shutdown);
	if (show & UDIAG_SHOW_UID)
		nl_attr_u32(d->o, UNIX_DIAG_UID, v->uid);
}

static bool show(void *ctx, const struct uc_sockview *v)
{
	struct unix_diag_msg *m;
	struct unix_dump *d = ctx;

	if (d->exact ? v->ino != d->q->udiag_ino : !(d->q->udiag_states >> v->state & 1))
		return true;
	m = nl_begin(d->o, SOCK_DIAG_BY_FAMILY, sizeof(*m));
	if (!m)
		return false;
	m->udiag_family = UC_AF_UNIX;
	m->udiag_type = (uint8_t)v->s->type;
	m->udiag_state = (uint8_t)v->state;
	m->udiag_ino = (uint32_t)v->ino;
	m->udiag_cookie[0] = (uint32_t)v->ino; /* SO_COOKIE */
	m->udiag_cookie[1] = (uint32_t)(v->ino >> 32);
	put_attributes(d, v);
	d->found = true;
	return !d->exact && !d->o->failed;
}

int nl_diag_unix(struct nl_request *r, struct nl_out *o)
{
	struct unix_dump d = { .o = o, .q = r->body, .exact = !r->dump };

	if (r->body_len < sizeof(*d.q) || (d.exact && !d.q->udiag_ino))
		return -EINVAL;
	uc_sockview_each(UC_AF_UNIX, 0, 0, show, &d);
	return d.exact && !d.found ? -ENOENT : 0;
}
