// SPDX-License-Identifier: BSD-3-Clause
// inotify: every event in order, as text that must be the native one.
#define _GNU_SOURCE
#include "check.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

static const char *const names[] = { "ACCESS",	   "MODIFY",  "ATTRIB",	    "CLOSE_WRITE",
				     "CLOSE_NOWRITE", "OPEN",    "MOVED_FROM", "MOVED_TO",
				     "CREATE",	   "DELETE",  "DELETE_SELF", "MOVE_SELF",
				     "?",	   "UNMOUNT", "Q_OVERFLOW",  "IGNORED" };
static uint32_t cookie;

static void show(const struct inotify_event *e)
{
	printf("  %d", e->wd);
	for (unsigned b = 0; b < 16; b++)
		if (e->mask & 1u << b) printf(" %s", names[b]);
	if (e->mask & IN_ISDIR) printf(" ISDIR");
	if (e->cookie) printf(e->cookie == cookie ? " (same move)" : " (move)");
	cookie = e->cookie;
	if (e->len) printf(" %s [%u]", e->name, e->len);
	putchar('\n');
}

static void drain(int in, const char *what)
{
	char buf[8192] __attribute__((aligned(8)));
	struct pollfd p = { in, POLLIN, 0 };
	int queued = 0;
	puts(what);
	while (poll(&p, 1, 0) == 1) {
		CHECK(ioctl(in, FIONREAD, &queued) == 0);
		ssize_t n = read(in, buf, sizeof(buf));
		CHECK(n > 0 && n == queued);
		for (char *c = buf; n > 0 && c < buf + n;) {
			struct inotify_event *e = (void *)c;
			show(e);
			c += sizeof(*e) + e->len;
		}
	}
}

static void touch(const char *path)
{
	close(open(path, O_CREAT | O_WRONLY, 0600));
}

static void arguments(void)
{
	CHECK_ERR(inotify_init1(1), EINVAL);
	int in = inotify_init1(IN_NONBLOCK | IN_CLOEXEC), p[2];
	char small[8];
	CHECK(in >= 0 && fcntl(in, F_GETFD) == FD_CLOEXEC && pipe(p) == 0);
	CHECK_ERR(read(in, small, sizeof(small)), EAGAIN);
	CHECK_ERR(write(in, small, 1), EBADF);
	CHECK_ERR(inotify_add_watch(in, ".", 0), EINVAL);
	CHECK_ERR(inotify_add_watch(in, "none", IN_OPEN), ENOENT);
	CHECK_ERR(inotify_add_watch(p[0], ".", IN_OPEN), EINVAL);
	CHECK_ERR(inotify_add_watch(99, ".", IN_OPEN), EBADF);
	touch("file");
	CHECK_ERR(inotify_add_watch(in, "file", IN_OPEN | IN_ONLYDIR), ENOTDIR);
	CHECK(inotify_add_watch(in, "file", IN_OPEN) == 1);
	CHECK(inotify_add_watch(in, "./file", IN_CLOSE) == 1);
	CHECK_ERR(inotify_add_watch(in, "file", IN_OPEN | IN_MASK_CREATE), EEXIST);
	CHECK_ERR(inotify_add_watch(in, "file", IN_OPEN | IN_MASK_CREATE | IN_MASK_ADD), EINVAL);
	touch("file");
	CHECK_ERR(read(in, small, sizeof(small)), EINVAL);
	drain(in, "replaced mask");
	CHECK(inotify_add_watch(in, "file", IN_OPEN | IN_MASK_ADD) == 1);
	touch("file");
	drain(in, "added to mask");
	CHECK(inotify_add_watch(in, ".", IN_CREATE | IN_ONESHOT) == 2);
	touch("once");
	touch("twice");
	CHECK(inotify_rm_watch(in, 1) == 0);
	CHECK_ERR(inotify_rm_watch(in, 1), EINVAL);
	CHECK_ERR(inotify_rm_watch(p[0], 1), EINVAL);
	CHECK_ERR(inotify_rm_watch(99, 1), EBADF);
	drain(in, "one shot, removed");
	unlink("once");
	unlink("twice");
	close(in);
}

static void contents(int in)
{
	char c;
	int fd = open("d/file", O_CREAT | O_RDWR, 0600);
	drain(in, "create, open");
	CHECK(write(fd, "abc", 3) == 3 && write(fd, "d", 1) == 1);
	drain(in, "two writes are one event");
	CHECK(pread(fd, &c, 1, 0) == 1 && read(fd, &c, 1) == 0);
	CHECK(ftruncate(fd, 1) == 0 && truncate("d/file", 2) == 0);
	CHECK(posix_fallocate(fd, 0, 100) == 0);
	close(fd);
	drain(in, "read, truncate, close");
	close(open("d/file", O_RDONLY));
	close(open("d/file", O_WRONLY | O_TRUNC));
	close(open("d/file", O_PATH));
	drain(in, "open again");
}

