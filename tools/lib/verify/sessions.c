// SPDX-License-Identifier: BSD-3-Clause
/* Clients of a server under test. They run in a process of their own. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

#define PATIENCE 30.0 /* seconds for a server to come up, and for an answer */

static void nap(void)
{
	nanosleep(&(struct timespec){ 0, 50000000 }, NULL);
}

static int reach(const char *host, unsigned port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	inet_pton(AF_INET, host, &a.sin_addr);
	if (s >= 0 && connect(s, (struct sockaddr *)&a, sizeof(a))) {
		close(s);
		return -1;
	}
	return s;
}

/* Until `step` has come, or the peer closes. false: the peer closed or failed before. */
static bool receive(int s, const struct uc_vstep *step, struct uc_buf *got)
{
	size_t from = got->n;

	for (;;) {
		struct pollfd p = { s, POLLIN, 0 };
		char chunk[16384];
		ssize_t n;

		if (step->bytes && got->n > from &&
		    memmem(got->p + from, got->n - from, step->bytes, step->len))
			return true;
		if (poll(&p, 1, (int)(PATIENCE * 1000)) <= 0)
			return false;
		n = read(s, chunk, sizeof(chunk));
		if (n <= 0)
			return !step->bytes && !n;
		uc_buf_add(got, chunk, (size_t)n);
	}
}

static bool exchange(const struct uc_vsession *k, int s, struct uc_buf *got)
{
	for (size_t i = 0; i < k->nsteps; i++) {
		const struct uc_vstep *step = &k->steps[i];

		if (!step->send) {
			if (!receive(s, step, got))
				return false;
		} else if (send(s, step->bytes, step->len, MSG_NOSIGNAL) != (ssize_t)step->len) {
			return false;
		}
	}
	return true;
}

/* A forwarded port takes connections before the guest listens, and drops them: what had no answer
 * is tried again. */
static bool play(const struct uc_vsession *k, const char *host, unsigned port, struct uc_buf *got)
{
	double until = verify_now() + PATIENCE;
	bool ok = false;

	do {
		int s = reach(host, port);

		if (s >= 0) {
			ok = exchange(k, s, got);
			close(s);
		}
		if (!ok && !got->n)
			nap();
	} while (!ok && !got->n && verify_now() < until);
	return ok;
}

static bool script(const struct uc_vsession *k, struct uc_buf *got)
{
	const char *const argv[] = { "/bin/sh", "-c", k->script, NULL };
	double until = verify_now() + PATIENCE;
	int rc;

	while ((rc = uc_run(argv, "/tmp", got, NULL)) && verify_now() < until) {
		uc_buf_free(got);
		nap();
	}
	return rc == 0;
}

void verify_sessions(const struct uc_vcase *c, const char *host, unsigned port, int fd)
{
	char *number = uc_xasprintf("%u", port);

	setenv("HOST", host, 1);
	setenv("PORT", number, 1);
	for (size_t i = 0; i < c->nsessions; i++) {
		struct uc_buf b = { 0 };
		bool ok = c->sessions[i].script ? script(&c->sessions[i], &b)
						: play(&c->sessions[i], host, port, &b);

		dprintf(fd, "== session %zu: %s\n", i + 1, ok ? "as described" : "failed");
		if (b.n && write(fd, b.p, b.n) != (ssize_t)b.n)
			_exit(1);
		uc_buf_free(&b);
	}
	_exit(0);
}
