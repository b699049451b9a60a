// SPDX-License-Identifier: BSD-3-Clause
#include <uc/vdso.h>

extern const uint8_t vdso_image_start[], vdso_image_end[];

void uc_vdso_image(const void **start, size_t *len)
{
	*start = vdso_image_start;
	*len = (size_t)(vdso_image_end - vdso_image_start);
}
