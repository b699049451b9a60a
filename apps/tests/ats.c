// SPDX-License-Identifier: BSD-3-Clause
// Calls on names relative to a folder, by descriptor, and in their old forms, in the folder named
// by the argument.
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utime.h>

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif

static int dir;

static mode_t mode_of(const char *name)
{
	struct stat st;
	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) ? 0xffff : st.st_mode;
}

static void making(void)
{
	struct stat st;
	char to[10];

	CHECK(syscall(SYS_mkdirat, dir, "sub", 0750) == 0 && mode_of("sub") == (S_IFDIR | 0750));
	CHECK_ERR(syscall(SYS_mkdirat, dir, "sub", 0750), EEXIST);
	CHECK_ERR(syscall(SYS_mkdirat, dir, "no/sub", 0750), ENOENT);
	int fd = (int)syscall(SYS_creat, "made", 0640);
	CHECK(fd >= 0 && write(fd, "12345", 5) == 5 && mode_of("made") == (S_IFREG | 0640));
	CHECK_ERR(read(fd, to, 1), EBADF);
	CHECK(syscall(SYS_linkat, dir, "made", dir, "sub/link", 0) == 0);
	CHECK(syscall(SYS_newfstatat, dir, "sub/link", &st, 0) == 0 && st.st_nlink == 2 &&
	      st.st_size == 5);
	CHECK_ERR(syscall(SYS_linkat, dir, "made", dir, "x", 0x8000), EINVAL);
	CHECK_ERR(syscall(SYS_linkat, dir, "sub", dir, "x", 0), EPERM);
	CHECK(syscall(SYS_symlinkat, "../made", dir, "sub/sym") == 0 &&
	      S_ISLNK(mode_of("sub/sym")));
	CHECK(syscall(SYS_readlinkat, dir, "sub/sym", to, 4) == 4 && memcmp(to, "../m", 4) == 0);
	CHECK_ERR(syscall(SYS_readlinkat, dir, "made", to, 4), EINVAL);
	CHECK_ERR(syscall(SYS_readlinkat, dir, "sub/sym", to, 0), EINVAL);
	CHECK(syscall(SYS_renameat, dir, "sub/link", dir, "moved") == 0 &&
	      mode_of("moved") == (S_IFREG | 0640));
	CHECK_ERR(syscall(SYS_renameat, dir, "sub", dir, "sub/in"), EINVAL);
	CHECK_ERR(syscall(SYS_renameat, dir, "made", dir, "sub"), EISDIR);
	CHECK(syscall(SYS_mknodat, dir, "node", S_IFREG | 0600, 0) == 0 &&
	      mode_of("node") == (S_IFREG | 0600));
	CHECK(syscall(SYS_mknod, "fifo", S_IFIFO | 0600, 0) == 0 && S_ISFIFO(mode_of("fifo")));
	CHECK_ERR(syscall(SYS_mknod, "node", S_IFREG | 0600, 0), EEXIST);
	CHECK_ERR(syscall(SYS_mknod, "dirnode", S_IFDIR | 0600, 0), EPERM);
	CHECK_ERR(syscall(SYS_unlinkat, dir, "sub", 0), EISDIR);
	CHECK_ERR(syscall(SYS_unlinkat, dir, "sub", AT_REMOVEDIR), ENOTEMPTY);
	CHECK_ERR(syscall(SYS_unlinkat, dir, "sub", 0x8000), EINVAL);
	CHECK_ERR(syscall(SYS_unlinkat, dir, "made", AT_REMOVEDIR), ENOTDIR);
	CHECK(syscall(SYS_unlinkat, dir, "sub/sym", 0) == 0 &&
	      syscall(SYS_unlinkat, dir, "sub", AT_REMOVEDIR) == 0);
	close(fd);
}

