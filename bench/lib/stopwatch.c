// SPDX-License-Identifier: BSD-3-Clause
/*
 * Times for the benchmark runner, in ns.
 *
 * stopwatch COMMAND...
 *	runs it; prints "FIRST_OUTPUT EXIT STATUS": from just before its execve to the first byte
 *	on its stdout, and to its end
 * stopwatch between FROM TO COMMAND...
 *	runs it, copies its stdout to stderr, and prints the time between the first lines with the
 *	texts FROM and TO
 * stopwatch until TEXT COMMAND...
 *	runs it until a line of its stdout has TEXT, prints the time from just before its execve to
 *	then, and ends it
 * stopwatch sum FILE
 *	prints the FNV-1a sum of its bytes
 *
 * With UC_STOPWATCH_FROM=FILE the first form counts from the time noted in FILE. With
 * UC_STOPWATCH_EXEC=PROGRAM it notes the time in UC_STOPWATCH_MARK and becomes PROGRAM with these
 * arguments, so it can stand in for the emulator.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ns(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ll + ts.tv_nsec;
}

static int mark_and_become(const char *file, char **command)
{
	FILE *f = fopen(file, "w");
	unsetenv("UC_STOPWATCH_MARK");
	if (f) {
		fprintf(f, "%lld\n", (long long)now_ns());
		fclose(f);
	}
	execvp(command[0], command);
	perror(command[0]);
	return 127;
}

/* Reads until the end; the time of the first byte, or 0. */
static int64_t drain(int fd)
{
	char buf[65536];
	int64_t first = 0;
	ssize_t n;
	while ((n = read(fd, buf, sizeof(buf))) > 0 || (n < 0 && errno == EINTR)) {
		if (first == 0 && n > 0)
			first = now_ns();
	}
	return first;
}

/* The time between two lines of what fd says, -1 if one of them does not come. */
static int64_t between(int fd, const char *from, const char *to)
{
	FILE *f = fdopen(fd, "r");
	char line[4096];
	int64_t begun = 0, ended = 0;
	while (f && fgets(line, sizeof(line), f)) {
		if (!begun && strstr(line, from))
			begun = now_ns();
		if (begun && !ended && strstr(line, to))
			ended = now_ns();
		fputs(line, stderr);
	}
	if (f)
		fclose(f);
	return begun && ended ? ended - begun : -1;
}

/* Starts the command; *out: its stdout. -1: cannot. */
static pid_t spawn(char **command, int *out)
{
	int p[2];
	pid_t pid = pipe(p) == 0 ? fork() : -1;
	if (pid == 0) {
		dup2(p[1], 1);
		close(p[0]);
		close(p[1]);
		execvp(command[0], command);
		_exit(127);
	}
	if (pid > 0) {
		close(p[1]);
		*out = p[0];
	}
	return pid;
}

/* Runs the command until its stdout has a line with the text. */
static int until(const char *text, char **command)
{
	char line[4096];
	int64_t start = now_ns(), seen = -1;
	int out;
	pid_t pid = spawn(command, &out);
	if (pid < 0)
		return 2;
	FILE *f = fdopen(out, "r");
	while (f && seen < 0 && fgets(line, sizeof(line), f)) {
		if (strstr(line, text))
			seen = now_ns() - start;
	}
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	printf("%lld\n", (long long)seen);
	return seen < 0;
}

static int print_sum(const char *path)
{
	uint64_t sum = 0xcbf29ce484222325ull;
	FILE *f = fopen(path, "r");
	if (!f)
		return 2;
	for (int c; (c = getc(f)) != EOF;) {
		sum = (sum ^ (unsigned)c) * 0x100000001b3ull;
	}
	fclose(f);
	printf("%016llx\n", (unsigned long long)sum);
	return 0;
}

int main(int argc, char **argv)
{
	const char *mark = getenv("UC_STOPWATCH_MARK"), *from = getenv("UC_STOPWATCH_FROM");
	const char *target = getenv("UC_STOPWATCH_EXEC");
	int out, status = 0;
	if (target) { /* called in place of the emulator: the arguments are the emulator's */
		argv[0] = (char *)target;
		unsetenv("UC_STOPWATCH_EXEC");
		return mark_and_become(mark, argv);
	}
	if (argc == 3 && strcmp(argv[1], "sum") == 0)
		return print_sum(argv[2]);
	if (argc > 3 && strcmp(argv[1], "until") == 0)
		return until(argv[2], argv + 3);
	if (argc < 2)
		return 2;
	bool lines = argc > 4 && strcmp(argv[1], "between") == 0;
	char **command = argv + (lines ? 4 : 1);
	int64_t start = now_ns();
	pid_t pid = spawn(command, &out);
	if (pid < 0)
		return 2;
	if (lines) {
		printf("%lld\n", (long long)between(out, argv[2], argv[3]));
		waitpid(pid, &status, 0);
		return 0;
	}
	int64_t first = drain(out);
	waitpid(pid, &status, 0);
	int64_t end = now_ns();
	if (from) {
		FILE *f = fopen(from, "r");
		char text[32] = "";
		if (!f || !fgets(text, sizeof(text), f))
			return 3;
		fclose(f);
		start = strtoll(text, NULL, 10);
	}
	printf("%lld %lld %d\n", (long long)(first ? first - start : -1), (long long)(end - start),
	       WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return 0;
}
