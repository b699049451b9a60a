// SPDX-License-Identifier: BSD-3-Clause
// Pipes and FIFOs: atomic writes, blocking, capacity, ends closed.
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static void *drain(void *arg)
{
	char buf[5000];
	size_t total = 0;
	ssize_t n;
	unsigned char next = 0;
	while ((n = read(*(int *)arg, buf, sizeof(buf))) > 0) {
		for (ssize_t i = 0; i < n; i++) {
			CHECK((unsigned char)buf[i] == next);
			next++;
		}
		total += (size_t)n;
	}
	return (void *)total;
}

static void *fifo_reader(void *arg)
{
	char buf[8];
	int fd = open(arg, O_RDONLY);
	ssize_t n = read(fd, buf, sizeof(buf));
	close(fd);
	return (void *)n;
}

int main(void)
{
	int p[2], n;
	char buf[8192];
	struct stat st;
	CHECK(pipe(p) == 0 && p[0] == 3 && p[1] == 4);
	CHECK(fstat(p[0], &st) == 0 && S_ISFIFO(st.st_mode));
	CHECK_ERR(lseek(p[0], 0, SEEK_SET), ESPIPE);
	CHECK_ERR(read(p[1], buf, 1), EBADF);
	CHECK_ERR(write(p[0], buf, 1), EBADF);
	CHECK(write(p[1], "hello", 5) == 5);
	CHECK(ioctl(p[0], FIONREAD, &n) == 0 && n == 5);
	CHECK(read(p[0], buf, 2) == 2 && read(p[0], buf, 10) == 3 && buf[2] == 'o');
	CHECK(fcntl(p[0], F_GETPIPE_SZ) == 65536);
	CHECK(fcntl(p[1], F_SETPIPE_SZ, 4096) == 4096);
	CHECK(fcntl(p[1], F_SETPIPE_SZ, 65536) == 65536);
	CHECK(fcntl(p[0], F_SETFL, O_NONBLOCK) == 0 && fcntl(p[1], F_SETFL, O_NONBLOCK) == 0);
	CHECK_ERR(read(p[0], buf, 1), EAGAIN);
	long total = 0;
	ssize_t w;
	memset(buf, 1, sizeof(buf));
	while ((w = write(p[1], buf, 4096)) > 0)
		total += w;
	CHECK(w == -1 && errno == EAGAIN && total == 65536);
	CHECK(read(p[0], buf, 100) == 100);
	/* Writes up to PIPE_BUF are all or nothing. */
	CHECK_ERR(write(p[1], buf, 4096), EAGAIN);
	fcntl(p[0], F_SETFL, 0);
	while (total > 100) {
		w = read(p[0], buf, sizeof(buf));
		if (w <= 0)
			break;
		total -= w;
	}
	close(p[1]);
	CHECK(read(p[0], buf, 1) == 0);
	close(p[0]);

	CHECK(pipe(p) == 0);
	close(p[0]);
	signal(SIGPIPE, SIG_IGN);
	CHECK_ERR(write(p[1], "x", 1), EPIPE);
	close(p[1]);

	/* A megabyte through a full pipe, from scattered buffers. */
	CHECK(pipe2(p, O_CLOEXEC) == 0);
	CHECK(fcntl(p[0], F_GETFD) == FD_CLOEXEC);
	pthread_t t;
	pthread_create(&t, NULL, drain, &p[0]);
	unsigned char *big = malloc(1 << 20);
	for (int i = 0; i < 1 << 20; i++)
		big[i] = (unsigned char)i;
	struct iovec iov[3] = { { big, 1 }, { big + 1, 0 }, { big + 1, (1 << 20) - 1 } };
	CHECK(writev(p[1], iov, 3) == 1 << 20);
	close(p[1]);
	void *got;
	pthread_join(t, &got);
	CHECK((size_t)got == 1 << 20);
	close(p[0]);
	free(big);

	char name[64];
	snprintf(name, sizeof(name), "/tmp/fifo-%d", getpid());
	CHECK(mkfifo(name, 0600) == 0);
	CHECK_ERR(mkfifo(name, 0600), EEXIST);
	CHECK_ERR(open(name, O_WRONLY | O_NONBLOCK), ENXIO);
	pthread_create(&t, NULL, fifo_reader, name);
	int fd = open(name, O_WRONLY);
	CHECK(fd >= 0 && write(fd, "fifo", 4) == 4);
	pthread_join(t, &got);
	CHECK(got == (void *)4);
	close(fd);
	unlink(name);
	return check_done();
}
