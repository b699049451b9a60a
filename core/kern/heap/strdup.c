// SPDX-License-Identifier: BSD-3-Clause
#include <uc/heap.h>
#include <uc/string.h>

char *uc_heap_strdup(const char *s)
{
	size_t n = strlen(s) + 1;
	char *p = uc_heap_alloc(n);
	return p ? memcpy(p, s, n) : NULL;
}
