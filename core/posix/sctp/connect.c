// SPDX-License-Identifier: BSD-3-Clause
/* Associations being made by this side. */
#include "sctp_private.h"
#include <uc/heap.h>
#include <uc/time.h>

#define POLL_STEP 20000000u

/* One-to-many: usrsctp says nothing when an association is there, so it is asked. */
static bool is_pending(struct sctp *k, sctp_assoc_t id)
{
	struct sctp_status st = { .sstat_assoc_id = id };
	socklen_t n = sizeof(st);

	if (sctp_is_stream(k))
		return uc_sctp_state(k->so) & UC_SCTP_CONNECTING;
	return usrsctp_getsockopt(k->so, IPPROTO_SCTP, SCTP_STATUS, &st, &n) == 0 &&
	       (st.sstat_state == SCTP_COOKIE_WAIT || st.sstat_state == SCTP_COOKIE_ECHOED);
}

static bool is_made(struct sctp *k, sctp_assoc_t id)
{
	struct sctp_status st = { .sstat_assoc_id = id };
	socklen_t n = sizeof(st);

	if (sctp_is_stream(k))
		return uc_sctp_state(k->so) & UC_SCTP_CONNECTED;
	return usrsctp_getsockopt(k->so, IPPROTO_SCTP, SCTP_STATUS, &st, &n) == 0;
}

static int wait_made(struct sctp *k, sctp_assoc_t id)
{
	uc_nsec deadline = uc_sock_deadline(k->s.sndtimeo);

	while (!sctp_failed(k) && is_pending(k, id)) {
		uc_nsec step = uc_time_mono() + POLL_STEP;
		int r = uc_sock_sleep(&k->q, sctp_is_stream(k) ? deadline : UC_MIN(deadline, step));

		if (r == -EAGAIN && uc_time_mono() < deadline)
			continue;
		if (r < 0)
			return r == -EAGAIN ? -EINPROGRESS : r;
	}
	if (k->s.err)
		return uc_sock_take_error(&k->s);
	return is_made(k, id) ? 0 : -ECONNREFUSED;
}

/* usrsctp would take a second attempt as the wish to end the first. */
static int check_idle(struct sctp *k, const struct sockaddr *a)
{
	unsigned state = uc_sctp_state(k->so);

	if (sctp_failed(k))
		return uc_sock_take_error(&k->s);
	if (!sctp_is_stream(k))
		return usrsctp_getassocid(k->so, (struct sockaddr *)a) ? -EISCONN : 0;
	if (k->listening || state & UC_SCTP_CONNECTED)
		return -EISCONN;
	return state & UC_SCTP_CONNECTING ? -EALREADY : 0;
}

int sctp_connect_one(struct uc_sock *s, const struct uc_sockaddr *a, unsigned len, bool nonblock)
{
	struct sctp *k = sctp_of(s);
	struct uc_sockaddr copy = *a;
	int n = sctp_check_address(k, a, len), r;

	if (n < 0)
		return n;
	r = check_idle(k, (struct sockaddr *)&copy);
	if (r < 0)
		return r;
	uc_sctp_addresses();
	sctp_set_buffers(k);
	if (usrsctp_connect(k->so, (struct sockaddr *)&copy, n) < 0 && errno != EINPROGRESS)
		return sctp_errno();
	if (nonblock)
		return uc_sctp_state(k->so) & UC_SCTP_CONNECTED ? 0 : -EINPROGRESS;
	return wait_made(k, usrsctp_getassocid(k->so, (struct sockaddr *)&copy));
}

int sctp_count_addresses(const void *addrs, unsigned size)
{
	const uint8_t *at = addrs;
	int n = 0;

	for (unsigned room; size; n++, at += room, size -= room) {
		uint16_t family;

		if (size < sizeof(family))
			return -EINVAL;
		memcpy(&family, at, sizeof(family));
		if (family != AF_INET && family != AF_INET6)
			return -EINVAL;
		room = family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
		if (size < room)
			return -EINVAL;
	}
	return n ? n : -EINVAL;
}

int sctp_connect_many(struct sctp *k, const struct sockaddr *addrs, unsigned size, bool nonblock)
{
	int n = sctp_count_addresses(addrs, size), r;
	sctp_assoc_t id = 0;

	r = n < 0 ? n : check_idle(k, addrs);
	if (r < 0)
		return r;
	uc_sctp_addresses();
	sctp_set_buffers(k);
	if (usrsctp_connectx(k->so, addrs, n, &id) < 0 && errno != EINPROGRESS)
		return sctp_errno();
	if (!id)
		id = usrsctp_getassocid(k->so, (struct sockaddr *)addrs);
	r = nonblock ? -EINPROGRESS : wait_made(k, id);
	return r < 0 ? r : (int)id;
}
