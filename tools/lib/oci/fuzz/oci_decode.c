// SPDX-License-Identifier: BSD-3-Clause
// sources: ../decode.c ../../util/mem.c ../../util/vec.c ../../util/path.c ../../cli/msg.c
// sources: ../../cli/progress.c ../../cli/value.c
// libs: -ljansson
#include <stdint.h>
#include <stdlib.h>

#include <unicore/oci.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct uc_oci_manifest m;
	struct uc_vec tags = { 0 };
	struct uc_oci_config c;
	struct uc_oci_blob b;

	uc_oci_index((const char *)data, size, "v1", &b, &tags);
	uc_oci_manifest((const char *)data, size, &m);
	if (!uc_oci_config((const char *)data, size, &c)) uc_oci_config_free(&c);
	uc_vec_free(&tags);
	return 0;
}
