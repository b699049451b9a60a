// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/util.h>

size_t uc_lower_bound(const void *base, size_t n, size_t size,
		      bool (*before)(const void *entry, const void *key), const void *key)
{
	size_t lo = 0, hi = n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (before((const char *)base + mid * size, key))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}
