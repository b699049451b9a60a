// SPDX-License-Identifier: BSD-3-Clause
/*
 * The first program of the Linux kernel that figures are compared with. /uc-bench holds, one per
 * line: working directory, number of environment strings, these, number of arguments, these. The
 * program's output goes to files in the root file system, which is in memory. The console gets a
 * line when its execve has succeeded and one when it has ended; the host takes the times, because
 * a guest's clock may lose ticks on a busy machine. The last line has the status and an FNV-1a sum
 * of stdout.
 * /uc-net, if it is there: address and mask of eth0; the modules /uc-modules/0.ko, 1.ko ... are
 * loaded before, and the program's output goes to the console.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char *line_of(FILE *f)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n = getline(&line, &cap, f);
	if (n <= 0) {
		free(line);
		return NULL;
	}
	if (line[n - 1] == '\n')
		line[n - 1] = 0;
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

static void load_modules(void)
{
	for (int i = 0;; i++) {
		char path[64];
		snprintf(path, sizeof(path), "/uc-modules/%d.ko", i);
		int fd = open(path, O_RDONLY);
		if (fd < 0)
			return;
		if (syscall(SYS_finit_module, fd, "", 0) != 0)
			perror(path);
		close(fd);
	}
}

static void set_address(int s, unsigned long what, struct ifreq *r, const char *text)
{
	struct sockaddr_in *a = (struct sockaddr_in *)&r->ifr_addr;
	a->sin_family = AF_INET;
	inet_pton(AF_INET, text, &a->sin_addr);
	if (ioctl(s, what, r) != 0)
		perror(text);
}

static void interface_up(int s, struct ifreq *r)
{
	ioctl(s, SIOCGIFFLAGS, r);
	r->ifr_flags |= IFF_UP;
	if (ioctl(s, SIOCSIFFLAGS, r) != 0)
		perror(r->ifr_name);
}

/* Whether there is a network. */
static bool network(void)
{
	FILE *f = fopen("/uc-net", "r");
	if (!f)
		return false;
	char *address = line_of(f), *mask = line_of(f);
	fclose(f);
	load_modules();
	int s = socket(AF_INET, SOCK_DGRAM, 0);
	struct ifreq lo = { .ifr_name = "lo" }, eth = { .ifr_name = "eth0" };
	interface_up(s, &lo);
	if (address && mask) {
		set_address(s, SIOCSIFADDR, &eth, address);
		set_address(s, SIOCSIFNETMASK, &eth, mask);
		interface_up(s, &eth);
	}
	close(s);
	return true;
}

static int run(const char *cwd, char **env, char **args, int console, bool visible)
{
	int p[2], status = -1;
	char c;
	if (pipe2(p, O_CLOEXEC) != 0)
		return -1;
	pid_t pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_RDONLY);
		dup2(null, 0);
		if (visible) {
			dup2(console, 1);
			dup2(console, 2);
		} else {
			to_file("/tmp/stdout", 1);
			to_file("/tmp/stderr", 2);
		}
		if (chdir(cwd) == 0)
			execve(args[0], args, env);
		_exit(127);
	}
	close(p[1]);
	while (read(p[0], &c, 1) < 0 && errno == EINTR) {}
	dprintf(console, "\nUCBENCH START\n");
	waitpid(pid, &status, 0);
	dprintf(console, "UCBENCH END\n");
	return status;
}

static uint64_t sum_of(const char *path)
{
	uint64_t sum = 0xcbf29ce484222325ull;
	FILE *f = fopen(path, "r");
	for (int c; f && (c = getc(f)) != EOF;) {
		sum = (sum ^ (unsigned)c) * 0x100000001b3ull;
	}
	if (f)
		fclose(f);
	return sum;
}

int main(void)
{
	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	mkdir("/dev", 0755);
	mkdir("/tmp", 01777);
	mount("proc", "/proc", "proc", 0, NULL);
	mount("sys", "/sys", "sysfs", 0, NULL);
	mount("dev", "/dev", "devtmpfs", 0, NULL);
	int console = open("/dev/ttyS0", O_RDWR);
	bool net = network();
	FILE *f = fopen("/uc-bench", "r");
	if (f) {
		char *cwd = line_of(f), **env = list_of(f), **args = list_of(f);
		int status = run(cwd, env, args, console, net);
		dprintf(console, "UCBENCH RESULT %d %016llx\n", status,
			(unsigned long long)sum_of("/tmp/stdout"));
	}
	sync();
	sleep(1);
	reboot(RB_AUTOBOOT);
	return 0;
}
