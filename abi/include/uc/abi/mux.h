// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_ABI_MUX_H
#define UC_ABI_MUX_H
/*
 * The stream multiplexer: standard streams, kernel log and control over one reliable, ordered,
 * bidirectional byte channel (a virtio console port on kvm). A byte stream of frames, each
 * struct uc_mux_hdr followed by `len` bytes. Little endian. A decoder drops the connection on
 * a frame longer than UC_MUX_MAX_PAYLOAD or of an unknown type.
 *
 * Directions: G>H guest to host, H>G host to guest.
 */
#include <stdint.h>

#define UC_MUX_MAX_PAYLOAD 65536u
/* Bytes of stdout, and of stderr, that may be sent without CREDIT. */
#define UC_MUX_WINDOW 262144u

struct uc_mux_hdr {
	uint8_t type;   /* enum uc_mux_type */
	uint8_t stream; /* enum uc_mux_stream for DATA/EOF/CREDIT; else 0 */
	uint16_t zero;  /* must be 0 */
	uint32_t len;   /* payload bytes */
};

enum uc_mux_stream {
	UC_MUX_STDIN = 0,
	UC_MUX_STDOUT = 1,
	UC_MUX_STDERR = 2,
	UC_MUX_LOG = 3, /* kernel log, text lines */
};

enum uc_mux_type {
	UC_MUX_DATA = 1,   /* both ways: bytes of a stream */
	UC_MUX_EOF = 2,    /* H>G stdin ended; G>H stream closed by the guest. On a terminal, an
			      H>G EOF means one zero-length read; more DATA may follow.
			      H>G stdout, stderr: nobody reads it any more (writes give EPIPE). */
	UC_MUX_CREDIT = 3, /* G>H: uint32_t, stdin bytes the host may send in addition. Initially 0.
			      The host reads its stdin only when it holds credit, so bytes that the
			      guest never asks for stay unread in the host's stdin.
			      H>G: the same for stdout and stderr, in addition to UC_MUX_WINDOW at
			      start: a full stream then blocks its writers only, not the channel. A
			      guest that ignores it is slowed down by the channel instead. */
	UC_MUX_WINSIZE = 4, /* H>G: struct uc_mux_winsize, at start (if a terminal) and on change */
	UC_MUX_SIGNAL = 5,  /* H>G: uint32_t Linux signal number to deliver to the guest's
			       foreground process (init if none) */
	UC_MUX_TERMIOS = 6, /* H>G at start if a stream is a terminal: the terminal's Linux
			       struct termios2 (44 bytes, asm/termbits.h). G>H: apply it
			       (tcsetattr with TCSADRAIN). */
	UC_MUX_TIME_REQ = 7, /* G>H: empty */
	UC_MUX_TIME = 8,     /* H>G: struct uc_mux_time, answer to TIME_REQ */
	UC_MUX_EXIT = 9,     /* G>H: struct uc_mux_exit, last frame of the guest */
	UC_MUX_STATS = 10,   /* G>H: `key=decimal\n` lines for the run report, before EXIT */
	UC_MUX_READY = 11,   /* G>H: empty; sent once, when control enters the application */
};

struct uc_mux_winsize {
	uint16_t rows, cols, xpixel, ypixel;
};
struct uc_mux_time {
	uint64_t realtime_ns; /* CLOCK_REALTIME when answered */
};

enum uc_exit_kind {
	UC_EXIT_NORMAL = 0, /* value: exit status 0..255 of the first process */
	UC_EXIT_SIGNAL = 1, /* value: signal number that ended it */
	UC_EXIT_PANIC = 2,  /* kernel assertion or internal error */
	UC_EXIT_OOM = 3,    /* guest memory exhausted, first process killed */
	UC_EXIT_STRICT = 4, /* --strict stopped at something not implemented */
	UC_EXIT_BOOT = 5,   /* image or parameters unusable (reason in the log); value: errno of
			       starting the first program (ENOENT, EACCES, ENOEXEC ...) or 0 */
};
struct uc_mux_exit {
	uint32_t kind;
	uint32_t value;
};

#endif
