// SPDX-License-Identifier: BSD-3-Clause
/* Before the console has a device: frames on the platform's early port, for a host that takes them
 * there (early=mux). A program that says little and asks nothing needs no device at all. */
#include "console_priv.h"
#include <uc/plat.h>

/* Each byte on the port costs the host's attention; beyond so many a device is cheaper. */
#define EARLY_BYTES 512u

static size_t written;

static int early_send(struct uc_channel *c, const void *head, size_t nhead, const void *body,
		      size_t n)
{
	uc_plat_early_write("", 1); /* text has no NUL: a frame follows */
	uc_plat_early_write(head, nhead);
	uc_plat_early_write(body, n);
	written += n;
	return 0;
}

static size_t early_unit(struct uc_channel *c, size_t want) { return want; }
static void early_notify_room(struct uc_channel *c) { uc_console_need_device(); }
static void early_recv(struct uc_channel *c, size_t (*take)(const uint8_t *p, size_t n)) {}

static void early_expect(struct uc_channel *c, size_t n)
{
	if (!n)
		return;
	uc_console_need_device();
	if (uc_console.ch != c)
		uc_console.ch->expect(uc_console.ch, n);
}

static void early_drain(struct uc_channel *c) {}

static struct uc_channel early = {
	.send = early_send, .unit = early_unit, .notify_room = early_notify_room,
	.recv = early_recv, .expect = early_expect, .drain = early_drain,
};

void uc_console_attach_early(void)
{
	uc_console_attach(&early);
	uc_console.early = true;
}

void uc_console_need_device(void)
{
	static bool asked;
	if (!uc_console.early || asked)
		return;
	asked = true;
	uc_upcall_console_device();
	if (uc_console.early)
		uc_console_input_ends(); /* there is none: the port is all */
}

void uc_console_early_will_write(size_t n)
{
	if (written + n > EARLY_BYTES)
		uc_console_need_device();
}