static void attributes(int in)
{
	struct timespec both[2] = { { 1, 0 }, { 2, 0 } }, a[2] = { { 1, 0 }, { 0, UTIME_OMIT } },
			m[2] = { { 0, UTIME_OMIT }, { 2, 0 } };
	CHECK(chmod("d/file", 0644) == 0 && chown("d/file", getuid(), getgid()) == 0);
	drain(in, "mode, owner");
	CHECK(utimensat(AT_FDCWD, "d/file", both, 0) == 0);
	CHECK(utimensat(AT_FDCWD, "d/file", a, 0) == 0);
	CHECK(utimensat(AT_FDCWD, "d/file", m, 0) == 0);
	drain(in, "times");
	CHECK(chmod("d", 0755) == 0);
	drain(in, "mode of the directory");
}

static void tree(int in)
{
	CHECK(mkdir("d/sub", 0700) == 0 && symlink("file", "d/link") == 0 &&
	      mkfifo("d/fifo", 0600) == 0 && link("d/file", "d/second") == 0);
	drain(in, "new names");
	CHECK(rename("d/file", "d/a-much-longer-name") == 0 && rename("d/sub", "e/sub") == 0 &&
	      rename("e/sub", "d/sub") == 0);
	drain(in, "moves");
	touch("d/victim");
	drain(in, "to be replaced");
	int w = inotify_add_watch(in, "d/victim", IN_ALL_EVENTS);
	CHECK(rename("d/second", "d/victim") == 0);
	drain(in, "replaced");
	CHECK(w > 0);
	DIR *dir = opendir("d");
	while (readdir(dir)) {}
	closedir(dir);
	drain(in, "listed");
	CHECK(rmdir("d/sub") == 0 && unlink("d/link") == 0 && unlink("d/fifo") == 0 &&
	      unlink("d/victim") == 0);
	drain(in, "removed");
}

static void ends(int in)
{
	int w = inotify_add_watch(in, "d/a-much-longer-name", IN_ALL_EVENTS);
	int fd = open("d/a-much-longer-name", O_RDONLY);
	CHECK(w > 0 && unlink("d/a-much-longer-name") == 0);
	drain(in, "unlinked while open");
	close(fd);
	drain(in, "closed");
	CHECK(rename("d", "f") == 0);
	drain(in, "the directory is moved");
	CHECK(rmdir("f") == 0);
	drain(in, "and removed");
}

static void *later(void *arg)
{
	(void)arg;
	usleep(20000);
	touch("wake");
	return NULL;
}

static void waits(void)
{
	char buf[64 + NAME_MAX];
	int in = inotify_init(), ep = epoll_create1(0);
	struct epoll_event ev = { EPOLLIN, { .fd = in } }, got;
	CHECK(inotify_add_watch(in, ".", IN_CREATE) == 1);
	CHECK(epoll_ctl(ep, EPOLL_CTL_ADD, in, &ev) == 0 && epoll_wait(ep, &got, 1, 0) == 0);
	pthread_t t;
	pthread_create(&t, NULL, later, NULL);
	CHECK(epoll_wait(ep, &got, 1, 20000) == 1);
	CHECK(read(in, buf, sizeof(buf)) == 32);
	pthread_join(t, NULL);
	unlink("wake");
	pthread_create(&t, NULL, later, NULL);
	CHECK(read(in, buf, sizeof(buf)) == 32);
	pthread_join(t, NULL);
	unlink("wake");
	close(in);
	close(ep);
}

int main(void)
{
	char dir[] = "/tmp/inotify.XXXXXX";
	CHECK(mkdtemp(dir) && chdir(dir) == 0);
	arguments();
	unlink("file");
	CHECK(mkdir("d", 0700) == 0 && mkdir("e", 0700) == 0);
	int in = inotify_init1(IN_NONBLOCK);
	CHECK(inotify_add_watch(in, "d", IN_ALL_EVENTS) == 1);
	contents(in);
	CHECK(inotify_add_watch(in, "d/file", IN_ALL_EVENTS) == 2);
	contents(in);
	attributes(in);
	tree(in);
	ends(in);
	close(in);
	waits();
	CHECK(rmdir("e") == 0 && chdir("/") == 0 && rmdir(dir) == 0);
	return check_done();
}