static void modes(void)
{
	struct stat st;
	int fd = open("made", O_RDWR);

	CHECK(syscall(SYS_fchmod, fd, 04711) == 0 && mode_of("made") == (S_IFREG | 04711));
	CHECK(syscall(SYS_fchmodat, dir, "made", 0604) == 0 && mode_of("made") == (S_IFREG | 0604));
	CHECK_ERR(syscall(SYS_fchmodat, dir, "none", 0604), ENOENT);
	if (syscall(SYS_fchmodat2, dir, "made", 0600, AT_SYMLINK_NOFOLLOW) && errno == ENOSYS)
		CHECK(chmod("made", 0600) == 0); /* Linux before 6.6 */
	CHECK(mode_of("made") == (S_IFREG | 0600));
	CHECK(syscall(SYS_fchown, fd, 12, 34) == 0 && fstat(fd, &st) == 0 && st.st_uid == 12 &&
	      st.st_gid == 34);
	CHECK(syscall(SYS_fchownat, dir, "made", 0, -1, 0) == 0 && fstat(fd, &st) == 0 &&
	      st.st_uid == 0 && st.st_gid == 34);
	CHECK(syscall(SYS_fchownat, fd, "", -1, 5, AT_EMPTY_PATH) == 0 && fstat(fd, &st) == 0 &&
	      st.st_gid == 5);
	CHECK(symlink("made", "s") == 0 && syscall(SYS_lchown, "s", 7, 8) == 0 &&
	      lstat("s", &st) == 0 && st.st_uid == 7);
	CHECK(stat("s", &st) == 0 && st.st_uid == 0);
	CHECK(syscall(SYS_chown, "s", 3, 3) == 0 && fstat(fd, &st) == 0 && st.st_uid == 3);
	CHECK(syscall(SYS_faccessat, dir, "made", R_OK) == 0);
	CHECK_ERR(syscall(SYS_faccessat, dir, "made", 8), EINVAL);
	CHECK_ERR(syscall(SYS_faccessat2, dir, "made", X_OK, AT_EACCESS), EACCES);
	CHECK_ERR(syscall(SYS_faccessat2, dir, "made", R_OK, 1), EINVAL);
	unlink("s");
	close(fd);
}

static void stamps(void)
{
	struct stat st;
	const struct utimbuf old = { 11, 22 };
	const struct timeval pair[2] = { { 33, 500000 }, { 44, 0 } };
	const struct timeval bad[2] = { { 33, 1000000 }, { 44, 0 } };
	const struct timespec fine[2] = { { 55, 5 }, { 0, UTIME_OMIT } };

	CHECK(syscall(SYS_utime, "made", &old) == 0 && stat("made", &st) == 0 &&
	      st.st_atime == 11 && st.st_mtime == 22);
	CHECK(syscall(SYS_utimes, "made", pair) == 0 && stat("made", &st) == 0 &&
	      st.st_atim.tv_nsec == 500000000 && st.st_mtime == 44);
	CHECK_ERR(syscall(SYS_utimes, "made", bad), EINVAL);
	CHECK(syscall(SYS_futimesat, dir, "moved", pair) == 0 && stat("made", &st) == 0 &&
	      st.st_atime == 33);
	CHECK(syscall(SYS_utimensat, dir, "made", fine, 0) == 0 && stat("made", &st) == 0 &&
	      st.st_atime == 55 && st.st_mtime == 44);
	CHECK_ERR(syscall(SYS_utimensat, dir, "none", fine, 0), ENOENT);
	CHECK_ERR(syscall(SYS_utimensat, dir, "made", fine, 0x8000), EINVAL);
}

