// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_RELAY_INTERNAL_H
#define UNICORE_RELAY_INTERNAL_H
/* State of the relay, shared by its files only. */
#include <unicore/util.h>
#include <unicore/mux.h>
#include <unicore/outq.h>
#include <unicore/relay.h>

#include "textlog.h"
#include "tty.h"

struct uc_relay {
	const struct uc_relay_opts *o;
	struct uc_relay_result *r;
	bool over; /* r->end is decided */
	bool ready;

	struct uc_outq con; /* to the guest */
	bool con_open;
	struct uc_muxdec dec, early_dec;
	bool early_frame; /* the NUL before a frame on the early port has come */

	/* Standard output and error share one queue when they are the same open file, so that the
	 * order of what the application wrote to them is kept. */
	struct uc_outq outq[2];
	struct uc_outq *out[3]; /* by stream number; [0] unused */
	uint32_t owed[3];       /* bytes taken from the guest, not yet given back as credit */
	bool unread[3];         /* the host's reader is gone, the guest has been told */

	uint64_t credit; /* stdin bytes the guest still wants */
	bool stdin_open, stdin_tty;

	struct uc_tty tty;
	struct uc_textlog log, early, vmm;
	int early_fd, vmm_err_fd;
	int sig_fd;
	uint64_t deadline_ns;
};

void uc_relay_end(struct uc_relay *x, enum uc_relay_end end);
/* Sends a frame to the guest (waits in memory if the channel is full). */
void uc_relay_send(struct uc_relay *x, enum uc_mux_type type, unsigned stream, const void *p,
		   uint32_t n);
void uc_relay_send_winsize(struct uc_relay *x);
/* After output progressed or failed: credit back to the guest, or end of stream. */
void uc_relay_settle(struct uc_relay *x, enum uc_mux_stream s, int err);
extern const struct uc_muxdec_ops uc_relay_frames;
/* Reads pending signals from sig_fd and acts on them. */
void uc_relay_signals(struct uc_relay *x);
int uc_relay_signals_open(void);

#endif
