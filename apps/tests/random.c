// SPDX-License-Identifier: BSD-3-Clause
// Random numbers: there are some, they differ, they look uniform.
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static unsigned char a[65536], b[65536];
	(void)argv;
	CHECK(getrandom(a, sizeof(a), 0) > 0 && getrandom(b, 256, GRND_RANDOM) == 256);
	CHECK(memcmp(a, b, 256) != 0);
	CHECK(getrandom(a, 256, GRND_NONBLOCK) == 256);
	CHECK_ERR(getrandom(a, 1, 0x100), EINVAL);
	CHECK_ERR(getrandom((void *)8, 16, 0), EFAULT);
	CHECK(getentropy(a, 256) == 0);
	int fd = open("/dev/urandom", O_RDONLY);
	CHECK(fd >= 0);
	size_t got = 0;
	while (got < sizeof(b)) {
		ssize_t n = read(fd, b + got, sizeof(b) - got);
		if (n <= 0)
			break;
		got += (size_t)n;
	}
	CHECK(got == sizeof(b));
	close(fd);
	fd = open("/dev/random", O_RDONLY);
	CHECK(fd >= 0 && read(fd, a, 64) == 64);
	close(fd);
	long bits = 0, histogram[256] = { 0 };
	double chi = 0;
	for (size_t i = 0; i < sizeof(b); i++) {
		bits += __builtin_popcount(b[i]);
		histogram[b[i]]++;
	}
	CHECK(bits > 262144 - 2000 && bits < 262144 + 2000);
	for (int i = 0; i < 256; i++) {
		double d = (double)histogram[i] - 256;
		chi += d * d / 256;
	}
	CHECK(chi > 150 && chi < 400); /* 255 degrees of freedom, about 6 standard deviations */
	uint64_t *r = (uint64_t *)getauxval(AT_RANDOM);
	CHECK(r != NULL && (r[0] | r[1]) != 0);
	if (argc > 1) {
		for (int i = 0; i < 16; i++)
			printf("%02x", b[i]);
		printf(" %016lx%016lx\n", r[0], r[1]);
	}
	return check_done();
}
