// SPDX-License-Identifier: BSD-3-Clause
// sources: ../scan.c ../object.c ../symbols.c ../relocs.c ../unwind.c
// sources: ../../util/mem.c ../../util/search.c ../../util/path.c
// sources: ../../cli/msg.c ../../cli/progress.c ../../cli/value.c
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/scan.h>

/* An ELF file of any content and of any machine that is scanned. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1); /* catches reads past the end */
	struct uc_scan s;

	if (!copy)
		return 0;
	memcpy(copy, data, size);
	uc_code_scan(copy, size, &s);
	free(copy);
	return 0;
}
