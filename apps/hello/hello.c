// SPDX-License-Identifier: BSD-3-Clause
// The smallest useful program: its image is what the figures for boot time and size are about.
#include <stdio.h>

int main(void)
{
	puts("Hello, world!");
	return 0;
}
