// SPDX-License-Identifier: BSD-3-Clause
// Data moved without or by several buffers: vectors with positions, pipes filled from files, memory
// of processes, and hints about files, in the folder named by the argument.
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static char a[16], b[16], text[] = "0123456789abcdef";

static void vectors(int fd)
{
	struct iovec v[2] = { { text, 4 }, { text + 10, 6 } }, r[2] = { { a, 3 }, { b, 5 } };

	CHECK(syscall(SYS_pwrite64, fd, text, 16, 0) == 16 &&
	      syscall(SYS_pread64, fd, a, 4, 12) == 4 && !memcmp(a, "cdef", 4));
	CHECK_ERR(syscall(SYS_pread64, fd, a, 4, -1l), EINVAL);
	CHECK(syscall(SYS_pwritev, fd, v, 2, 4, 0) == 10 &&
	      syscall(SYS_preadv, fd, r, 2, 4, 0) == 8);
	CHECK(!memcmp(a, "012", 3) && !memcmp(b, "3abcd", 5));
	CHECK_ERR(syscall(SYS_preadv, fd, r, -1, 0, 0), EINVAL);
	CHECK_ERR(syscall(SYS_pwritev, fd, v, 1, -1l, 0l), EINVAL);
	CHECK(lseek(fd, 0, SEEK_SET) == 0 && syscall(SYS_pwritev2, fd, v, 1, -1l, -1l, 0) == 4 &&
	      lseek(fd, 0, SEEK_CUR) == 4);
	CHECK(syscall(SYS_preadv2, fd, r, 1, 0, 0, 0) == 3 && !memcmp(a, "012", 3));
	CHECK_ERR(syscall(SYS_preadv2, fd, r, 1, 0, 0, 1 << 20), EOPNOTSUPP);
}

static void pipes(int fd)
{
	int p[2], q[2];
	off_t at = 10;
	struct iovec v = { text, 5 };

	CHECK(pipe(p) == 0 && pipe(q) == 0);
	CHECK(syscall(SYS_splice, fd, &at, p[1], 0, 4, 0) == 4 && at == 14);
	CHECK(syscall(SYS_tee, p[0], q[1], 4, 0) == 4);
	CHECK(read(p[0], a, 16) == 4 && read(q[0], b, 16) == 4 && !memcmp(a, b, 4));
	CHECK(syscall(SYS_vmsplice, p[1], &v, 1, 0) == 5 &&
	      syscall(SYS_splice, p[0], 0, q[1], 0, 16, 0) == 5);
	at = 20;
	CHECK(syscall(SYS_splice, q[0], 0, fd, &at, 5, 0) == 5 && at == 25 &&
	      pread(fd, a, 5, 20) == 5 && !memcmp(a, text, 5));
	CHECK_ERR(syscall(SYS_splice, fd, 0, fd, 0, 4, 0), EINVAL);
	CHECK_ERR(syscall(SYS_splice, p[0], &at, q[1], 0, 4, 0), ESPIPE);
	CHECK_ERR(syscall(SYS_splice, fd, &at, p[1], 0, 4, 64), EINVAL);
	CHECK_ERR(syscall(SYS_tee, fd, q[1], 4, 0), EINVAL);
	CHECK_ERR(syscall(SYS_tee, p[0], q[1], 4, SPLICE_F_NONBLOCK), EAGAIN);
	CHECK_ERR(syscall(SYS_vmsplice, fd, &v, 1, 0), EBADF);
	for (int i = 0; i < 2; i++) {
		close(p[i]);
		close(q[i]);
	}
}

