// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_CONSOLE_PRIV_H
#define UC_CONSOLE_PRIV_H
/* State shared by the files of this µlib. Context: thread (deferred work included). */
#include <uc/abi/bootparam.h>
#include <uc/console.h>

extern struct uc_console {
	struct uc_channel *ch;
	bool mux, configured;
	bool early;         /* ch is the early port: a device is set up when it is needed */
	bool sending;       /* inside the channel's send: a log line meanwhile is kept for later */
	bool dead;          /* the channel failed: nothing can be sent */
	bool deaf;          /* the channel or the protocol failed: nothing more is received */
	unsigned streams;
	unsigned gone;      /* bit n set: the host's reader of stream n has gone */
	uint64_t credit[UC_MUX_LOG]; /* bytes of a stream that the host will take now */
	struct uc_waitq room;
} uc_console;

/* One frame (mux) or its payload (raw); 0, -EAGAIN, -EIO as the channel's send. */
int uc_console_frame(unsigned type, unsigned stream, const void *payload, size_t n);
/* The same, waiting for room. 0, -EIO, -EINTR. */
int uc_console_frame_wait(unsigned type, unsigned stream, const void *payload, size_t n);
/* Calls uc_console_room later. */
void uc_console_want_room(void);

/* early.c: n bytes are about to be written to the early port. May set the device up. */
void uc_console_early_will_write(size_t n);

/* output.c: EOF and CREDIT for a stream that the guest writes. */
void uc_console_stream_control(unsigned type, unsigned stream, const uint8_t *p);

/* input.c */
void uc_console_input_ends(void); /* for good */
/* Sends credit that could not be sent before. */
void uc_console_credit_push(void);
void uc_console_stdin_eof(void);
size_t uc_console_stdin_put(const uint8_t *p, size_t n); /* bytes that fitted */

/* control.c */
void uc_console_control(unsigned type, const uint8_t *p);
#endif
