// SPDX-License-Identifier: BSD-3-Clause
// Files and directories in the folder named by the argument (default /tmp): tmpfs and shared host
// folders.
#define _GNU_SOURCE
#include "check.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static char buf[65536];

static void put(const char *name, const char *text)
{
	int fd = open(name, O_CREAT | O_WRONLY | O_TRUNC, 0644);
	CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static int holds(const char *name, const char *text)
{
	int fd = open(name, O_RDONLY);
	ssize_t n = read(fd, buf, sizeof(buf));
	close(fd);
	return n == (ssize_t)strlen(text) && memcmp(buf, text, (size_t)n) == 0;
}

static void opening(void)
{
	struct stat st;
	umask(022);
	int fd = open("a", O_CREAT | O_EXCL | O_RDWR, 0666);
	CHECK(fd >= 0 && fstat(fd, &st) == 0 && (st.st_mode & 07777) == 0644 && st.st_size == 0);
	CHECK_ERR(open("a", O_CREAT | O_EXCL | O_RDWR, 0666), EEXIST);
	CHECK_ERR(open("none", O_RDONLY), ENOENT);
	CHECK_ERR(open("a/b", O_RDONLY), ENOTDIR);
	CHECK_ERR(open(".", O_WRONLY), EISDIR);
	CHECK_ERR(open("a", O_RDONLY | O_DIRECTORY), ENOTDIR);
	CHECK_ERR(open("", O_RDONLY), ENOENT);
	memset(buf, 'n', 300);
	buf[300] = 0;
	CHECK_ERR(open(buf, O_RDONLY | O_CREAT, 0600), ENAMETOOLONG);
	CHECK_ERR(read(-1, buf, 1), EBADF);
	int dup1 = dup(fd), dup3fd = dup3(fd, 100, O_CLOEXEC);
	CHECK(dup1 > fd && dup3fd == 100 && fcntl(100, F_GETFD) == FD_CLOEXEC);
	CHECK_ERR(dup3(fd, fd, 0), EINVAL);
	CHECK(fcntl(fd, F_DUPFD, 50) == 50);
	CHECK((fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR);
	CHECK(write(fd, "shared", 6) == 6 && lseek(dup1, 0, SEEK_CUR) == 6);
	close(50);
	close(100);
	close(dup1);
	CHECK_ERR(close(dup1), EBADF);
	CHECK(ftruncate(fd, 3) == 0 && fstat(fd, &st) == 0 && st.st_size == 3);
	close(fd);
	CHECK(holds("a", "sha"));
	CHECK(chmod("a", 0400) == 0 && access("a", R_OK) == 0 && access("a", X_OK) == -1);
	CHECK(unlink("a") == 0 && access("a", F_OK) == -1);
}

static void positions(void)
{
	int fd = open("b", O_CREAT | O_RDWR | O_APPEND, 0600);
	CHECK(write(fd, "0123456789", 10) == 10 && lseek(fd, 0, SEEK_SET) == 0);
	CHECK(write(fd, "A", 1) == 1 && lseek(fd, 0, SEEK_CUR) == 11);
	CHECK(pread(fd, buf, 4, 8) == 3 && memcmp(buf, "89A", 3) == 0);
	close(fd);
	fd = open("b", O_RDWR);
	CHECK(pwrite(fd, "xy", 2, 2) == 2 && lseek(fd, 0, SEEK_CUR) == 0);
	struct iovec iov[2] = { { buf, 3 }, { buf + 100, 3 } };
	CHECK(readv(fd, iov, 2) == 6 && memcmp(buf, "01x", 3) == 0 &&
	      memcmp(buf + 100, "y45", 3) == 0);
	CHECK(lseek(fd, -1, SEEK_END) == 10 && lseek(fd, 5, SEEK_CUR) == 15);
	CHECK_ERR(lseek(fd, -1, SEEK_SET), EINVAL);
	CHECK_ERR(lseek(fd, 0, 99), EINVAL);
	CHECK(read(fd, buf, 1) == 0);
	/* A hole reads as zeroes. */
	CHECK(pwrite(fd, "end", 3, 1000000) == 3);
	struct stat st;
	CHECK(fstat(fd, &st) == 0 && st.st_size == 1000003);
	CHECK(pread(fd, buf, 16, 500000) == 16 && buf[0] == 0 && buf[15] == 0);
	CHECK(ftruncate(fd, 5) == 0 && ftruncate(fd, 20) == 0);
	CHECK(pread(fd, buf, 30, 0) == 20 && memcmp(buf, "01xy4\0\0", 7) == 0);
	CHECK_ERR(ftruncate(fd, -1), EINVAL);
	close(fd);
	unlink("b");
}

static void names(void)
{
	struct stat a, b;
	put("one", "first");
	put("two", "second");
	int open_two = open("two", O_RDONLY);
	CHECK(rename("one", "two") == 0 && holds("two", "first") && access("one", F_OK) == -1);
	CHECK(read(open_two, buf, 10) == 6 && memcmp(buf, "second", 6) == 0);
	close(open_two);
	CHECK_ERR(rename("none", "x"), ENOENT);
	int fd = open("two", O_RDWR);
	CHECK(unlink("two") == 0 && write(fd, "FIRST!", 6) == 6 && pread(fd, buf, 6, 0) == 6);
	CHECK(memcmp(buf, "FIRST!", 6) == 0 && fstat(fd, &a) == 0 && a.st_nlink == 0);
	close(fd);
	CHECK_ERR(unlink("two"), ENOENT);

	put("file", "linked");
	CHECK(link("file", "hard") == 0 && stat("file", &a) == 0 && stat("hard", &b) == 0);
	CHECK(a.st_ino == b.st_ino && a.st_dev == b.st_dev && a.st_nlink == 2);
	CHECK(symlink("file", "soft") == 0 && lstat("soft", &a) == 0 && S_ISLNK(a.st_mode));
	CHECK(a.st_size == 4 && readlink("soft", buf, 100) == 4 && memcmp(buf, "file", 4) == 0);
	CHECK(holds("soft", "linked"));
	CHECK_ERR(open("soft", O_RDONLY | O_NOFOLLOW), ELOOP);
	CHECK(symlink("loop", "loop") == 0);
	CHECK_ERR(open("loop", O_RDONLY), ELOOP);
	CHECK_ERR(readlink("file", buf, 10), EINVAL);
	unlink("loop");
	unlink("soft");
	unlink("hard");

	CHECK(mkdir("d", 0755) == 0 && mkdir("d/e", 0700) == 0);
	CHECK_ERR(mkdir("d", 0755), EEXIST);
	CHECK_ERR(rmdir("d"), ENOTEMPTY);
	CHECK_ERR(rmdir("file"), ENOTDIR);
	CHECK_ERR(unlink("d"), EISDIR);
	CHECK_ERR(rename("d", "d/e/f"), EINVAL);
	CHECK_ERR(rename("file", "d"), EISDIR);
	CHECK_ERR(rename("d", "file"), ENOTDIR);
	CHECK(rename("file", "d/e/moved") == 0 && holds("d/e/../e/./moved", "linked"));
	CHECK(rename("d/e", "e") == 0 && holds("e/moved", "linked"));
	char cwd[PATH_MAX], back[PATH_MAX];
	CHECK(getcwd(back, sizeof(back)) != NULL && chdir("e") == 0 &&
	      getcwd(cwd, sizeof(cwd)) != NULL);
	CHECK(strcmp(cwd + strlen(cwd) - 2, "/e") == 0 && chdir("..") == 0);
	CHECK(getcwd(cwd, sizeof(cwd)) != NULL && strcmp(cwd, back) == 0);
	CHECK(getcwd(cwd, 1) == NULL && errno == ERANGE);
	int dir = open("e", O_RDONLY | O_DIRECTORY);
	fd = openat(dir, "moved", O_RDONLY);
	CHECK(fd >= 0 && fstatat(dir, "moved", &a, 0) == 0 && a.st_size == 6);
	CHECK(fstatat(fd, "", &b, AT_EMPTY_PATH) == 0 && b.st_ino == a.st_ino);
	close(fd);
	CHECK(unlinkat(dir, "moved", 0) == 0 && unlinkat(AT_FDCWD, "e", AT_REMOVEDIR) == 0);
	close(dir);
	rmdir("d");
	put("x1", "1");
	put("x2", "2");
	const unsigned noreplace = 1, exchange = 2;
	CHECK_ERR(syscall(SYS_renameat2, AT_FDCWD, "x1", AT_FDCWD, "x2", noreplace), EEXIST);
	CHECK_ERR(syscall(SYS_renameat2, AT_FDCWD, "x3", AT_FDCWD, "x4", noreplace), ENOENT);
	/* Not every file system of a host can exchange names. */
	if (syscall(SYS_renameat2, AT_FDCWD, "x1", AT_FDCWD, "x2", exchange) == 0) {
		CHECK(holds("x1", "2") && holds("x2", "1"));
	} else {
		CHECK(errno == EINVAL);
	}
	unlink("x1");
	unlink("x2");
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void listing(void)
{
	char name[32], *seen[300];
	int n = 0;
	CHECK(mkdir("list", 0755) == 0);
	for (int i = 0; i < 200; i++) {
		snprintf(name, sizeof(name), "list/file-%03d", i);
		put(name, "");
	}
	DIR *d = opendir("list");
	CHECK(d != NULL);
	for (struct dirent *e; d && (e = readdir(d)) && n < 300;) {
		if (e->d_name[0] == '.')
			continue;
		CHECK(e->d_type == DT_REG || e->d_type == DT_UNKNOWN);
		seen[n++] = strdup(e->d_name);
	}
	CHECK(n == 200);
	qsort(seen, (size_t)n, sizeof(char *), by_name);
	for (int i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "file-%03d", i);
		CHECK(strcmp(seen[i], name) == 0);
		free(seen[i]);
	}
	rewinddir(d);
	/* Removing while reading: everything goes in the end. */
	for (struct dirent *e; (e = readdir(d));) {
		if (e->d_name[0] != '.')
			unlinkat(dirfd(d), e->d_name, 0);
	}
	closedir(d);
	CHECK(rmdir("list") == 0);
}

static void attributes(void)
{
	struct stat st;
	put("t", "time");
	struct timespec ts[2] = { { 1000000000, 123456789 }, { 1500000000, 0 } };
	CHECK(utimensat(AT_FDCWD, "t", ts, 0) == 0 && stat("t", &st) == 0);
	CHECK(st.st_atim.tv_sec == 1000000000 && st.st_mtim.tv_sec == 1500000000);
	ts[0].tv_nsec = UTIME_OMIT;
	ts[1].tv_nsec = UTIME_NOW;
	CHECK(utimensat(AT_FDCWD, "t", ts, 0) == 0 && stat("t", &st) == 0);
	CHECK(st.st_atim.tv_sec == 1000000000 && st.st_mtim.tv_sec > 1600000000);
	CHECK(chmod("t", 04755) == 0 && stat("t", &st) == 0 && (st.st_mode & 07777) == 04755);
#ifdef STATX_BASIC_STATS
	struct statx sx;
	CHECK(statx(AT_FDCWD, "t", 0, STATX_BASIC_STATS, &sx) == 0 && sx.stx_size == 4);
	CHECK(sx.stx_nlink == 1 && S_ISREG(sx.stx_mode));
#endif
	struct statfs sf;
	CHECK(statfs("t", &sf) == 0 && sf.f_bsize > 0 && sf.f_namelen >= 255);
	unlink("t");
}

static void copying(void)
{
	put("src", "0123456789abcdef");
	int in = open("src", O_RDONLY), out = open("dst", O_CREAT | O_RDWR | O_TRUNC, 0600);
	off_t off = 4;
	CHECK(sendfile(out, in, &off, 6) == 6 && off == 10 && lseek(in, 0, SEEK_CUR) == 0);
	loff_t from = 0, to = 6;
	CHECK(copy_file_range(in, &from, out, &to, 4, 0) == 4 && from == 4 && to == 10);
	close(in);
	close(out);
	CHECK(holds("dst", "4567890123"));
	out = open("dst", O_RDWR);
	CHECK(flock(out, LOCK_EX) == 0);
	int again = open("dst", O_RDWR);
	CHECK_ERR(flock(again, LOCK_EX | LOCK_NB), EWOULDBLOCK);
	CHECK(flock(out, LOCK_UN) == 0 && flock(again, LOCK_SH | LOCK_NB) == 0);
	struct flock fl = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 4 };
	CHECK(fcntl(out, F_SETLK, &fl) == 0);
	fl.l_type = F_RDLCK;
	CHECK(fcntl(again, F_GETLK, &fl) == 0 && fl.l_type == F_UNLCK); /* same process */
	CHECK(fsync(out) == 0 && fdatasync(out) == 0);
	int folder = open(".", O_RDONLY | O_DIRECTORY), proc = open("/proc", O_RDONLY);
	CHECK(fsync(folder) == 0 && fdatasync(folder) == 0);
	CHECK_ERR(fsync(proc), EINVAL);
	close(folder);
	close(proc);
	close(again);
	close(out);
	unlink("src");
	unlink("dst");
}

static void volume(void)
{
	/* Two megabytes, written and read in odd pieces. */
	int fd = open("big", O_CREAT | O_RDWR | O_TRUNC, 0600);
	size_t total = 0;
	for (unsigned i = 0; total < 2000000; i++) {
		size_t n = 1 + (i * 7919) % 40000;
		for (size_t k = 0; k < n; k++)
			buf[k] = (char)((total + k) * 31);
		CHECK(write(fd, buf, n) == (ssize_t)n);
		total += n;
	}
	lseek(fd, 0, SEEK_SET);
	size_t at = 0;
	ssize_t n;
	int wrong = 0;
	while ((n = read(fd, buf, 33333)) > 0) {
		for (ssize_t k = 0; k < n; k++)
			wrong += buf[k] != (char)((at + (size_t)k) * 31);
		at += (size_t)n;
	}
	CHECK(at == total && wrong == 0);
	close(fd);
	unlink("big");
}

int main(int argc, char **argv)
{
	const char *where = argc > 1 ? argv[1] : "/tmp";
	CHECK(chdir(where) == 0);
	snprintf(buf, sizeof(buf), "files-%d", (int)getpid());
	char *work = strdup(buf);
	CHECK(mkdir(work, 0755) == 0 && chdir(work) == 0);
	opening();
	positions();
	names();
	listing();
	attributes();
	copying();
	volume();
	CHECK(chdir("..") == 0 && rmdir(work) == 0);
	free(work);
	return check_done();
}
