// SPDX-License-Identifier: BSD-3-Clause
// The EROFS decoder on arbitrary images.
// sources: ../super.c ../inode.c ../dir.c ../xattr.c
#include <stdlib.h>
#include "erofs_walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct uc_erofs fs;
	const char *why;
	uint8_t *copy = malloc(size ? size : 1); /* exact, so that a byte too far is seen */
	memcpy(copy, data, size);
	if (uc_erofs_open(&fs, copy, 0, size, &why) == 0) {
		struct erofs_walk w = { .fs = &fs, .budget = 400 };
		erofs_visit(&w, fs.root_nid, 0);
	}
	free(copy);
	return 0;
}
