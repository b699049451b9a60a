// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <unicore/util.h>

extern char **environ;

struct pipes {
	int fd[2][2];
	struct uc_buf *to[2];
};

static void close_all(struct pipes *p)
{
	for (int i = 0; i < 2; i++)
		for (int j = 0; j < 2; j++)
			if (p->fd[i][j] >= 0) close(p->fd[i][j]);
}

static int open_pipes(struct pipes *p)
{
	for (int i = 0; i < 2; i++)
		if (p->to[i] && pipe2(p->fd[i], O_CLOEXEC)) {
			int err = errno;

			close_all(p);
			return -err;
		}
	return 0;
}

static int start(const char *const argv[], const char *cwd, struct pipes *p, pid_t *pid)
{
	posix_spawn_file_actions_t fa;
	int err;

	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_addopen(&fa, 0, "/dev/null", O_RDONLY, 0);
	for (int i = 0; i < 2; i++)
		if (p->to[i]) posix_spawn_file_actions_adddup2(&fa, p->fd[i][1], i + 1);
	if (cwd) posix_spawn_file_actions_addchdir_np(&fa, cwd);
	err = posix_spawnp(pid, argv[0], &fa, NULL, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&fa);
	return -err;
}

static void collect(struct pipes *p)
{
	for (;;) {
		struct pollfd pfd[2] = { { p->fd[0][0], POLLIN, 0 }, { p->fd[1][0], POLLIN, 0 } };

		if (pfd[0].fd < 0 && pfd[1].fd < 0) return;
		if (poll(pfd, 2, -1) < 0 && errno != EINTR) return;
		for (int i = 0; i < 2; i++) {
			char chunk[16384];
			ssize_t got;

			if (pfd[i].fd < 0 || !pfd[i].revents) continue;
			got = read(pfd[i].fd, chunk, sizeof(chunk));
			if (got > 0) {
				uc_buf_add(p->to[i], chunk, (size_t)got);
			} else if (got == 0 || errno != EINTR) {
				close(p->fd[i][0]);
				p->fd[i][0] = -1;
			}
		}
	}
}

int uc_run(const char *const argv[], const char *cwd, struct uc_buf *out, struct uc_buf *err)
{
	struct pipes p = { .fd = { { -1, -1 }, { -1, -1 } }, .to = { out, err } };
	int rc = open_pipes(&p), status;
	pid_t pid;

	if (rc) return rc;
	rc = start(argv, cwd, &p, &pid);
	for (int i = 0; i < 2; i++)
		if (p.fd[i][1] >= 0) {
			close(p.fd[i][1]);
			p.fd[i][1] = -1;
		}
	if (rc) {
		close_all(&p);
		return rc;
	}
	collect(&p);
	close_all(&p);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR) return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
