// SPDX-License-Identifier: BSD-3-Clause
/* The console's channel: a stream socket. What the socket does not take at once waits here, so that
 * a unit is sent whole or not at all. */
#include <asm/errno.h>
#include <asm/poll.h>
#include <uc/console.h>
#include <uc/hostfd.h>
#include <uc/init.h>
#include <uc/string.h>

#define UNIT   16384u
#define RX_MAX 16384u

static struct {
	struct uc_channel channel;
	struct uc_hostfd_watch watch;
	uint32_t out_at, out_len; /* not yet taken by the socket */
	uint32_t in_at, in_len;   /* not yet taken by the console */
	bool room_wanted, dead, ended;
	uint8_t out[UNIT];
	uint8_t in[RX_MAX];
} con;

static void flush(void)
{
	while (con.out_len && !con.dead) {
		struct uc_hostfd_iov v = { con.out + con.out_at, con.out_len };
		int64_t r = uc_hostfd_writev(UC_PROCFD_CONSOLE, &v, 1);
		if (r == -EAGAIN)
			return;
		if (r < 0) {
			con.dead = true;
			return;
		}
		con.out_at += (uint32_t)r;
		con.out_len -= (uint32_t)r;
	}
}

static void watch(void)
{
	short events = con.ended ? 0 : POLLIN;
	if (!con.dead && (con.out_len || con.room_wanted))
		events |= POLLOUT;
	uc_hostfd_watch_events(&con.watch, events);
}

/* Keeps the last n - done bytes of head and body. */
static void keep(const uint8_t *head, size_t nhead, const uint8_t *body, size_t n, size_t done)
{
	size_t h = done < nhead ? nhead - done : 0;
	memcpy(con.out, head + nhead - h, h);
	done -= nhead - h;
	memcpy(con.out + h, body + done, n - done);
	con.out_at = 0;
	con.out_len = (uint32_t)(h + n - done);
}

static int send(struct uc_channel *c, const void *head, size_t nhead, const void *body, size_t n)
{
	struct uc_hostfd_iov v[2] = { { (void *)head, nhead }, { (void *)body, n } };
	flush();
	if (con.dead)
		return -EIO;
	if (con.out_len)
		return -EAGAIN;
	int64_t r = uc_hostfd_writev(UC_PROCFD_CONSOLE, v, 2);
	if (r == -EAGAIN)
		return -EAGAIN;
	if (r < 0) {
		con.dead = true;
		return -EIO;
	}
	if ((size_t)r < nhead + n)
		keep(head, nhead, body, n, (size_t)r);
	watch();
	return 0;
}

static size_t unit(struct uc_channel *c, size_t want)
{
	return UC_MIN(want, (size_t)UNIT);
}

static void notify_room(struct uc_channel *c)
{
	con.room_wanted = true;
	watch();
}

static bool fill(void)
{
	struct uc_hostfd_iov v = { con.in, sizeof(con.in) };
	int64_t r = con.ended ? -EAGAIN : uc_hostfd_readv(UC_PROCFD_CONSOLE, &v, 1);
	con.in_at = 0;
	con.in_len = r > 0 ? (uint32_t)r : 0;
	if (!r || (r < 0 && r != -EAGAIN)) {
		con.ended = true;
		watch();
	}
	return r > 0;
}

static void recv(struct uc_channel *c, size_t (*take)(const uint8_t *p, size_t n))
{
	while (con.in_len || fill()) {
		size_t n = take(con.in + con.in_at, con.in_len);
		con.in_at += (uint32_t)n;
		con.in_len -= (uint32_t)n;
		if (con.in_len)
			return;
	}
}

static void expect(struct uc_channel *c, size_t n)
{
}

static void drain(struct uc_channel *c)
{
	for (flush(); con.out_len && !con.dead; flush())
		uc_host_wait(UC_PROCFD_CONSOLE, POLLOUT);
}

static void ready(struct uc_hostfd_watch *w)
{
	flush();
	if (con.room_wanted && (!con.out_len || con.dead)) {
		con.room_wanted = false;
		uc_console_room();
	}
	watch();
	uc_console_input();
}

static int start(void)
{
	con.channel = (struct uc_channel){ .send = send,
					   .unit = unit,
					   .notify_room = notify_room,
					   .recv = recv,
					   .expect = expect,
					   .drain = drain };
	con.watch = (struct uc_hostfd_watch){ .fd = UC_PROCFD_CONSOLE,
					      .events = POLLIN,
					      .ready = ready };
	uc_console_attach(&con.channel);
	uc_hostfd_watch(&con.watch);
	return 0;
}
UC_INITCALL(UC_STAGE_DEVICE, start);
