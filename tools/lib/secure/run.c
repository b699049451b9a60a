// SPDX-License-Identifier: BSD-3-Clause
/* Boots of the program on the image's kernel, by `unicore run`, and a look at the process that
 * is the machine. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <unicore/exit.h>
#include <unicore/msg.h>

#include "internal.h"

#define OUTPUT_MAX (1u << 20)

bool secure_sabotaged(const struct secure_case *c, const char *name)
{
	return c->s->sabotage && !strcmp(c->s->sabotage, name);
}

static void command(const struct secure_case *c, struct uc_vec *a)
{
	uc_vec_add(a, "unicore");
	uc_vec_add(a, "run");
	uc_vec_add(a, "--quiet");
	uc_vec_take(a, uc_xasprintf("--plat=%s", c->plat));
	uc_vec_take(a, uc_xasprintf("--timeout=%.3f", c->s->timeout_s));
	if (!c->process && c->s->accel)
		uc_vec_take(a, uc_xasprintf("--accel=%s", c->s->accel));
	if (!c->process && (secure_sabotaged(c, "filter") || secure_sabotaged(c, "privileges")))
		uc_vec_add(a, "--no-sandbox");
	if (c->bare) {
		uc_vec_add(a, "--qemu-arg=-cpu");
		uc_vec_add(a, "--qemu-arg=max,-rdrand,-rdseed");
	}
	uc_vec_add(a, c->probe);
	uc_vec_add(a, "--");
}

static pid_t start(const struct uc_vec *argv, int out[2])
{
	pid_t pid;

	if (pipe2(out, O_CLOEXEC))
		return -1;
	pid = fork();
	if (!pid) {
		int null = open("/dev/null", O_RDWR);

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(null, 0);
		dup2(out[1], 1);
		dup2(null, 2);
		execv("/proc/self/exe", argv->v);
		_exit(126);
	}
	close(out[1]);
	if (pid < 0)
		close(out[0]);
	return pid;
}

/* Reads until the text ends in mark, or all of it. */
static void collect(int fd, const char *mark, double timeout_s, struct uc_buf *b)
{
	size_t n = strlen(mark);
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char buf[4096];

	uc_buf_str(b, "");
	while (poll(&p, 1, (int)(timeout_s * 1000)) > 0) {
		ssize_t r = read(fd, buf, sizeof(buf));

		if (r <= 0 || b->n > OUTPUT_MAX)
			return;
		uc_buf_add(b, buf, (size_t)r);
		if (n && b->n >= n && !memcmp(b->p + b->n - n, mark, n))
			return;
	}
}

static int finish(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static pid_t parent_of(const char *pid)
{
	char *path = uc_xasprintf("/proc/%s/stat", pid), *end;
	struct uc_buf b = { 0 };
	pid_t parent = 0;

	/* PID (NAME) STATE PARENT */
	if (!uc_file_read(path, 4096, &b) && (end = strrchr(b.p, ')')) && strlen(end) > 4)
		parent = (pid_t)strtol(end + 4, NULL, 10);
	uc_buf_free(&b);
	free(path);
	return parent;
}

/* The process that the runner has started: the kernel, or the emulator. */
static pid_t child_of(pid_t runner)
{
	DIR *d = opendir("/proc");
	struct dirent *e;
	pid_t found = 0;

	while (d && !found && (e = readdir(d)))
		if (e->d_name[0] > '0' && e->d_name[0] <= '9' && parent_of(e->d_name) == runner)
			found = (pid_t)strtol(e->d_name, NULL, 10);
	if (d)
		closedir(d);
	return found;
}

/* A process without any defence: what a look at one has to tell. It is looked at once it has
 * closed the pipe; before, it would still be opening what the look is to find. */
static pid_t defenceless(void)
{
	int ready[2];
	char none;

	if (pipe2(ready, O_CLOEXEC))
		return -1;
	pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(ready[0]);
		for (int i = 0; i < 16; i++)
			(void)!dup(2);
		close(ready[1]);
		for (;;)
			pause();
	}
	close(ready[1]);
	if (pid > 0)
		(void)!TEMP_FAILURE_RETRY(read(ready[0], &none, 1));
	close(ready[0]);
	return pid;
}

