// SPDX-License-Identifier: BSD-3-Clause
// sources: ../script.c
#include <stdlib.h>
#include <string.h>
#include "script.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *buf = malloc(1024); /* as the loader's */
	struct uc_script s;

	n = n < 1024 ? n : 1024;
	memcpy(buf, data, n);
	if (uc_script_parse(buf, n, &s) == 0 &&
	    (!*s.interp || (s.arg && strlen(s.arg) > UC_SCRIPT_LINE)))
		abort();
	free(buf);
	return 0;
}
