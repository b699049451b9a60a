// SPDX-License-Identifier: BSD-3-Clause
// What libraries and run-times read from /proc and /dev.
#define _GNU_SOURCE
#include "check.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static char text[65536];

static ssize_t slurp(const char *path)
{
	int fd = open(path, O_RDONLY);
	size_t total = 0;
	ssize_t n;
	while (fd >= 0 && (n = read(fd, text + total, 1000)) > 0 && total < sizeof(text) - 1001) {
		total += (size_t)n;
	}
	text[total] = 0;
	CHECK(fd >= 0 && total > 0);
	close(fd);
	return (ssize_t)total;
}

static void device(const char *path, unsigned maj, unsigned min)
{
	struct stat st;
	CHECK(stat(path, &st) == 0 && S_ISCHR(st.st_mode));
	CHECK(major(st.st_rdev) == maj && minor(st.st_rdev) == min);
}

int main(int argc, char **argv)
{
	char path[4096], link[4096];
	(void)argc;
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	CHECK(n > 0);
	path[n > 0 ? n : 0] = 0;
	CHECK(access(path, X_OK) == 0);
	n = slurp("/proc/self/cmdline");
	CHECK(strcmp(text, argv[0]) == 0 && n >= (ssize_t)strlen(argv[0]) + 1);
	slurp("/proc/self/maps");
	CHECK(strstr(text, path) != NULL && strstr(text, "[stack]") != NULL &&
	      strstr(text, "[vdso]") != NULL);
	CHECK(strstr(text, "r-xp") != NULL);
	unsigned long lo, hi, here = (unsigned long)(uintptr_t)&lo;
	char *stack = strstr(text, "[stack]");
	while (stack > text && stack[-1] != '\n')
		stack--;
	CHECK(sscanf(stack, "%lx-%lx rw-p", &lo, &hi) == 2 && lo <= here && here < hi);
	slurp("/proc/self/status");
	CHECK(strncmp(text, "Name:\tprocfs", 12) == 0 && strstr(text, "\nVmRSS:") != NULL);
	CHECK(strstr(text, "\nThreads:\t1\n") != NULL && strstr(text, "\nUid:\t") != NULL);
	slurp("/proc/self/stat");
	CHECK(strstr(text, "(procfs) R ") != NULL);
	slurp("/proc/self/statm");
	slurp("/proc/self/auxv");
	slurp("/proc/self/environ");
	slurp("/proc/self/limits");
	slurp("/proc/self/mounts");
	slurp("/proc/cpuinfo");
	CHECK(strstr(text, "processor\t: 0") != NULL);
	slurp("/proc/meminfo");
	CHECK(strncmp(text, "MemTotal:", 9) == 0 && strstr(text, "\nMemAvailable:") != NULL);
	slurp("/proc/stat");
	slurp("/proc/uptime");
	slurp("/proc/loadavg");
	slurp("/proc/version");
	slurp("/proc/filesystems");
	slurp("/proc/sys/kernel/osrelease");
	slurp("/proc/sys/vm/overcommit_memory");
	slurp("/proc/sys/kernel/random/boot_id");
	slurp("/proc/self/comm");
	CHECK(strcmp(text, "procfs\n") == 0);

	char name[] = "/tmp/procfs-XXXXXX";
	int fd = mkstemp(name);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	CHECK(n == 18 && memcmp(path, name, 18) == 0);
	CHECK(write(fd, "via link", 8) == 8);
	int again = open(link, O_RDONLY);
	CHECK(again >= 0 && read(again, path, 20) == 8);
	close(again);
	snprintf(link, sizeof(link), "/proc/self/fdinfo/%d", fd);
	slurp(link);
	CHECK(strncmp(text, "pos:\t8\n", 7) == 0);
	int count = 0, pfd[2];
	DIR *d = opendir("/proc/self/fd");
	for (struct dirent *e; d && (e = readdir(d));)
		count += e->d_name[0] != '.';
	closedir(d);
	CHECK(count >= 5);
	CHECK(pipe(pfd) == 0);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", pfd[0]);
	n = readlink(link, path, sizeof(path) - 1);
	CHECK(n > 6 && memcmp(path, "pipe:[", 6) == 0);
	unlink(name);
	n = readlink("/proc/self/cwd", path, sizeof(path) - 1);
	CHECK(n > 0 && path[0] == '/');
	CHECK(readlink("/proc/self", path, sizeof(path)) > 0);
	CHECK_ERR(open("/proc/self/nothing", O_RDONLY), ENOENT);

	device("/dev/null", 1, 3);
	device("/dev/zero", 1, 5);
	device("/dev/full", 1, 7);
	device("/dev/random", 1, 8);
	device("/dev/urandom", 1, 9);
	device("/dev/tty", 5, 0);
	fd = open("/dev/null", O_RDWR);
	CHECK(write(fd, "gone", 4) == 4 && read(fd, path, 4) == 0);
	close(fd);
	fd = open("/dev/zero", O_RDWR);
	memset(path, 1, 100);
	CHECK(read(fd, path, 100) == 100 && path[0] == 0 && path[99] == 0);
	close(fd);
	fd = open("/dev/full", O_RDWR);
	CHECK_ERR(write(fd, "x", 1), ENOSPC);
	close(fd);
	fd = open("/dev/stdout", O_WRONLY);
	CHECK(fd >= 0);
	fflush(stdout);
	CHECK(write(fd, "through /dev/stdout\n", 20) == 20);
	close(fd);
	CHECK(access("/dev/fd/0", F_OK) == 0 && access("/dev/stdin", F_OK) == 0 &&
	      access("/dev/stderr", F_OK) == 0);
	return check_done();
}
