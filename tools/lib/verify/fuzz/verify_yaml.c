// SPDX-License-Identifier: BSD-3-Clause
// sources: ../yaml.c ../case.c ../channels.c ../../manifest/yaml.c ../../util/mem.c
// sources: ../../util/vec.c ../../util/base64.c ../../util/file.c
// sources: ../../util/path.c ../../cli/msg.c ../../cli/progress.c ../../cli/value.c
// libs: -lyaml -ljansson
#include <stdint.h>

#include <unicore/verify.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct uc_manifest_error err;
	struct uc_vcases c;

	if (!uc_vcases_parse((const char *)data, size, &c, &err))
		uc_vcases_free(&c);
	return 0;
}