static void opening(void)
{
	struct open_how how = { .flags = O_RDWR };
	struct statfs fs, fs2;
	char entries[1024];

	int fd = (int)syscall(SYS_openat2, dir, "made", &how, sizeof(how));
	CHECK(fd >= 0 && syscall(SYS_fstatfs, fd, &fs) == 0 &&
	      syscall(SYS_statfs, ".", &fs2) == 0 && fs.f_type == fs2.f_type);
	CHECK_ERR(syscall(SYS_openat2, dir, "made", &how, 8), EINVAL);
	how.mode = 0600;
	CHECK_ERR(syscall(SYS_openat2, dir, "made", &how, sizeof(how)), EINVAL);
	how = (struct open_how){ .flags = 1ull << 40 };
	CHECK_ERR(syscall(SYS_openat2, dir, "made", &how, sizeof(how)), EINVAL);
	int d = open(".", O_RDONLY | O_DIRECTORY);
	CHECK(syscall(SYS_getdents, d, entries, sizeof(entries)) > 0 && lseek(d, 0, SEEK_SET) == 0);
	CHECK_ERR(syscall(SYS_getdents64, d, entries, 3), EINVAL);
	CHECK(syscall(SYS_getdents64, d, entries, sizeof(entries)) > 0);
	CHECK(syscall(SYS_getdents64, d, entries, sizeof(entries)) == 0);
	CHECK_ERR(syscall(SYS_getdents64, fd, entries, sizeof(entries)), ENOTDIR);
	CHECK_ERR(syscall(SYS_getdents, -1, entries, sizeof(entries)), EBADF);
	CHECK(syscall(SYS_fchdir, d) == 0);
	CHECK_ERR(syscall(SYS_fchdir, fd), ENOTDIR);
	CHECK(syscall(SYS_syncfs, fd) == 0 && syscall(SYS_fsync, fd) == 0 &&
	      syscall(SYS_fdatasync, fd) == 0);
	CHECK_ERR(syscall(SYS_syncfs, -1), EBADF);
	CHECK(syscall(SYS_dup2, d, 200) == 200 && syscall(SYS_dup2, d, 202) == 202 &&
	      syscall(SYS_dup2, d, 204) == 204);
	CHECK(syscall(SYS_close_range, 201, 203, 0) == 0 && fcntl(202, F_GETFD) == -1 &&
	      fcntl(200, F_GETFD) == 0);
	CHECK(syscall(SYS_close_range, 200, ~0u, 4) == 0 && fcntl(204, F_GETFD) == FD_CLOEXEC);
	CHECK_ERR(syscall(SYS_close_range, 9, 3, 0), EINVAL);
	CHECK_ERR(syscall(SYS_close_range, 200, 300, 64), EINVAL);
	close(d);
	close(fd);
}

static void epolls(void)
{
	struct epoll_event ev = { .events = EPOLLIN }, got;
	const struct timespec soon = { 0, 1000000 };
	int p[2], e = (int)syscall(SYS_epoll_create, 5);

	CHECK(e >= 0 && pipe(p) == 0 && epoll_ctl(e, EPOLL_CTL_ADD, p[0], &ev) == 0);
	CHECK_ERR(syscall(SYS_epoll_create, 0), EINVAL);
	CHECK(syscall(SYS_epoll_pwait, e, &got, 1, 1, 0, 8) == 0);
	CHECK(syscall(SYS_epoll_pwait2, e, &got, 1, &soon, 0, 8) == 0);
	CHECK(write(p[1], "x", 1) == 1 && syscall(SYS_epoll_pwait2, e, &got, 1, 0, 0, 8) == 1 &&
	      got.events == EPOLLIN);
	CHECK_ERR(syscall(SYS_epoll_pwait, e, &got, 0, 1, 0, 8), EINVAL);
	close(e);
	close(p[0]);
	close(p[1]);
}

static void executing(void)
{
	char *const args[] = { "ats", "again", 0 }, *const env[] = { 0 };
	int status, self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	pid_t p = fork();

	if (!p) {
		syscall(SYS_execveat, self, "", args, env, AT_EMPTY_PATH);
		_exit(1);
	}
	CHECK(waitpid(p, &status, 0) == p && WEXITSTATUS(status) == 5);
	CHECK_ERR(syscall(SYS_execveat, self, "", args, env, 0), ENOENT);
	CHECK_ERR(syscall(SYS_execveat, dir, "made", args, env, 1), EINVAL);
	CHECK_ERR(syscall(SYS_execveat, dir, "made", args, env, 0), EACCES);
	close(self);
}

int main(int argc, char **argv)
{
	char where[100];

	if (argc > 1 && !strcmp(argv[1], "again"))
		return 5;

	snprintf(where, sizeof(where), "%s/ats-XXXXXX", argc > 1 ? argv[1] : "/tmp");
	umask(0);
	CHECK(mkdtemp(where) && chdir(where) == 0);
	dir = open(".", O_PATH | O_DIRECTORY);
	making();
	modes();
	stamps();
	opening();
	epolls();
	executing();
	for (const char *const *n = (const char *const[]){ "made", "moved", "node", "fifo", 0 }; *n;
	     n++)
		CHECK(unlink(*n) == 0);
	CHECK(chdir("/") == 0 && rmdir(where) == 0);
	return check_done();
}
