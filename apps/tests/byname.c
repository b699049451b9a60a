// SPDX-License-Identifier: BSD-3-Clause
// flags: -ldl
// A library that nothing but a text in the program names.
#include <dlfcn.h>
#include <string.h>

#include "check.h"

int main(void)
{
	void *z = dlopen("libz.so.1", RTLD_NOW);
	CHECK(z != NULL);
	if (z) {
		const char *(*version)(void) = (const char *(*)(void))dlsym(z, "zlibVersion");
		CHECK(version && strncmp(version(), "1.", 2) == 0);
	}
	CHECK(dlopen("libno-such-thing.so.7", RTLD_NOW) == NULL && dlerror() != NULL);
	return check_done();
}
