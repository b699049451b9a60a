// SPDX-License-Identifier: BSD-3-Clause
// sources: ../unpack.c ../owners.c ../root.c ../../util/mem.c ../../util/vec.c ../../util/map.c
// sources: ../../util/path.c ../../util/file.c
// sources: ../../util/sha256.c ../../cli/msg.c ../../cli/progress.c ../../cli/value.c
// libs: -lxxhash -larchive
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <archive.h>

#include <unicore/unpack.h>

/* Tar bytes into a folder of its own; nothing may appear beside it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char dir[] = "/tmp/uc-fuzz-XXXXXX", inner[40], outside[40];
	struct archive *a = archive_read_new();
	struct uc_unpack u = { .whiteouts = true };

	if (!mkdtemp(dir)) abort();
	snprintf(inner, sizeof(inner), "%s/root", dir);
	snprintf(outside, sizeof(outside), "%s/a", dir);
	uc_mkdirs(inner, 0755);
	u.root.dir = inner;
	archive_read_support_format_tar(a);
	if (archive_read_open_memory(a, data, size) == ARCHIVE_OK) uc_unpack_entries(&u, a, "fuzz");
	archive_read_free(a);
	if (!access(outside, F_OK)) abort();
	uc_unpack_free(&u);
	uc_rmtree(dir);
	return 0;
}
