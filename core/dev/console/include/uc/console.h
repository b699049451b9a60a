// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_CONSOLE_H
#define UC_CONSOLE_H
/*
 * The console: standard streams, log and control to the host over one byte channel.
 * con=mux speaks uc/abi/mux.h; con=raw: stdout, stderr and the log go out as plain text, input is
 * stdin.
 * The channel is a driver (virtio console); without one, output goes to the early port.
 */
#include <uc/abi/mux.h>
#include <uc/sched.h>
#include <uc/types.h>

/* ---- channel: implemented by a driver, registered at UC_STAGE_DEVICE ---- */
struct uc_channel {
	/* Queues head and body (kernel memory) as one unit, or nothing. Never blocks.
	 * 0, -EAGAIN (no room now), -EIO (the channel is dead). */
	int (*send)(struct uc_channel *c, const void *head, size_t nhead, const void *body,
		    size_t n);
	/* The largest unit that send can take; the driver may enlarge its buffers towards `want`.
	 * */
	size_t (*unit)(struct uc_channel *c, size_t want);
	/* Arranges one call of uc_console_room when something that was sent has left. */
	void (*notify_room)(struct uc_channel *c);
	/* Hands what has arrived to take() until there is no more or it takes less than it was
	 * given;
	 * the rest stays for the next call. Does not block. */
	void (*recv)(struct uc_channel *c, size_t (*take)(const uint8_t *p, size_t n));
	/* About n bytes of input are expected: the driver may enlarge its buffers. */
	void (*expect)(struct uc_channel *c, size_t n);
	/* Waits (busy, interrupts not needed) until everything sent has left. For power-off. */
	void (*drain)(struct uc_channel *c);
};
/* From a driver, which calls uc_console_input from deferred work whenever bytes arrived, and
 * uc_console_room as asked. Becomes the sink of the kernel log (with uc_console_configure). */
void uc_console_attach(struct uc_channel *c);
void uc_console_input(void);
void uc_console_room(void);

/* The platform's early port is the channel (uc/abi/bootparam.h: early=mux) until a device is
 * attached. */
void uc_console_attach_early(void);
/* Sets up a device if the early port is still the channel: for input, and for much output. Thread
 * or deferred-work context; does not block. */
void uc_console_need_device(void);
/* Bound by core/boot: brings up the buses, on one of which a console's driver finds its device. */
void uc_upcall_console_device(void);

/* ---- users ---- */
void uc_console_configure(bool mux, unsigned streams /* UC_STREAM_* */);
unsigned uc_console_streams(void);
/* Writes to a stream (stdout, stderr, log). Blocks. Bytes, or if nothing was
 * written -EIO, -EINTR, -EPIPE (the host's reader has gone). */
ssize_t uc_console_write(enum uc_mux_stream s, const void *buf, size_t n);
/* Reads stdin; asks the host for credit as needed. Bytes, 0 at end, -EAGAIN (nonblock), -EINTR. */
ssize_t uc_console_read(void *buf, size_t n, bool nonblock);
bool uc_console_readable(void);           /* data or end pending; asks for credit if none is out */
size_t uc_console_buffered(void); /* bytes that a read would return without waiting (FIONREAD) */
struct uc_waitq *uc_console_readq(void);
int uc_console_close_stream(enum uc_mux_stream s);
/* Terminal state as last told by the host or set here (struct termios2, struct winsize contents).
 * */
const void *uc_console_termios(void);      /* 44 bytes */
int uc_console_set_termios(const void *termios2);
struct uc_mux_winsize uc_console_winsize(void);
int uc_console_host_time(uint64_t *realtime_ns);  /* -ENODEV without mux */
void uc_console_ready(void);              /* sends READY once */
/* The kernel log's sink. Never blocks; what cannot be sent now is kept, a little, for later. */
void uc_console_log(const char *text, size_t n);
/* Sends stats and the exit frame, drains. Then the caller powers off. */
void uc_console_exit(const char *stats, unsigned kind, unsigned value);
/* Bound by core/boot: a SIGNAL frame arrived; terminal size changed. Deferred-work context. */
void uc_upcall_console_signal(int sig);
void uc_upcall_console_winch(void);
#endif
