// SPDX-License-Identifier: BSD-3-Clause
// sources: ../../util/sha256.c
// sources: ../image.c ../../util/mem.c ../../util/vec.c ../../util/path.c ../../util/file.c
// sources: ../../cli/msg.c ../../cli/progress.c ../../cli/value.c
// libs: -ljansson
/* An accepted description always names a program, and its strings end. */
#include <stdlib.h>
#include <string.h>

#include <unicore/runimage.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct uc_run_image img = { 0 };
	char why[256];
	size_t bytes = 0;

	if (!uc_run_image_decode((const char *)p, n, &img, why)) {
		if (!img.argv.n || (img.exec && !img.exec[0]))
			abort();
		for (size_t i = 0; i < img.env.n; i++)
			bytes += strlen(img.env.v[i]);
		if (bytes > n)
			abort();
	}
	uc_run_image_free(&img);
	return 0;
}
