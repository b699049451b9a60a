// SPDX-License-Identifier: BSD-3-Clause
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <unicore/util.h>

static int read_all(int fd, size_t max, struct uc_buf *out)
{
	char chunk[65536];
	ssize_t got;

	while ((got = read(fd, chunk, sizeof(chunk))) != 0) {
		if (got < 0 && errno == EINTR) continue;
		if (got < 0) return -errno;
		if ((size_t)got > max - out->n) return -EFBIG;
		uc_buf_add(out, chunk, (size_t)got);
	}
	uc_buf_add(out, "", 0);
	return 0;
}

int uc_file_read(const char *path, size_t max, struct uc_buf *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;

	*out = (struct uc_buf){ 0 };
	if (fd < 0) return -errno;
	rc = read_all(fd, max, out);
	close(fd);
	if (rc) uc_buf_free(out);
	return rc;
}

static int write_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno == EINTR) continue;
		if (done < 0) return -errno;
		p += done;
		n -= (size_t)done;
	}
	return 0;
}

int uc_file_write(const char *path, const void *data, size_t n, mode_t mode)
{
	char *tmp = uc_xasprintf("%s.tmp%ld", path, (long)getpid());
	int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode), rc;

	if (fd < 0) {
		rc = -errno;
		free(tmp);
		return rc;
	}
	rc = write_all(fd, data, n);
	if (close(fd) && !rc) rc = -errno;
	if (!rc && rename(tmp, path)) rc = -errno;
	if (rc) unlink(tmp);
	free(tmp);
	return rc;
}

static int copy_bytes(int in, int out)
{
	char chunk[65536];
	ssize_t got;

	if (ioctl(out, FICLONE, in) == 0) return 0;
	while ((got = copy_file_range(in, NULL, out, NULL, 1u << 30, 0)) > 0)
		;
	if (got == 0) return 0;
	while ((got = read(in, chunk, sizeof(chunk))) != 0) {
		int rc = 0;

		if (got < 0 && errno != EINTR) return -errno;
		if (got > 0) rc = write_all(out, chunk, (size_t)got);
		if (rc) return rc;
	}
	return 0;
}

int uc_file_copy(const char *from, const char *to, mode_t mode)
{
	int in = open(from, O_RDONLY | O_CLOEXEC), out, rc;
	struct stat st;

	if (in < 0) return -errno;
	if (fstat(in, &st) || !S_ISREG(st.st_mode)) {
		close(in);
		return -EINVAL;
	}
	out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (out < 0) {
		rc = -errno;
		close(in);
		return rc;
	}
	rc = copy_bytes(in, out);
	/* The umask must not take part: the mode is what the image shows. */
	if (!rc && fchmod(out, mode)) rc = -errno;
	close(in);
	if (close(out) && !rc) rc = -errno;
	return rc;
}

int uc_mkdirs(const char *path, mode_t mode)
{
	char *copy = uc_xstrdup(path);
	int rc = 0;

	for (char *p = copy + 1; !rc; p++) {
		char c = *p;

		if (c && c != '/') continue;
		*p = 0;
		if (mkdir(copy, mode) && errno != EEXIST) rc = -errno;
		*p = c;
		if (!c) break;
	}
	free(copy);
	return rc;
}

static int rmtree_at(int parent, const char *name)
{
	struct dirent *d;
	DIR *dir;
	int fd, rc = 0;

	if (unlinkat(parent, name, 0) == 0 || errno == ENOENT) return 0;
	if (errno != EISDIR && errno != EPERM) return -errno;
	/* A package may hold folders that their owner cannot enter. */
	fchmodat(parent, name, 0700, 0);
	fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) return -errno;
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return -ENOMEM;
	}
	while (!rc && (d = readdir(dir)))
		if (strcmp(d->d_name, ".") && strcmp(d->d_name, ".."))
			rc = rmtree_at(fd, d->d_name);
	closedir(dir);
	if (!rc && unlinkat(parent, name, AT_REMOVEDIR)) rc = -errno;
	return rc;
}

int uc_rmtree(const char *path) { return rmtree_at(AT_FDCWD, path); }

char *uc_readlink_dup(int dirfd, const char *path)
{
	char target[4096];
	ssize_t n = readlinkat(dirfd, path, target, sizeof(target));

	if (n < 0) return NULL;
	if (n == (ssize_t)sizeof(target)) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	return uc_xstrndup(target, (size_t)n);
}

char *uc_file_map(const char *path, size_t *n)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *map = MAP_FAILED;
	struct stat st;

	if (fd < 0) return NULL;
	if (!fstat(fd, &st) && st.st_size > 0) {
		*n = (size_t)st.st_size;
		map = mmap(NULL, *n, PROT_READ, MAP_PRIVATE, fd, 0);
	}
	close(fd);
	return map == MAP_FAILED ? NULL : map;
}

bool uc_file_mentions(const char *path, const char *text, size_t n)
{
	size_t size;
	char *map = uc_file_map(path, &size);
	bool yes = map && memmem(map, size, text, n);

	if (map) munmap(map, size);
	return yes;
}