static void hints(int fd)
{
	int p[2], copy = open("copy", O_CREAT | O_RDWR, 0600),
		  log = open("log", O_CREAT | O_WRONLY | O_APPEND, 0600);
	off_t from = 0;

	CHECK(pipe(p) == 0);
	CHECK(syscall(SYS_fadvise64, fd, 0, 10, POSIX_FADV_WILLNEED) == 0);
	CHECK(syscall(SYS_fadvise64, fd, 0, 10, 99) == -1 && errno == EINVAL);
	CHECK_ERR(syscall(SYS_fadvise64, p[0], 0, 10, POSIX_FADV_NORMAL), ESPIPE);
	CHECK(syscall(SYS_readahead, fd, 0, 10) == 0);
	CHECK_ERR(syscall(SYS_readahead, -1, 0, 10), EBADF);
	CHECK_ERR(syscall(SYS_readahead, p[0], 0, 10), EINVAL);
	CHECK(syscall(SYS_sync_file_range, fd, 0, 10, SYNC_FILE_RANGE_WRITE) == 0);
	CHECK_ERR(syscall(SYS_sync_file_range, fd, 0, 10, 64), EINVAL);
	CHECK_ERR(syscall(SYS_sync_file_range, p[0], 0, 10, 0), ESPIPE);
	CHECK(syscall(SYS_sync) == 0);
	CHECK(syscall(SYS_copy_file_range, fd, &from, copy, 0, 8, 0) == 8 && from == 8);
	CHECK_ERR(syscall(SYS_copy_file_range, fd, 0, p[1], 0, 8, 0), EINVAL);
	CHECK_ERR(syscall(SYS_copy_file_range, fd, 0, copy, 0, 8, 1), EINVAL);
	CHECK_ERR(syscall(SYS_copy_file_range, fd, 0, log, 0, 8, 0), EBADF);
	close(copy);
	close(log);
	close(p[0]);
	close(p[1]);
	unlink("copy");
	unlink("log");
}

static void memory_of_processes(void)
{
	static char shown[8] = "parent";
	struct iovec here = { a, 6 }, there = { shown, 6 };
	int p[2], status;

	CHECK(pipe(p) == 0);
	pid_t child = fork();
	if (!child) {
		memcpy(shown, "child", 6);
		close(p[1]);
		_exit(read(p[0], b, 1) != 0 || strcmp(shown, "other"));
	}
	close(p[0]);
	do
		CHECK(syscall(SYS_process_vm_readv, child, &here, 1, &there, 1, 0) == 6);
	while (memcmp(a, "child", 6));
	memcpy(a, "other", 6);
	CHECK(syscall(SYS_process_vm_writev, child, &here, 1, &there, 1, 0) == 6);
	CHECK_ERR(syscall(SYS_process_vm_readv, child, &here, 1, &there, 1, 1), EINVAL);
	there.iov_base = (void *)16;
	CHECK_ERR(syscall(SYS_process_vm_readv, child, &here, 1, &there, 1, 0), EFAULT);
	CHECK_ERR(syscall(SYS_process_vm_writev, INT_MAX, &here, 1, &there, 1, 0), ESRCH);
	close(p[1]);
	CHECK(waitpid(child, &status, 0) == child && status == 0);
}

static void waits(void)
{
	struct timespec soon = { 0, 1000000 };
	struct timeval short_time = { 0, 1000 };
	fd_set set;
	int p[2];

	CHECK(pipe(p) == 0);
	struct pollfd f = { p[0], POLLIN, 0 };
	CHECK(syscall(SYS_ppoll, &f, 1, &soon, 0, 8) == 0);
	FD_ZERO(&set);
	FD_SET(p[0], &set);
	CHECK(syscall(SYS_pselect6, p[0] + 1, &set, 0, 0, &soon, 0) == 0 && !FD_ISSET(p[0], &set));
	FD_SET(p[0], &set);
	CHECK(write(p[1], "x", 1) == 1 &&
	      syscall(SYS_select, p[0] + 1, &set, 0, 0, &short_time) == 1 && FD_ISSET(p[0], &set));
	CHECK(syscall(SYS_ppoll, &f, 1, 0, 0, 8) == 1 && f.revents == POLLIN);
	soon.tv_nsec = 2000000000;
	CHECK_ERR(syscall(SYS_ppoll, &f, 1, &soon, 0, 8), EINVAL);
	CHECK_ERR(syscall(SYS_pselect6, -1, &set, 0, 0, 0, 0), EINVAL);
	close(p[0]);
	close(p[1]);
}

int main(int argc, char **argv)
{
	char where[100];

	snprintf(where, sizeof(where), "%s/moving-XXXXXX", argc > 1 ? argv[1] : "/tmp");
	CHECK(mkdtemp(where) && chdir(where) == 0);
	int fd = open("f", O_CREAT | O_RDWR, 0600);
	vectors(fd);
	pipes(fd);
	hints(fd);
	memory_of_processes();
	waits();
	CHECK(unlink("f") == 0 && chdir("/") == 0 && rmdir(where) == 0);
	return check_done();
}
