// SPDX-License-Identifier: BSD-3-Clause
// sources: ../stream.c ../packet.c ../config.c ../../netdev/netdev.c ../../netdev/pool.c
/* Input: what the host's side writes, in pieces (length, bytes), as a stream or as packets; also
 * as the boot parameter. Every buffer comes back exactly once, and what a packet says of itself is
 * true. */
#include <asm/errno.h>
#include <stdlib.h>
#include <string.h>
#include <uc/frame.h>
#include <hnet.h>

#define PAGES 512u

static _Alignas(4096) uint8_t memory[PAGES][UC_PAGE_SIZE];
static uint8_t refs[PAGES];
static unsigned next_page, given_back;
static const uint8_t *input;
static size_t left;

static void check(bool ok)
{
	if (!ok)
		abort();
}

void *uc_phys_to_virt(uc_paddr pa)
{
	return (void *)pa;
}
uc_paddr uc_virt_to_phys(const void *va)
{
	return (uc_paddr)va;
}
uc_paddr uc_frame_alloc(void)
{
	if (next_page == PAGES)
		return UC_FRAME_NONE;
	refs[next_page] = 1;
	return (uc_paddr)memory[next_page++];
}
void uc_frame_ref(uc_paddr pa)
{
	refs[(pa - (uc_paddr)memory) / UC_PAGE_SIZE]++;
}
void uc_frame_unref(uc_paddr pa)
{
	check(refs[(pa - (uc_paddr)memory) / UC_PAGE_SIZE]-- > 0);
	given_back++;
}
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
void hnet_down(struct hnet *h)
{
	h->dev.up = false;
}

static void look_at(struct uc_pktbuf *b)
{
	uint32_t total = b->total, sum = 0;

	check(total >= HNET_FRAME_MIN && total <= HNET_SEGS * UC_PKTPOOL_ROOM);
	for (struct uc_pktbuf *s = b; s; s = s->next) {
		check(s->refs == 1 && s->data >= (uint8_t *)s &&
		      s->data + s->len <= (uint8_t *)s + UC_PKTPOOL_BYTES);
		sum += s->len;
	}
	check(sum == total);
	uc_pkt_unref(b);
}

static void receive(struct hnet *h)
{
	struct uc_pktbuf *out[8];
	unsigned got;

	do {
		got = h->stream ? hnet_stream_rx(&h->dev, 0, out, 8)
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
	struct hnet h = { .stream = n & 1, .pool.keep = 8, .dev.up = true, .in = in };
	unsigned prepared = 0;

	next_page = given_back = 0;
	input = p;
	left = n;
	receive(&h);
	for (unsigned i = 0; i < HNET_SEGS; i++)
		prepared += h.at[i] != NULL;
	check(h.pool.nfree + given_back + prepared == 2 * next_page);
	parameter(p, n);
	return 0;
}
