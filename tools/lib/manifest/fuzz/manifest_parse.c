// SPDX-License-Identifier: BSD-3-Clause
// sources: ../parse.c ../yaml.c ../../util/mem.c ../../util/vec.c ../../util/path.c ../../cli/msg.c
// sources: ../../cli/progress.c ../../cli/value.c ../../util/base64.c
// libs: -lyaml
#include <stdint.h>

#include <unicore/manifest.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct uc_manifest_error err;
	struct uc_manifest m;

	if (!uc_manifest_parse((const char *)data, size, &m, &err)) uc_manifest_free(&m);
	return 0;
}
