// SPDX-License-Identifier: BSD-3-Clause
#include <uc/netdev.h>

static struct uc_list devices = UC_LIST_INIT(devices);

void uc_pkt_unref(struct uc_pktbuf *b)
{
	while (b) {
		struct uc_pktbuf *next = b->next;

		uc_pktbuf_unref(b);
		b = next;
	}
}

void uc_netdev_add(struct uc_netdev *d)
{
	uc_list_push_back(&devices, &d->link);
}

struct uc_netdev *uc_netdev_next(struct uc_netdev *prev)
{
	struct uc_list *n = prev ? prev->link.next : devices.next;

	return n == &devices ? NULL : UC_LIST_ENTRY(n, struct uc_netdev, link);
}
