// SPDX-License-Identifier: BSD-3-Clause
// sources: ../server.c
/* Input: messages of a client, each behind a byte that says which descriptor goes along. What is
 * accepted lies in the memory; no descriptor is lost. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../wire.h"

#define BYTES 4096

static int sealed, unsealed, bell;

static int memory(int seals)
{
	int fd = memfd_create("fuzz", MFD_ALLOW_SEALING | MFD_CLOEXEC);
	const uint32_t cookie = UC_MEMIF_COOKIE;

	for (off_t at = 0; at < BYTES; at += 256)
		if (pwrite(fd, &cookie, sizeof(cookie), at) != sizeof(cookie))
			abort();
	if (ftruncate(fd, BYTES) < 0 || fcntl(fd, F_ADD_SEALS, seals) < 0)
		abort();
	return fd;
}

static int pick(uint8_t which)
{
	const int from[] = { -1, sealed, unsealed, bell };

	return which % 4 ? fcntl(from[which % 4], F_DUPFD_CLOEXEC, 0) : -1;
}

static void check(const struct memif_offer *o)
{
	for (unsigned i = 0; i < 2; i++) {
		const struct uc_memif_place *p = &o->layout.ring[i];

		if (p->region >= o->layout.nregions || o->bell[i] < 0 ||
		    o->bytes[p->region] > BYTES ||
		    p->offset + UC_MEMIF_RING_BYTES(p->log2) > o->bytes[p->region])
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct memif_offer o;
	struct memif_msg m;
	const char *why = NULL;
	int free_before, free_after;

	if (!sealed) {
		sealed = memory(F_SEAL_SHRINK);
		unsealed = memory(F_SEAL_GROW);
		bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	}
	free_before = pick(1);
	close(free_before);
	memif_offer_init(&o);
	for (; n > sizeof(m) && !why; p += 1 + sizeof(m), n -= 1 + sizeof(m)) {
		memcpy(&m, p + 1, sizeof(m));
		why = memif_offer_take(&o, 0, &m, pick(p[0]));
		if (!why && m.type == MEMIF_CONNECT)
			check(&o);
	}
	memif_offer_close(&o);
	free_after = pick(1);
	close(free_after);
	if (free_after != free_before)
		abort();
	return 0;
}
