// SPDX-License-Identifier: BSD-3-Clause
// sources: ../copy.c ../memif.c ../../netdev/netdev.c ../../netdev/pool.c
/* Input: where rings lie, then what a peer does to the memory between our bursts (place, bytes).
 * Nothing outside the memory is touched, and every buffer comes back exactly once. */
#include <asm/errno.h>
#include "host.h"

#define REGION 4096u
#define CHUNK  16u
#define FRAME  3000u /* in several of a ring's buffers */

static uint8_t *region[2];
static struct uc_memif_layout layout;
static unsigned sent;

int64_t uc_hostfd_readv(int fd, const struct uc_hostfd_iov *v, unsigned n)
{
	memcpy(v->p, &layout, sizeof(layout));
	return sizeof(layout);
}
int64_t uc_hostfd_writev(int fd, const struct uc_hostfd_iov *v, unsigned n)
{
	return 8;
}
void uc_hostfd_watch_events(struct uc_hostfd_watch *w, short events)
{
}
void *uc_hostfd_shared(int fd, uint64_t *bytes)
{
	*bytes = REGION;
	return region[fd & 1];
}
void uc_defer_raise(struct uc_defer *d)
{
	d->fn(d->arg);
}
void uc_timer_arm(struct uc_timer *t, uc_nsec deadline)
{
}
uc_nsec uc_time_mono(void)
{
	return 0;
}
void hnet_sent(struct hnet *h, struct uc_pktbuf *b, bool ok)
{
	sent++;
}

static void receive(struct hnet *h)
{
	struct uc_pktbuf *out[8];
	unsigned got = hnet_memif_rx(&h->dev, 0, out, 8);

	for (unsigned i = 0; i < got; i++)
		look_at(out[i]);
}

static void transmit(struct hnet *h)
{
	static uint8_t bytes[FRAME];
	struct uc_pktbuf rest = { .data = bytes, .len = FRAME - 60, .refs = 1 };
	struct uc_pktbuf b = { .next = &rest, .data = bytes, .len = 60, .total = FRAME, .refs = 1 };
	struct uc_pktbuf *const in[] = { &b, &b };
	unsigned before = sent;

	check(hnet_memif_tx(&h->dev, 0, in, 2) == sent - before);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct hnet h = { .kind = HNET_MEMIF, .pool.keep = 8, .dev.up = true };

	next_page = given_back = 0;
	if (n < sizeof(layout))
		return 0;
	memcpy(&layout, p, sizeof(layout));
	layout.nregions %= 3;
	for (unsigned i = 0; i < 2; i++) /* exactly as large as it is said to be */
		region[i] = calloc(1, REGION);
	p += sizeof(layout);
	n -= sizeof(layout);
	if (hnet_memif_init(&h) == 0) {
		for (; n >= 2 + CHUNK; p += 2 + CHUNK, n -= 2 + CHUNK) {
			unsigned at = (unsigned)(p[0] | p[1] << 8);

			memcpy(region[at >> 15] + at % (REGION - CHUNK), p + 2, CHUNK);
			receive(&h);
			transmit(&h);
			hnet_memif_ready(&h);
		}
	}
	check_pool(&h, 0);
	free(region[0]);
	free(region[1]);
	return 0;
}
