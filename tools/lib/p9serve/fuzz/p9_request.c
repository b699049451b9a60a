// SPDX-License-Identifier: BSD-3-Clause
// sources: ../wire.c ../fid.c ../qid.c ../session.c ../open.c ../io.c ../names.c ../attr.c
// sources: ../xattr.c ../lock.c
/*
 * Messages of a hostile client, one after the other: two bytes of length, then type, tag and body.
 * They act on a folder of their own, which must be all that they reach: a file beside it keeps its
 * content.
 */
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <signal.h>
#include <unistd.h>

#include "../p9s.h"

#define RUNS_BETWEEN_CLEANING 500u

static char top[] = "/tmp/unicore-p9fuzz-XXXXXX";
static int top_fd = -1;

static int drop(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	if (ftw->level > 0)
		remove(path);
	return 0;
}

static void put(const char *name, const char *text)
{
	int fd = openat(top_fd, name, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		abort();
	close(fd);
}

static void fill(void)
{
	nftw(top, drop, 16, FTW_DEPTH | FTW_PHYS);
	if (mkdirat(top_fd, "in", 0755) || mkdirat(top_fd, "in/d", 0755))
		abort();
	put("secret", "secret");
	put("in/a", "text");
	if (symlinkat("../secret", top_fd, "in/l"))
		abort();
}

static void finish(void)
{
	nftw(top, drop, 16, FTW_DEPTH | FTW_PHYS);
	rmdir(top);
}

static void start(void)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	const struct rlimit small = { 1 << 20, 1 << 20 };

	if (!mkdtemp(top) || (top_fd = open(top, O_RDONLY | O_DIRECTORY)) < 0)
		abort();
	setrlimit(RLIMIT_FSIZE, &small);
	sigaction(SIGXFSZ, &ignore, NULL);
	atexit(finish);
}

static void check(void)
{
	char text[16];
	int fd = openat(top_fd, "secret", O_RDONLY);

	if (fd < 0 || read(fd, text, sizeof(text)) != 6 || memcmp(text, "secret", 6))
		abort();
	close(fd);
}

static void session(const uint8_t *p, size_t n, bool ro)
{
	static const uint8_t hello[] = { 21, 0, 0,   0,   100, 0,   0,   0,   64,  0,  0,
					 8,  0, '9', 'P', '2', '0', '0', '0', '.', 'L' };
	static const uint8_t attach[] = { 23,   0,    0,    0, 104, 1, 0, 0, 0, 0, 0, 0xff,
					  0xff, 0xff, 0xff, 0, 0,   0, 0, 0, 0, 0, 0 };
	static uint8_t reply[UC_P9S_MSIZE];
	struct uc_p9s *s = uc_p9s_new(openat(top_fd, "in", O_PATH | O_DIRECTORY), ro);

	if (uc_p9s_answer(s, hello, sizeof(hello), reply) < 0 ||
	    uc_p9s_answer(s, attach, sizeof(attach), reply) < 0)
		abort();
	while (n >= 2) {
		size_t len = p[0] | (size_t)p[1] << 8;

		p += 2;
		n -= 2;
		len = len < n ? len : n;
		uint32_t size = (uint32_t)len + 4;
		uint8_t *msg = malloc(size); /* exact, so that the sanitizer sees every overrun */
		memcpy(msg, &size, 4);
		memcpy(msg + 4, p, len);
		int r = uc_p9s_answer(s, msg, size, reply);
		if (r > (int)UC_P9S_MSIZE || (r >= 0 && r < (int)P9S_HDR))
			abort();
		free(msg);
		p += len;
		n -= len;
	}
	uc_p9s_free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static unsigned runs;

	if (top_fd < 0)
		start();
	if (runs++ % RUNS_BETWEEN_CLEANING == 0)
		fill();
	if (n) {
		session(p + 1, n - 1, p[0] & 1);
		check();
	}
	return 0;
}
