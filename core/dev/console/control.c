// SPDX-License-Identifier: BSD-3-Clause
/* Control frames: terminal state, signals, the host's clock. */
#include "console_priv.h"
#include <asm/errno.h>
#include <uc/string.h>
#include <uc/time.h>

#define TERMIOS_LEN  44u
#define MAX_SIGNAL   64u
#define TIME_TIMEOUT 2000000000ull /* ns: a host that does not answer */

static struct {
	uint32_t termios[TERMIOS_LEN / 4];
	struct uc_mux_winsize size;
	bool sized;
	uint64_t realtime_ns;
	unsigned answers, waiting;
	struct uc_waitq time;
} ctl = { .time = UC_WAITQ_INIT(ctl.time) };

static void on_winsize(const uint8_t *p)
{
	struct uc_mux_winsize w;
	memcpy(&w, p, sizeof(w));
	bool changed = ctl.sized && memcmp(&w, &ctl.size, sizeof(w));
	ctl.size = w;
	ctl.sized = true;
	if (changed)
		uc_upcall_console_winch();
}

static void on_signal(const uint8_t *p)
{
	uint32_t sig;
	memcpy(&sig, p, sizeof(sig));
	if (sig >= 1 && sig <= MAX_SIGNAL)
		uc_upcall_console_signal(sig);
}

static void on_time(const uint8_t *p)
{
	memcpy(&ctl.realtime_ns, p, sizeof(ctl.realtime_ns));
	ctl.answers++;
	uc_waitq_wake_all(&ctl.time);
}

void uc_console_control(unsigned type, const uint8_t *p)
{
	if (type == UC_MUX_WINSIZE)
		on_winsize(p);
	else if (type == UC_MUX_SIGNAL)
		on_signal(p);
	else if (type == UC_MUX_TERMIOS)
		memcpy(ctl.termios, p, TERMIOS_LEN);
	else if (type == UC_MUX_TIME)
		on_time(p);
}

const void *uc_console_termios(void)
{
	return ctl.termios;
}

int uc_console_set_termios(const void *termios2)
{
	if (uc_console.ch && uc_console.mux) {
		int r = uc_console_frame_wait(UC_MUX_TERMIOS, 0, termios2, TERMIOS_LEN);
		if (r)
			return r;
	}
	memcpy(ctl.termios, termios2, TERMIOS_LEN);
	return 0;
}

struct uc_mux_winsize uc_console_winsize(void)
{
	return ctl.size;
}

int uc_console_host_time(uint64_t *realtime_ns)
{
	unsigned before = ctl.answers;
	if (!uc_console.ch || !uc_console.mux)
		return -ENODEV;
	uc_console_need_device();
	int r = uc_console_frame_wait(UC_MUX_TIME_REQ, 0, NULL, 0);
	if (r)
		return r;
	uc_nsec deadline = uc_time_mono() + TIME_TIMEOUT;
	r = UC_WAIT_EVENT(&ctl.time, ctl.answers != before || uc_console.deaf, deadline, false);
	if (!r && ctl.answers == before)
		r = -EIO;
	if (!r)
		*realtime_ns = ctl.realtime_ns;
	return r;
}
