// SPDX-License-Identifier: BSD-3-Clause
// sources: ../systab.c ../../util/mem.c ../../util/vec.c ../../util/path.c ../../util/file.c
// sources: ../../cli/msg.c ../../cli/progress.c
// sources: ../../cli/value.c
#include <stdint.h>

#include <unicore/link.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct uc_systab t;
	unsigned line;

	if (!uc_systab_parse((const char *)data, size, &t, &line)) {
		uc_systab_nearest(&t, "read");
		uc_systab_free(&t);
	}
	return 0;
}
