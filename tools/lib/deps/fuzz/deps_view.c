// SPDX-License-Identifier: BSD-3-Clause
// sources: ../text.c ../dot.c ../html.c ../compare.c ../../util/mem.c ../../util/path.c
// sources: ../../util/run.c ../../util/vec.c ../../link/systab.c ../../util/file.c
// sources: ../../util/sha256.c ../../util/html.c
// sources: ../../cli/msg.c ../../cli/progress.c ../../cli/value.c
// libs: -ljansson
#include <stdint.h>
#include <stdio.h>

#include <unicore/depsview.h>

/* A report of any form is shown in every way. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct uc_systab tab = { .n = 0 };
	json_t *doc = json_loadb((const char *)data, size, 0, NULL);
	FILE *f = fopen("/dev/null", "we");

	if (doc && f) {
		uc_deps_show_text(doc, true, f);
		uc_deps_show_dot(doc, f);
		uc_deps_show_html(doc, f);
		uc_deps_compare(doc, doc, false, f);
		uc_deps_explain(doc, &tab, "/bin/x", f);
		uc_deps_explain(doc, &tab, "0", f);
	}
	if (f)
		fclose(f);
	json_decref(doc);
	return 0;
}
