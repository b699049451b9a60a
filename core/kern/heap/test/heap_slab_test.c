// SPDX-License-Identifier: BSD-3-Clause
// sources: ../../heap_slab/heap_slab.c
#include "heap_cases.h"

int main(void)
{
	return heap_cases_run();
}
