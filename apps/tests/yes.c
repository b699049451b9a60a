// SPDX-License-Identifier: BSD-3-Clause
// Writes lines until nobody reads them.
#include <stdio.h>

int main(void)
{
	while (puts("yes") != EOF) {}
	return 1;
}
