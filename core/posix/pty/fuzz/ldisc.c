// SPDX-License-Identifier: BSD-3-Clause
// sources: ../ldisc.c
// The line discipline under any keys and any changes of its settings: counters stay in order.
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include "../ldisc.h"

static void check(const struct ldisc *l)
{
	assert(l->tail - l->head <= LDISC_IN);
	assert(ldisc_available(l) <= l->tail - l->head);
	assert(l->otail - l->ohead <= LDISC_OUT);
}

/* Bytes from 0x80 on act, the others are typed. */
static void step(struct ldisc *l, uint8_t c)
{
	struct termios2 t = l->t;
	uint8_t buf[32];
	bool end;

	switch (c & 0xf0) {
	case 0x80:
		t.c_lflag ^= 1u << (c & 15);
		ldisc_set(l, &t);
		break;
	case 0x90:
		t.c_iflag ^= 1u << (c & 15);
		ldisc_set(l, &t);
		break;
	case 0xa0:
		t.c_oflag ^= 1u << (c & 15);
		ldisc_set(l, &t);
		break;
	case 0xb0:
		assert(ldisc_take(l, buf, c & 15, &end) <= (c & 15u));
		break;
	case 0xc0:
		ldisc_take_output(l, buf, sizeof(buf));
		break;
	default:
		if (ldisc_type(l, c))
			ldisc_signalled(l, c);
		else if (ldisc_room(l))
			ldisc_display(l, c);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct ldisc l;

	ldisc_init(&l);
	for (size_t i = 0; i < n; i++) {
		step(&l, data[i]);
		check(&l);
	}
	return 0;
}
