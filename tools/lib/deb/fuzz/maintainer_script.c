// SPDX-License-Identifier: BSD-3-Clause
// sources: ../script.c ../../util/mem.c ../../util/vec.c ../../util/map.c ../../util/path.c
// sources: ../../cli/msg.c
// sources: ../../cli/progress.c ../../cli/value.c
// libs: -lxxhash
#include <stdint.h>

#include <unicore/deb.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct uc_deb_effects fx = { 0 };

	uc_deb_script((const char *)data, size, &fx);
	uc_deb_effects_free(&fx);
	return 0;
}
