// SPDX-License-Identifier: BSD-3-Clause
// sources: ../../heap_tlsf/heap_tlsf.c ../../heap_tlsf/index.c
#include "heap_cases.h"

int main(void)
{
	return heap_cases_run();
}
