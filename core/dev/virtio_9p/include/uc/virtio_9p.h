// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_VIRTIO_9P_H
#define UC_VIRTIO_9P_H
/* The transport of 9P messages to the host: one virtqueue for each exported folder (Virtio "9P
 * transport", device 9). Knows nothing of the messages. Context: thread unless stated. */
#include <uc/bus.h>
#include <uc/list.h>

#define UC_P9_MAX_BUFS 20u
#define UC_P9_TRANSPORT "virtio" /* as in the mount option trans= */

struct uc_p9_chan;
/* One exchange. Buffers stay the device's from start to completion. */
struct uc_p9_call {
	struct uc_vq_buf bufs[UC_P9_MAX_BUFS]; /* nout to the host, then nin from it */
	unsigned nout, nin;
	void (*complete)(struct uc_p9_call *c); /* deferred work: must not block; may free c */
	uint32_t written;  /* bytes from the host, at most what nin holds */
	int error;         /* 0, or -EIO: the device is broken */
	struct uc_list link;
};
/* The channel with this mount tag, claimed for the caller. NULL: none, or in use. */
struct uc_p9_chan *uc_p9_claim(const char *tag);
void uc_p9_release(struct uc_p9_chan *ch);
/* Starts an exchange, waiting for room in the queue. 0 (complete will be called) or -EIO. */
int uc_p9_start(struct uc_p9_chan *ch, struct uc_p9_call *c);
#endif
