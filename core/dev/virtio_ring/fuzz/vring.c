// SPDX-License-Identifier: BSD-3-Clause
// sources: ../vring.c
/* Input: a script of driver and device steps. Whatever the device does, cookies come back at most
 * once. */
#include <stdlib.h>
#include <string.h>
#include <uc/vring.h>

#define NUM 8u

static void check(bool ok)
{
	if (!ok)
		abort();
}

static void add(struct uc_vring *r, uint8_t arg, uint8_t held[NUM])
{
	struct uc_vq_buf b[4] = { { 1, arg }, { 2, 7 }, { 3, 0 }, { 4, UINT32_MAX } };
	unsigned nout = arg & 3, nin = arg >> 2 & 1;
	for (unsigned i = 0; i < NUM; i++) {
		if (!held[i]) {
			if (uc_vring_add(r, b, nout, nin, &held[i]) == 0)
				held[i] = 1;
			return;
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	uint64_t mem[64] = { 0 };
	struct uc_vring_slot slots[NUM];
	struct uc_vring r;
	uint8_t held[NUM] = { 0 };
	size_t bytes = uc_vring_bytes(NUM, 4);
	check(bytes <= sizeof(mem));
	uc_vring_init(&r, mem, slots, NUM, 4, n & 1);
	for (size_t i = 0; i + 2 < n; i += 3) {
		uint32_t len = 0;
		uint8_t *cookie;
		switch (p[i] % 5) {
		case 0:
			add(&r, p[i + 1], held);
			break;
		case 1:
			uc_vring_publish(&r);
			break;
		case 2: /* the device writes anywhere in what it can reach */
			((uint8_t *)mem)[(p[i + 1] | p[i] / 5 << 8) % bytes] = p[i + 2];
			break;
		case 3:
			uc_vring_irq(&r, p[i + 1] & 1);
			break;
		default:
			cookie = uc_vring_take(&r, &len);
			if (cookie) {
				check(*cookie == 1);
				*cookie = 0;
			}
		}
		check(r.nfree <= NUM);
	}
	return 0;
}
