// SPDX-License-Identifier: BSD-3-Clause
#include <uc/string.h>
#include "hnet.h"

/* A buffer more at *link. */
static struct uc_pktbuf *grow(struct hnet *h, struct uc_pktbuf **link)
{
	struct uc_pktbuf *b = uc_pktpool_take(&h->pool);

	if (b) {
		uc_pktpool_fill(b, 0, 0);
		*link = b;
	}
	return b;
}

/* NULL: no memory, or no bytes. */
static struct uc_pktbuf *copy(struct hnet *h, const struct uc_hostfd_iov *v, unsigned n)
{
	struct uc_pktbuf *head = NULL, *b = NULL;
	uint32_t total = 0;

	for (unsigned i = 0; i < n; i++) {
		for (size_t done = 0, now; done < v[i].n; done += now) {
			if (!b || b->len == UC_PKTPOOL_ROOM)
				b = grow(h, b ? &b->next : &head);
			if (!b) {
				uc_pkt_unref(head);
				return NULL;
			}
			now = UC_MIN(v[i].n - done, (size_t)(UC_PKTPOOL_ROOM - b->len));
			memcpy(b->data + b->len, (const uint8_t *)v[i].p + done, now);
			b->len += (uint32_t)now;
			total += (uint32_t)now;
		}
	}
	if (head)
		head->total = total;
	return head;
}

struct uc_pktbuf *hnet_received(struct hnet *h, const struct uc_hostfd_iov *v, unsigned n)
{
	struct uc_pktbuf *b = copy(h, v, n);

	if (b) {
		h->dev.st.rx_packets++;
		h->dev.st.rx_bytes += b->total;
	} else {
		h->dev.st.rx_dropped++;
	}
	return b;
}
