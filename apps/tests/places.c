// SPDX-License-Identifier: BSD-3-Clause
/* Prints what is to be another at each start, then uses what a start leaves to be used: clocks,
 * sleep, threads, children, files. One `name value` a line. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void *thread(void *arg)
{
	*(int *)arg += 1;
	return NULL;
}

static double since(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void places(void)
{
	uint64_t number = 0, start[2], guard = 0;

	getrandom(&number, sizeof(number), 0);
	memcpy(start, (void *)getauxval(AT_RANDOM), sizeof(start));
#ifdef __x86_64__
	__asm__("movq %%fs:40,%0" : "=r"(guard));
#endif
	printf("code %p\n", (void *)places);
	printf("stack %p\n", (void *)&number);
	printf("heap %p\n", sbrk(0));
	printf("mmap %p\n", mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	printf("vdso %#lx\n", getauxval(AT_SYSINFO_EHDR));
	printf("random %#lx\n", (unsigned long)number);
	printf("auxv %#lx%lx\n", (unsigned long)start[0], (unsigned long)start[1]);
	printf("guard %#lx\n", (unsigned long)guard);
}

static int works(void)
{
	double before = since(CLOCK_MONOTONIC);
	int n = 0, status = 0;
	char line[256];
	pthread_t t;
	FILE *f;

	usleep(20000);
	if (before < 0 || before > 60 || since(CLOCK_MONOTONIC) - before < 0.02)
		return 1;
	if (since(CLOCK_REALTIME) < 1.7e9 ||
	    since(CLOCK_PROCESS_CPUTIME_ID) > 0.9)
		return 2;
	if (pthread_create(&t, NULL, thread, &n) || pthread_join(t, NULL) || n != 1)
		return 3;
	pid_t child = fork();
	if (!child)
		_exit(7);
	if (waitpid(child, &status, 0) != child || WEXITSTATUS(status) != 7)
		return 4;
	f = fopen("/tmp/file", "w+");
	if (!f || fprintf(f, "%d\n", 12345) != 6 || fclose(f))
		return 5;
	f = fopen("/proc/self/maps", "r");
	if (!f || !fgets(line, sizeof(line), f))
		return 6;
	return 0;
}

int main(int argc, char **argv)
{
	places();
	if (argc > 1)
		printf("argument %s\n", argv[1]);
	printf("works %d\n", works());
	return argc > 1 ? atoi(argv[1]) : 0;
}
