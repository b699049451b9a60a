// SPDX-License-Identifier: BSD-3-Clause
// sources: ../symbols.c
#include <stdlib.h>
#include <string.h>
#include "symbols.h"

struct file { const uint8_t *data; size_t n; };

static int read_mem(void *arg, uint64_t off, void *buf, size_t n)
{
	const struct file *f = arg;

	if (off > f->n || n > f->n - off)
		return -5;
	memcpy(buf, f->data + off, n);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static uint64_t scratch[SYM_SCRATCH / 8];
	struct file f = { data, n };
	struct sym_reader r = { read_mem, &f };
	struct sym_found s;
	uint64_t first;

	(void)sym_first_vaddr(&r, &first);
	if (sym_find(&r, 0x1000, scratch, &s) == 0 && strlen(s.name) >= SYM_NAME_MAX)
		abort();
	return 0;
}
