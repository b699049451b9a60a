// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>

#include <unicore/link.h>

int uc_systab_installed(const char *libdir, struct uc_systab *out)
{
	char *path = uc_libfile(libdir, UC_SYSTAB_FILE);
	int rc;

	*out = (struct uc_systab){ .n = 0 };
	rc = uc_systab_load(path, out);
	free(path);
	return rc;
}
