// SPDX-License-Identifier: BSD-3-Clause
// The decoder of the rewritten-text file on arbitrary bytes.
// sources: ../rw_decode.c
#include <stdlib.h>
#include <string.h>
#include "rw_decode.h"

static uint64_t sink;

static void use_file(const struct rw_text *t, uint32_t k)
{
	struct uc_rw_file f;
	uint64_t run, hash;
	memcpy(&hash, t->base + sizeof(struct uc_rw_hdr) + k * sizeof(f), sizeof(hash));
	if (!rw_find(t, hash, &f))
		abort(); /* it is sorted */
	for (uint64_t pgoff = 0; pgoff < 64; pgoff++) {
		uint64_t page = rw_replacement(t, &f, pgoff, &run);
		if (page)
			sink += t->base[((page + run) << UC_PAGE_SHIFT) - 1];
	}
	if (f.stub_pages)
		sink += t->base[f.stub_off + ((uint64_t)f.stub_pages << UC_PAGE_SHIFT) - 1];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rw_text t;
	uint8_t *copy = malloc(size ? size : 1);
	memcpy(copy, data, size);
	if (rw_open(&t, copy, size) == 0)
		for (uint32_t k = 0; k < t.nfiles && k < 256; k++)
			use_file(&t, k);
	free(copy);
	return 0;
}
