// SPDX-License-Identifier: BSD-3-Clause
// sources: ../lock.c ../json.c ../facts.c ../user.c ../../deb/name.c ../../rootfs/package.c
// sources: ../../rootfs/tree.c ../../rootfs/skeleton.c
// sources: ../../util/mem.c ../../util/vec.c ../../util/map.c ../../util/path.c ../../util/file.c
// sources: ../../util/sha256.c ../../cli/msg.c ../../cli/progress.c ../../cli/value.c
// libs: -ljansson -lxxhash
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <unicore/deb.h>
#include <unicore/lock.h>

/* Packages of an accepted lock have names that are no options of apt-get, and no path in their
 * files' names. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct uc_lock l;
	char why[256];
	FILE *f;

	if (uc_lock_decode((const char *)data, size, &l, why))
		return 0;
	for (size_t i = 0; i < l.packages.n; i++)
		if (!uc_deb_valid_name(l.packages.v[i].name) ||
		    uc_path_base(l.packages.v[i].file) != l.packages.v[i].file)
			abort();
	f = fopen("/dev/null", "we");
	if (f) {
		uc_lock_compare(l.doc, l.doc, 3, f);
		uc_lock_compare(NULL, l.doc, 3, f);
		fclose(f);
	}
	uc_lock_free(&l);
	return 0;
}
