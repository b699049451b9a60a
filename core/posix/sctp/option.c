// SPDX-License-Identifier: BSD-3-Clause
/* Options whose value is the same in Linux and in usrsctp, and where the others go. */
#include "sctp_private.h"
#include "sys.h"

#define LEN_MAX 256u /* what the system call hands on */

static const struct {
	uint8_t lx, size; /* 0: it varies */
	uint16_t us;
} same[] = {
	{ LXO_RTOINFO, sizeof(struct sctp_rtoinfo), SCTP_RTOINFO },
	{ LXO_INITMSG, sizeof(struct sctp_initmsg), SCTP_INITMSG },
	{ LXO_NODELAY, 4, SCTP_NODELAY },
	{ LXO_AUTOCLOSE, 4, SCTP_AUTOCLOSE },
	{ LXO_ADAPTATION_LAYER, 4, SCTP_ADAPTATION_LAYER },
	{ LXO_DISABLE_FRAGMENTS, 4, SCTP_DISABLE_FRAGMENTS },
	{ LXO_I_WANT_MAPPED_V4_ADDR, 4, SCTP_I_WANT_MAPPED_V4_ADDR },
	{ LXO_CONTEXT, sizeof(struct sctp_assoc_value), SCTP_CONTEXT },
	{ LXO_FRAGMENT_INTERLEAVE, 4, SCTP_FRAGMENT_INTERLEAVE },
	{ LXO_PARTIAL_DELIVERY_POINT, 4, SCTP_PARTIAL_DELIVERY_POINT },
	{ LXO_AUTH_CHUNK, 1, SCTP_AUTH_CHUNK },
	{ LXO_HMAC_IDENT, 0, SCTP_HMAC_IDENT },
	{ LXO_AUTH_KEY, 0, SCTP_AUTH_KEY },
	{ LXO_AUTH_ACTIVE_KEY, 8, SCTP_AUTH_ACTIVE_KEY },
	{ LXO_AUTH_DELETE_KEY, 8, SCTP_AUTH_DELETE_KEY },
	{ LXO_AUTH_DEACTIVATE_KEY, 8, SCTP_AUTH_DEACTIVATE_KEY },
	{ LXO_GET_ASSOC_NUMBER, 4, SCTP_GET_ASSOC_NUMBER },
	{ LXO_GET_ASSOC_ID_LIST, 0, SCTP_GET_ASSOC_ID_LIST },
	{ LXO_AUTO_ASCONF, 4, SCTP_AUTO_ASCONF },
	{ LXO_REUSE_PORT, 4, SCTP_REUSE_PORT },
	{ LXO_PR_SUPPORTED, sizeof(struct sctp_assoc_value), SCTP_PR_SUPPORTED },
	{ LXO_RECONFIG_SUPPORTED, sizeof(struct sctp_assoc_value), SCTP_RECONFIG_SUPPORTED },
	{ LXO_ENABLE_STREAM_RESET, sizeof(struct sctp_assoc_value), SCTP_ENABLE_STREAM_RESET },
	{ LXO_RESET_STREAMS, 0, SCTP_RESET_STREAMS },
	{ LXO_RESET_ASSOC, 4, SCTP_RESET_ASSOC },
	{ LXO_ADD_STREAMS, sizeof(struct sctp_add_streams), SCTP_ADD_STREAMS },
	{ LXO_ASCONF_SUPPORTED, sizeof(struct sctp_assoc_value), SCTP_ASCONF_SUPPORTED },
	{ LXO_AUTH_SUPPORTED, sizeof(struct sctp_assoc_value), SCTP_AUTH_SUPPORTED },
	{ LXO_ECN_SUPPORTED, sizeof(struct sctp_assoc_value), SCTP_ECN_SUPPORTED },
};

static int find(int lx)
{
	for (unsigned i = 0; i < UC_ARRAY_SIZE(same); i++)
		if (same[i].lx == lx)
			return (int)i;
	return -ENOPROTOOPT;
}

static int get_same(struct sctp *k, int name, void *buf, unsigned *len)
{
	int i = find(name);
	socklen_t n;

	if (i < 0)
		return sctp_get_other(k, name, buf, len);
	if (*len < same[i].size)
		return -EINVAL;
	n = same[i].size ? same[i].size : *len;
	if (usrsctp_getsockopt(k->so, IPPROTO_SCTP, same[i].us, buf, &n) < 0)
		return sctp_errno();
	*len = n;
	return 0;
}

static int set_same(struct sctp *k, int name, const void *buf, unsigned len)
{
	int i = find(name);

	if (i < 0)
		return sctp_set_other(k, name, buf, len);
	if (len < same[i].size)
		return -EINVAL;
	if (!same[i].size && len >= LEN_MAX)
		return sctp_unsupported(-ENOMEM, "long value of option", name);
	if (usrsctp_setsockopt(k->so, IPPROTO_SCTP, same[i].us, buf,
			       same[i].size ? same[i].size : len) < 0)
		return sctp_errno();
	return 0;
}

/* ---- other levels ---- */
static int set_v6only(struct sctp *k, const void *buf, unsigned len)
{
	int on;

	if (len < sizeof(on))
		return -EINVAL;
	memcpy(&on, buf, sizeof(on));
	if (k->bound)
		return -EINVAL;
	k->v6only = on;
	uc_sctp_set_v6only(k->so, on);
	return 0;
}

int sctp_getsockopt(struct uc_sock *s, int level, int name, void *buf, unsigned *len)
{
	struct sctp *k = sctp_of(s);
	int on = k->v6only;

	if (level == IPPROTO_SCTP)
		return get_same(k, name, buf, len);
	if (level != IPPROTO_IPV6 || name != IPV6_V6ONLY || s->family != UC_AF_INET6)
		return -ENOPROTOOPT;
	*len = UC_MIN(*len, (unsigned)sizeof(on));
	memcpy(buf, &on, *len);
	return 0;
}

int sctp_setsockopt(struct uc_sock *s, int level, int name, const void *buf, unsigned len)
{
	struct sctp *k = sctp_of(s);

	if (level == IPPROTO_SCTP)
		return set_same(k, name, buf, len);
	if (level == IPPROTO_IPV6 && name == IPV6_V6ONLY && s->family == UC_AF_INET6)
		return set_v6only(k, buf, len);
	return -ENOPROTOOPT;
}