/* What the filter does not let even a sabotaged kernel do is put into the evidence. */
static void forge(const struct secure_case *c, struct secure_boot *b)
{
	for (size_t i = 0, n = b->nregions; i < n && c->process; i++) {
		if (!b->regions[i].x)
			continue;
		if (secure_sabotaged(c, "wx"))
			b->regions[i].w = true;
		if (!secure_sabotaged(c, "text-alias"))
			continue;
		b->regions = uc_room(b->regions, b->nregions, sizeof(*b->regions));
		b->regions[b->nregions] = b->regions[i];
		b->regions[b->nregions++].w = true;
	}
}

static void look(const struct secure_case *c, pid_t runner, struct secure_boot *out)
{
	static const char *const of_process[] = { "filter",     "privileges", "capabilities",
						  "namespaces", "core-dumps", "descriptors",
						  "empty-root" };
	pid_t instead = 0;

	for (size_t i = 0; i < sizeof(of_process) / sizeof(of_process[0]) && c->process; i++)
		if (secure_sabotaged(c, of_process[i]))
			instead = defenceless();
	secure_look(instead ? instead : child_of(runner), c->process && !instead, out);
	forge(c, out);
	if (instead > 0) {
		kill(instead, SIGKILL);
		finish(instead);
	}
}

static void report_arguments(const struct secure_case *c, struct uc_vec *a)
{
	const struct secure_kernel *k = &c->kernel;

	uc_vec_add(a, "report");
	uc_vec_add(a, "wait");
	uc_vec_take(a, uc_xasprintf("calls=%s", c->calls));
	if (k->have_stacks)
		uc_vec_take(a, uc_xasprintf("boot=%llx", (unsigned long long)k->boot_stack));
	if (k->have_stacks) { /* behind the page that stays free, as the Linux platform has it */
		uc_vec_take(a, uc_xasprintf("ro=%llx",
					    (unsigned long long)(k->constants_page - k->entry)));
		uc_vec_take(a, uc_xasprintf("ropa=%llx", k->constants_page + SECURE_PAGE));
	}
	if (k->trap_stack)
		uc_vec_take(a, uc_xasprintf("trap=%llx", (unsigned long long)k->trap_stack));
	if (c->s->sabotage)
		uc_vec_take(a, uc_xasprintf("break=%s", c->s->sabotage));
}

int secure_report(const struct secure_case *c, struct secure_boot *out)
{
	struct uc_vec argv = { 0 };
	struct uc_buf text = { 0 };
	int fd[2];

	command(c, &argv);
	report_arguments(c, &argv);
	pid_t pid = start(&argv, fd);

	uc_vec_free(&argv);
	if (pid < 0)
		return uc_fail_os(UC_ST_OSERR, c->s->dir, NULL, errno, "cannot start a guest");
	collect(fd[0], "\nend\n", c->s->timeout_s, &text);
	look(c, pid, out);
	kill(pid, SIGKILL);
	finish(pid);
	close(fd[0]);
	secure_boot_parse(out, text.p);
	if (out->complete)
		return 0;
	return uc_fail(UC_ST_OSERR, c->s->dir, "`unicore run` may tell why",
		       "the program that looks around does not run on %s", c->plat);
}

int secure_fault(const struct secure_case *c, const char *name, bool broken, bool *survived)
{
	struct uc_vec argv = { 0 };
	struct uc_buf text = { 0 };
	int fd[2], status;

	command(c, &argv);
	uc_vec_take(&argv, uc_xasprintf("fault=%s", name));
	if (broken)
		uc_vec_take(&argv, uc_xasprintf("break=%s", name));
	pid_t pid = start(&argv, fd);

	uc_vec_free(&argv);
	if (pid < 0)
		return -1;
	collect(fd[0], "", c->s->timeout_s + 5, &text);
	close(fd[0]);
	status = finish(pid);
	*survived = strstr(text.p, "survived") != NULL;
	uc_buf_free(&text);
	return status;
}
