// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_VCON_H
#define UC_VCON_H
#include <uc/bus.h>
#include <uc/console.h>

#define VCON_QUEUE   16u
#define VCON_RX_BUFS 9u

struct vcon_unit { uint32_t len; bool done; }; /* len: with the padding before it */
struct vcon_tx {
	struct uc_virtq *q;
	struct uc_defer room;
	uint8_t *buf;           /* ring of bytes; a unit never wraps */
	uint32_t cap, head, used;
	bool room_wanted;
	struct vcon_unit units[VCON_QUEUE]; /* in flight, oldest first */
	unsigned first, count;
};
struct vcon_rx_buf { uint8_t *p; uint32_t cap, off, len; };
struct vcon_rx {
	struct uc_virtq *q;
	struct vcon_rx_buf bufs[VCON_RX_BUFS];
	unsigned nbufs;
	struct vcon_rx_buf *held; /* taken from the queue, not yet wholly read */
};
struct vcon {
	struct uc_channel channel;
	struct vcon_tx tx;
	struct vcon_rx rx;
	struct uc_virtq *ctrl; /* NULL without multiport */
};

int vcon_send(struct uc_channel *c, const void *head, size_t nhead, const void *body, size_t n);
size_t vcon_unit(struct uc_channel *c, size_t want);
void vcon_notify_room(struct uc_channel *c);
void vcon_drain(struct uc_channel *c);
void vcon_tx_done(struct uc_virtq *q, void *arg);
void vcon_tx_room(void *vcon);

void vcon_recv(struct uc_channel *c, size_t (*take)(const uint8_t *p, size_t n));
void vcon_expect(struct uc_channel *c, size_t n);
void vcon_rx_done(struct uc_virtq *q, void *arg);
#endif
