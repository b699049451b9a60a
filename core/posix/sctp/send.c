// SPDX-License-Identifier: BSD-3-Clause
/* Messages out; RFC 6458, 5. */
#include "sctp_private.h"
#include "sys.h"
#include <uc/heap.h>

static const struct {
	uint16_t lx, us;
} flags[] = { { LX_UNORDERED, SCTP_UNORDERED },
	      { LX_ADDR_OVER, SCTP_ADDR_OVER },
	      { LX_ABORT, SCTP_ABORT },
	      { LX_SACK_IMMEDIATELY, SCTP_SACK_IMMEDIATELY },
	      { LX_SENDALL, SCTP_SENDALL },
	      { LX_EOF, SCTP_EOF } };

unsigned sctp_flags_in(unsigned lx)
{
	unsigned us = 0;

	for (unsigned i = 0; i < UC_ARRAY_SIZE(flags); i++)
		us |= lx & flags[i].lx ? flags[i].us : 0;
	return us;
}

unsigned sctp_flags_out(unsigned us)
{
	unsigned lx = 0;

	for (unsigned i = 0; i < UC_ARRAY_SIZE(flags); i++)
		lx |= us & flags[i].us ? flags[i].lx : 0;
	return lx;
}

static uint16_t policy_in(unsigned lx)
{
	switch (lx & LX_PR_MASK) {
	case LX_PR_TTL:
		return SCTP_PR_SCTP_TTL;
	case LX_PR_RTX:
		return SCTP_PR_SCTP_RTX;
	case LX_PR_PRIO:
		return SCTP_PR_SCTP_BUF;
	default:
		return SCTP_PR_SCTP_NONE;
	}
}

/* ---- ancillary data ---- */
struct wish {
	struct sctp_sendv_spa info;
	struct sctp_initmsg init;
	bool has_init;
};

static void want_policy(struct wish *w, unsigned lx, uint32_t value)
{
	w->info.sendv_flags |= SCTP_SEND_PRINFO_VALID;
	w->info.sendv_prinfo.pr_policy = policy_in(lx);
	w->info.sendv_prinfo.pr_value = value;
}

static void want_info(struct wish *w, uint16_t sid, unsigned lx, uint32_t ppid, uint32_t context,
		      int32_t assoc)
{
	w->info.sendv_flags |= SCTP_SEND_SNDINFO_VALID;
	w->info.sendv_sndinfo = (struct sctp_sndinfo){ .snd_sid = sid,
						       .snd_flags = (uint16_t)sctp_flags_in(lx),
						       .snd_ppid = ppid,
						       .snd_context = context,
						       .snd_assoc_id = (sctp_assoc_t)assoc };
}

static int take(struct wish *w, int type, const uint8_t *data, size_t n)
{
	struct lx_sndrcvinfo old;
	struct sctp_sndinfo info;
	struct lx_prinfo pr;

	switch (type) {
	case LX_INIT:
		if (n < sizeof(w->init))
			return -EINVAL;
		memcpy(&w->init, data, sizeof(w->init));
		w->has_init = true;
		return 0;
	case LX_SNDRCV:
		if (n < sizeof(old))
			return -EINVAL;
		memcpy(&old, data, sizeof(old));
		want_info(w, old.stream, old.flags, old.ppid, old.context, old.assoc);
		if (old.timetolive)
			want_policy(w, old.flags & LX_PR_MASK ? old.flags : LX_PR_TTL,
				    old.timetolive);
		return 0;
	case LX_SNDINFO:
		if (n < sizeof(info))
			return -EINVAL;
		memcpy(&info, data, sizeof(info));
		want_info(w, info.snd_sid, info.snd_flags, info.snd_ppid, info.snd_context,
			  (int32_t)info.snd_assoc_id);
		return 0;
	case LX_PRINFO:
		if (n < sizeof(pr))
			return -EINVAL;
		memcpy(&pr, data, sizeof(pr));
		want_policy(w, pr.policy, pr.value);
		return 0;
	default:
		return sctp_unsupported(-EINVAL, "ancillary data", type);
	}
}

static int parse(const struct uc_msg *m, struct wish *w)
{
	for (size_t at = 0; m->control && at + sizeof(struct uc_cmsghdr) <= m->control_len;) {
		struct uc_cmsghdr h;
		int r = 0;

		memcpy(&h, m->control + at, sizeof(h));
		if (h.len < sizeof(h) || h.len > m->control_len - at)
			return -EINVAL;
		if (h.level == IPPROTO_SCTP)
			r = take(w, h.type, m->control + at + sizeof(h), h.len - sizeof(h));
		if (r < 0)
			return r;
		at += (h.len + 7) & ~7ull;
	}
	return 0;
}

/* ---- sending ---- */
static ssize_t send_now(struct sctp *k, const void *data, size_t n, struct sockaddr *to,
			struct wish *w)
{
	struct sctp_initmsg before;
	socklen_t room = sizeof(before);
	bool info = w->info.sendv_flags;
	ssize_t r;

	if (w->has_init) {
		usrsctp_getsockopt(k->so, IPPROTO_SCTP, SCTP_INITMSG, &before, &room);
		usrsctp_setsockopt(k->so, IPPROTO_SCTP, SCTP_INITMSG, &w->init, sizeof(w->init));
	}
	r = usrsctp_sendv(k->so, data, n, to, to != NULL, info ? &w->info : NULL,
			  info ? sizeof(w->info) : 0, info ? SCTP_SENDV_SPA : SCTP_SENDV_NOINFO, 0);
	if (r < 0)
		r = errno == ENOENT || errno == ENOTCONN ? -EPIPE : sctp_errno();
	if (w->has_init)
		usrsctp_setsockopt(k->so, IPPROTO_SCTP, SCTP_INITMSG, &before, sizeof(before));
	return r;
}

static ssize_t send_all(struct sctp *k, const struct uc_msg *m, const void *data, size_t n,
			struct sockaddr *to, struct wish *w)
{
	uc_nsec deadline = uc_sock_deadline(k->s.sndtimeo);

	for (;;) {
		ssize_t r;

		if (sctp_failed(k))
			return uc_sock_take_error(&k->s);
		r = send_now(k, data, n, to, w);
		if (r != -EAGAIN || m->flags & UC_MSG_DONTWAIT)
			return r;
		r = uc_sock_sleep(&k->q, deadline);
		if (r < 0)
			return r;
	}
}

ssize_t sctp_send(struct uc_sock *s, struct uc_msg *m)
{
	struct wish w = { .has_init = false };
	struct sctp *k = sctp_of(s);
	struct sockaddr *to = NULL;
	size_t n = m->it.left;
	uint8_t *data;
	ssize_t r = parse(m, &w);

	if (r < 0)
		return r;
	if (m->name && !(sctp_is_stream(k) && uc_sctp_state(k->so) & UC_SCTP_CONNECTED)) {
		r = sctp_check_address(k, m->name, m->name_len);
		to = (struct sockaddr *)m->name;
	}
	if (r < 0)
		return r;
	if (n > s->sndbuf)
		return -EMSGSIZE;
	sctp_set_buffers(k);
	data = uc_heap_alloc(UC_MAX(n, (size_t)1));
	if (!data)
		return -ENOBUFS;
	r = n && uc_iter_get(&m->it, data, n) != (ssize_t)n ? -EFAULT
							    : send_all(k, m, data, n, to, &w);
	uc_heap_free(data);
	return r;
}
