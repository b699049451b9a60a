// SPDX-License-Identifier: BSD-3-Clause
// Standard streams are three separate, binary-clean byte streams: stdin goes to stdout, its
// complement to stderr.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int put(int fd, const unsigned char *p, size_t n)
{
	while (n > 0) {
		ssize_t w = write(fd, p, n);
		if (w <= 0)
			return -1;
		p += w;
		n -= (size_t)w;
	}
	return 0;
}

int main(int argc, char **argv)
{
	static unsigned char buf[20000];
	long total = 0;
	ssize_t n;
	if (argc > 1 && strcmp(argv[1], "tty") == 0) {
		printf("%d %d %d\n", isatty(0), isatty(1), isatty(2));
		return 0;
	}
	if (argc > 1 && strcmp(argv[1], "all") == 0) {
		for (int i = 0; i < 256; i++)
			buf[i] = (unsigned char)i;
		return put(1, buf, 256) || put(2, buf, 256);
	}
	while ((n = read(0, buf, sizeof(buf))) > 0) {
		if (put(1, buf, (size_t)n) < 0)
			return 2;
		for (ssize_t i = 0; i < n; i++)
			buf[i] = (unsigned char)~buf[i];
		if (put(2, buf, (size_t)n) < 0)
			return 3;
		total += n;
	}
	if (n < 0)
		return 4;
	return (int)(total & 127);
}
