// SPDX-License-Identifier: BSD-3-Clause
/* Virtio entropy device (Virtio 1.2, 5.4): one request at start, mixed in when it comes back. */
#include <asm/errno.h>
#include <uc/arch.h>
#include <uc/bus.h>
#include <uc/heap.h>
#include <uc/random.h>
#include <uc/string.h>

enum { VIRTIO_ID_RNG = 4 };
#define SEED_BYTES 64u

struct vrng { struct uc_virtq *q; uint8_t seed[SEED_BYTES]; };

static void vrng_done(struct uc_virtq *q, void *arg)
{
	struct vrng *r = arg;
	uint32_t n;
	if (!uc_virtq_take(q, &n) || !n)
		return;
	/* The device is as trustworthy as the hypervisor: full entropy, as its specification says.
	 * */
	uc_random_mix(r->seed, n, n * 8);
	memset(r->seed, 0, sizeof(r->seed));
}

static int vrng_probe(struct uc_virtio_dev *d)
{
	struct vrng *r = uc_heap_zalloc(sizeof(*r));
	if (!r)
		return -ENOMEM;
	r->q = uc_virtio_queue(d, 0, 2, vrng_done, r);
	if (!r->q)
		return -ENOMEM;
	uc_virtio_ready(d);
	struct uc_vq_buf b = { uc_virt_to_phys(r->seed), SEED_BYTES };
	uc_virtq_add(r->q, &b, 0, 1, r);
	uc_virtq_kick(r->q);
	return 0;
}

static const struct uc_virtio_driver vrng_driver = {
	.device_id = VIRTIO_ID_RNG, .features = 0, .name = "virtio-rng", .probe = vrng_probe,
};
UC_VIRTIO_DRIVER(vrng_driver);
