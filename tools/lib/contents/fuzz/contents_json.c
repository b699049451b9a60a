// SPDX-License-Identifier: BSD-3-Clause
// sources: ../load.c ../why.c ../sizes.c ../treemap.c ../licence.c ../../deps/text.c
// sources: ../../deps/html.c ../../util/html.c
// sources: ../../util/mem.c ../../util/path.c ../../util/vec.c ../../util/file.c
// sources: ../../util/sha256.c
// sources: ../../link/systab.c ../../cli/msg.c ../../cli/progress.c ../../cli/value.c
// libs: -ljansson -lm
#include <stdint.h>
#include <stdio.h>

#include <unicore/contents.h>

/* Whatever is accepted can be shown in every way. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct uc_systab tab = { .n = 0 };
	struct uc_sizes s;
	char why[256];
	json_t *c = uc_contents_decode((const char *)data, size, why);
	FILE *f = fopen("/dev/null", "we");

	if (c && f) {
		uc_contents_why(c, "image", "libc.so.6", false, f);
		uc_contents_why(c, "image", "posix_file", true, f);
		uc_contents_why(c, "image", "open.c", false, f);
		uc_contents_why(c, "image", "read", false, f);
		uc_contents_why_not(c, &tab, "image", "read", false, f);
		uc_contents_sizes(c, &s);
		uc_sizes_text(&s, f);
		uc_sizes_html(&s, f);
		uc_sizes_free(&s);
	}
	if (f)
		fclose(f);
	json_decref(c);
	return 0;
}
