// SPDX-License-Identifier: BSD-3-Clause
/* A child with its streams in pipes, fed and collected. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

static double clock_of(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

double verify_now(void)
{
	return clock_of(CLOCK_MONOTONIC);
}

double verify_realtime(void)
{
	return clock_of(CLOCK_REALTIME);
}

double verify_timeout(const struct uc_verify *v, const struct uc_vcase *c)
{
	return c->timeout_s > 0 ? c->timeout_s : v->timeout_s;
}

int verify_pipes_open(struct verify_pipes *p)
{
	for (int i = 0; i < 3; i++)
		if (pipe2(p->fd[i], O_CLOEXEC)) {
			int err = errno;

			while (i--) {
				close(p->fd[i][0]);
				close(p->fd[i][1]);
			}
			return -err;
		}
	return 0;
}

void verify_pipes_become(const struct verify_pipes *p)
{
	if (dup2(p->fd[0][0], 0) < 0 || dup2(p->fd[1][1], 1) < 0 || dup2(p->fd[2][1], 2) < 0)
		_exit(126);
	verify_pipes_close(p);
}

void verify_pipes_close(const struct verify_pipes *p)
{
	for (int i = 0; i < 3; i++) {
		close(p->fd[i][0]);
		close(p->fd[i][1]);
	}
}

void verify_pipes_hand(struct verify_pipes *p, struct verify_child *c)
{
	close(p->fd[0][0]);
	close(p->fd[1][1]);
	close(p->fd[2][1]);
	c->in = p->fd[0][1];
	c->out = p->fd[1][0];
	c->err = p->fd[2][0];
	fcntl(c->in, F_SETFL, O_NONBLOCK);
}

static void shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void take(int *fd, struct uc_buf *to)
{
	char chunk[65536];
	ssize_t n = read(*fd, chunk, sizeof(chunk));

	if (n > 0 && to->n < VERIFY_TEXT_MAX)
		uc_buf_add(to, chunk, (size_t)n);
	else if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
		shut(fd);
}

static void feed(int *fd, const struct uc_vcase *k, size_t *done)
{
	ssize_t n = write(*fd, k->input + *done, k->input_len - *done);

	if (n > 0)
		*done += (size_t)n;
	if (*done == k->input_len || (n < 0 && errno != EINTR && errno != EAGAIN))
		shut(fd);
}

/* false: the time is over. */
static bool transfer(struct verify_child *c, const struct uc_vcase *k, double until,
		     struct uc_vrun *out)
{
	struct {
		int *fd;
		struct uc_buf *to;
	} from[] = {
		{ &c->out, &out->text[UC_VCH_STDOUT] },
		{ &c->err, &out->text[UC_VCH_STDERR] },
		{ &c->net, &out->text[UC_VCH_NETWORK] },
	};
	size_t done = 0;

	if (!k->input_len)
		shut(&c->in);
	while (c->out >= 0 || c->err >= 0 || c->net >= 0) {
		struct pollfd p[4] = { { c->in, POLLOUT, 0 } };
		double left = until - verify_now();
		bool serving = c->net >= 0;

		for (int i = 0; i < 3; i++)
			p[i + 1] = (struct pollfd){ *from[i].fd, POLLIN, 0 };
		if (left <= 0)
			return false;
		if (poll(p, 4, (int)(left * 1000) + 1) < 0)
			continue;
		if (p[0].revents)
			feed(&c->in, k, &done);
		for (int i = 0; i < 3; i++)
			if (p[i + 1].revents)
				take(from[i].fd, from[i].to);
		if (serving && c->net < 0)
			kill(c->pid, SIGTERM);
	}
	return true;
}

/* The status, or -ETIMEDOUT. */
static int reap(pid_t pid, double until)
{
	struct timespec nap = { 0, 500000 };
	int status;

	for (;;) {
		pid_t got = waitpid(pid, &status, WNOHANG);

		if (got == pid)
			return status;
		if (got < 0 && errno != EINTR)
			return -errno;
		if (verify_now() >= until)
			return -ETIMEDOUT;
		nanosleep(&nap, NULL);
		if (nap.tv_nsec < 50000000)
			nap.tv_nsec *= 2;
	}
}

int verify_collect(struct verify_child *c, const struct uc_vcase *k, double timeout_s,
		   struct uc_vrun *out)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction before;
	double until = verify_now() + timeout_s;
	int status = -ETIMEDOUT;

	sigaction(SIGPIPE, &ignore, &before);
	if (transfer(c, k, until, out))
		status = reap(c->pid, until);
	if (status == -ETIMEDOUT) {
		kill(c->pid, SIGKILL);
		waitpid(c->pid, NULL, 0);
	}
	shut(&c->in);
	shut(&c->out);
	shut(&c->err);
	shut(&c->net);
	sigaction(SIGPIPE, &before, NULL);
	return status;
}

void verify_status_text(struct uc_vrun *r, int wait_status)
{
	struct uc_buf *b = &r->text[UC_VCH_STATUS];

	if (WIFEXITED(wait_status))
		uc_buf_printf(b, "exit %d\n", WEXITSTATUS(wait_status));
	else
		uc_buf_printf(b, "signal %d\n", WTERMSIG(wait_status));
}
