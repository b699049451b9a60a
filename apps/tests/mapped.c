// SPDX-License-Identifier: BSD-3-Clause
// mapped FILE HOW: changes FILE through shared mappings of two processes and ends without msync,
// the other process still there: by exit, by abort, or by kill of itself.
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096

static char *map(const char *path, off_t at)
{
	int fd = open(path, O_RDWR | O_CREAT, 0644);
	char *p = MAP_FAILED;
	if (!ftruncate(fd, 3 * PAGE))
		p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, at);
	close(fd);
	if (p == MAP_FAILED) {
		perror(path);
		exit(2);
	}
	return p;
}

int main(int argc, char **argv)
{
	int ready[2];
	char c;
	if (argc != 3 || pipe(ready))
		return 2;
	strcpy(map(argv[1], 0), "the first process\n");
	if (!fork()) {
		strcpy(map(argv[1], 2 * PAGE), "the second process\n");
		close(ready[1]);
		alarm(60); // in case it outlives the first one
		pause();
		return 1;
	}
	close(ready[1]);
	(void)!read(ready[0], &c, 1);
	if (!strcmp(argv[2], "abort"))
		abort();
	if (!strcmp(argv[2], "kill"))
		kill(getpid(), SIGKILL);
	return 0;
}
