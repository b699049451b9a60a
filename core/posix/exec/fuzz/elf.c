// SPDX-License-Identifier: BSD-3-Clause
// sources: ../elf.c
/* The decoder promises that segments it accepts lie below UC_USER_TOP and inside [low, high). */
#include <stdlib.h>
#include <string.h>
#include <uc/user.h>
#include "elf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct uc_elf_seg s;
	struct uc_elf e;
	uint8_t *phdrs;
	size_t len;

	if (uc_elf_header(data, n, 62, &e) < 0)
		return 0;
	len = uc_elf_phdrs_len(&e);
	phdrs = malloc(len);
	memset(phdrs, 0, len);
	if (e.phoff < n)
		memcpy(phdrs, data + e.phoff, len < n - e.phoff ? len : n - e.phoff);
	if (uc_elf_phdrs(phdrs, &e) == 0) {
		if (e.low >= e.high || e.high > UC_PAGE_UP(UC_USER_TOP) || e.align < UC_PAGE_SIZE)
			abort();
		for (unsigned i = 0; i < e.phnum; i++) {
			if (uc_elf_segment(phdrs, i, &s) &&
			    (s.vaddr < e.low || s.memsz > e.high - s.vaddr || s.filesz > s.memsz ||
			     s.off + s.filesz < s.off))
				abort();
		}
	}
	free(phdrs);
	return 0;
}
