// SPDX-License-Identifier: BSD-3-Clause
// sources: ../copy.c ../stream.c ../packet.c ../config.c ../../netdev/netdev.c ../../netdev/pool.c
/* Input: what the host's side writes, in pieces (length, bytes), as a stream or as packets; also
 * as the boot parameter. Every buffer comes back exactly once, and what a packet says of itself is
 * true. */
#include <asm/errno.h>
#include "host.h"

static const uint8_t *input;
static size_t left;

int64_t uc_hostfd_readv(int fd, const struct uc_hostfd_iov *v, unsigned n)
{
	size_t want, got = 0;

	if (left < 2)
		return -EAGAIN;
	want = (size_t)(input[0] | input[1] << 8);
	want = want < left - 2 ? want : left - 2;
	input += 2;
	left -= 2;
	for (unsigned i = 0; i < n && got < want; i++) {
		size_t now = v[i].n < want - got ? v[i].n : want - got;

		memcpy(v[i].p, input + got, now);
		got += now;
	}
	input += want;
	left -= want;
	return (int64_t)got;
}
int64_t uc_hostfd_writev(int fd, const struct uc_hostfd_iov *v, unsigned n)
{
	return -EAGAIN;
}
void uc_hostfd_watch_events(struct uc_hostfd_watch *w, short events)
{
}
unsigned hnet_gather(const struct uc_pktbuf *b, struct uc_hostfd_iov *v)
{
	return 0;
}
void hnet_sent(struct hnet *h, struct uc_pktbuf *b, bool ok)
{
}
static void receive(struct hnet *h)
{
	struct uc_pktbuf *out[8];
	unsigned got;

	do {
		got = h->kind == HNET_STREAM ? hnet_stream_rx(&h->dev, 0, out, 8)
				: hnet_packet_rx(&h->dev, 0, out, 8);
		for (unsigned i = 0; i < got; i++)
			look_at(out[i]);
	} while (got && h->dev.up);
}

static void parameter(const uint8_t *p, size_t n)
{
	struct hnet_config c;
	char *text = malloc(n + 1);

	memcpy(text, p, n);
	text[n] = 0;
	if (hnet_config_parse(&c, text) == 0)
		check(c.fd >= UC_PROCFD_9P && c.mtu >= 576);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static uint8_t in[HNET_IN];
	struct hnet h = { .kind = n & 1 ? HNET_STREAM : HNET_PACKET,
			  .pool.keep = 8,
			  .dev.up = true,
			  .in = in };
	unsigned prepared = 0;

	next_page = given_back = 0;
	input = p;
	left = n;
	receive(&h);
	for (unsigned i = 0; i < HNET_SEGS; i++)
		prepared += h.at[i] != NULL;
	check_pool(&h, prepared);
	parameter(p, n);
	return 0;
}
