// SPDX-License-Identifier: BSD-3-Clause
/*
 * The first program of the Linux kernel that figures are compared with. /uc-bench holds, one per line:
 * working directory, number of environment strings, these, number of arguments, these. The program's output
 * goes to files in the root file system, which is in memory, and its time, from the end of execve to its exit, to the console with an FNV-1a sum of stdout.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ns(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ll + ts.tv_nsec;
}

static char *line_of(FILE *f)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n = getline(&line, &cap, f);
	if (n <= 0) {
		free(line);
		return NULL;
	}
	if (line[n - 1] == '\n') line[n - 1] = 0;
	return line;
}

static char **list_of(FILE *f)
{
	char *count = line_of(f);
	long n = count ? strtol(count, NULL, 10) : 0;
	char **list = calloc((size_t)n + 1, sizeof(char *));
	for (long i = 0; list && i < n; i++) {
		list[i] = line_of(f);
	}
	free(count);
	return list;
}

static void to_file(const char *path, int fd)
{
	int f = open(path, O_CREAT | O_RDWR | O_TRUNC, 0600);
	dup2(f, fd);
	close(f);
}

static int64_t run(const char *cwd, char **env, char **args, int *status)
{
	int p[2];
	char c;
	if (pipe2(p, O_CLOEXEC) != 0) return -1;
	pid_t pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_RDONLY);
		dup2(null, 0);
		to_file("/tmp/stdout", 1);
		to_file("/tmp/stderr", 2);
		if (chdir(cwd) == 0) execve(args[0], args, env);
		_exit(127);
	}
	close(p[1]);
	while (read(p[0], &c, 1) < 0 && errno == EINTR) {
	}
	int64_t start = now_ns();
	waitpid(pid, status, 0);
	return now_ns() - start;
}

static uint64_t sum_of(const char *path)
{
	uint64_t sum = 0xcbf29ce484222325ull;
	FILE *f = fopen(path, "r");
	for (int c; f && (c = getc(f)) != EOF;) {
		sum = (sum ^ (unsigned)c) * 0x100000001b3ull;
	}
	if (f) fclose(f);
	return sum;
}

int main(void)
{
	int status = 0;
	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	mkdir("/dev", 0755);
	mkdir("/tmp", 01777);
	mount("proc", "/proc", "proc", 0, NULL);
	mount("sys", "/sys", "sysfs", 0, NULL);
	mount("dev", "/dev", "devtmpfs", 0, NULL);
	int console = open("/dev/ttyS0", O_RDWR);
	FILE *f = fopen("/uc-bench", "r");
	if (f) {
		char *cwd = line_of(f), **env = list_of(f), **args = list_of(f);
		int64_t ns = run(cwd, env, args, &status);
		dprintf(console, "\nUCBENCH %lld %d %016llx\n", (long long)ns, status,
			(unsigned long long)sum_of("/tmp/stdout"));
	}
	sync();
	sleep(1);
	reboot(RB_AUTOBOOT);
	return 0;
}
