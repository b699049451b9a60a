// SPDX-License-Identifier: BSD-3-Clause
/*
 * micro OPERATION COUNT: nanoseconds for one operation, measured by the program itself. getppid
 * read (1 byte of /dev/zero)  clock (clock_gettime as a system call)  vdso (as the C library does
 * it)  wake (FUTEX_WAKE, nobody waits)  pingpong (a byte through two pipes between two threads and
 * back)  touch (each page of COUNT MiB of fresh memory; time for a page) none (prints a line and
 * sleeps for COUNT seconds)
 */
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long count;
static int there[2], back[2];

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int word;

static int op_getppid(void)
{
	return getppid() < 0;
}

static int op_read(void)
{
	static int fd = -1;
	char c;

	if (fd < 0)
		fd = open("/dev/zero", O_RDONLY);
	return read(fd, &c, 1) != 1;
}

static int op_clock(void)
{
	struct timespec t;

	return syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &t) != 0;
}

static int op_vdso(void)
{
	struct timespec t;

	return clock_gettime(CLOCK_MONOTONIC, &t);
}

static int op_wake(void)
{
	return syscall(SYS_futex, &word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, NULL, NULL, 0) != 0;
}

static int op_pingpong(void)
{
	char c = 'x';

	return write(there[1], &c, 1) != 1 || read(back[0], &c, 1) != 1;
}

static void *echo(void *arg)
{
	char c;

	while (read(there[0], &c, 1) == 1)
		if (write(back[1], &c, 1) != 1)
			break;
	return arg;
}

static double measure(int (*op)(void))
{
	double start;

	for (long i = 0; i < count / 10 + 1; i++)
		if (op())
			exit(1);
	start = now();
	for (long i = 0; i < count; i++)
		if (op())
			exit(1);
	return (now() - start) / (double)count;
}

static double pingpong(void)
{
	pthread_t t;

	if (pipe(there) || pipe(back) || pthread_create(&t, NULL, echo, NULL))
		exit(1);
	return measure(op_pingpong);
}

static double touch(void)
{
	size_t n = (size_t)count << 20, page = 4096;
	double start = now();
	char *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		exit(1);
	for (size_t i = 0; i < n; i += page)
		p[i] = 1;
	return (now() - start) / (double)(n / page);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*op)(void);
	} ops[] = { { "getppid", op_getppid }, { "read", op_read }, { "clock", op_clock },
		    { "vdso", op_vdso },       { "wake", op_wake } };
	double ns = -1;

	if (argc != 3)
		return 2;
	count = strtol(argv[2], NULL, 10);
	if (!strcmp(argv[1], "none")) {
		puts("idle");
		fflush(stdout);
		sleep((unsigned)count);
		return 0;
	}
	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		if (!strcmp(argv[1], ops[i].name))
			ns = measure(ops[i].op);
	if (!strcmp(argv[1], "pingpong"))
		ns = pingpong();
	if (!strcmp(argv[1], "touch"))
		ns = touch();
	if (ns < 0)
		return 2;
	printf("%.2f\n", ns);
	return 0;
}
