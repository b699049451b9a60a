// SPDX-License-Identifier: BSD-3-Clause
// Extended attributes of files, folders and links, in the folder named by the argument.
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

static char big[70000], got[70000];

static int lists(const char *list, ssize_t n, const char *name)
{
	for (const char *p = list; p < list + n; p += strlen(p) + 1)
		if (!strcmp(p, name))
			return 1;
	return 0;
}

static void by_name(void)
{
	CHECK(setxattr("f", "trusted.a", "one", 3, 0) == 0);
	CHECK(getxattr("f", "trusted.a", got, sizeof(got)) == 3 && memcmp(got, "one", 3) == 0);
	CHECK(getxattr("f", "trusted.a", NULL, 0) == 3);
	CHECK_ERR(getxattr("f", "trusted.a", got, 2), ERANGE);
	CHECK_ERR(getxattr("f", "trusted.b", got, 2), ENODATA);
	CHECK_ERR(getxattr("none", "trusted.a", got, 2), ENOENT);
	CHECK_ERR(setxattr("f", "trusted.a", "two", 3, XATTR_CREATE), EEXIST);
	CHECK_ERR(setxattr("f", "trusted.b", "two", 3, XATTR_REPLACE), ENODATA);
	CHECK_ERR(setxattr("f", "trusted.b", "two", 3, 4), EINVAL);
	CHECK_ERR(setxattr("f", "nosuch.b", "two", 3, 0), EOPNOTSUPP);
	CHECK_ERR(setxattr("f", "", "two", 3, 0), ERANGE);
	CHECK_ERR(setxattr("f", "trusted.b", big, 65537, 0), E2BIG);
	CHECK(setxattr("f", "trusted.a", "other", 5, XATTR_REPLACE) == 0 &&
	      setxattr("f", "trusted.c", "", 0, 0) == 0);
	ssize_t n = listxattr("f", got, sizeof(got));
	CHECK(lists(got, n, "trusted.a") && lists(got, n, "trusted.c") &&
	      listxattr("f", NULL, 0) == n);
	CHECK_ERR(listxattr("f", got, 3), ERANGE);
	CHECK(removexattr("f", "trusted.c") == 0);
	CHECK_ERR(removexattr("f", "trusted.c"), ENODATA);
	CHECK(setxattr("d", "trusted.d", "folder", 6, 0) == 0 &&
	      getxattr("d", "trusted.d", got, 100) == 6);
}

static void of_links(void)
{
	CHECK(getxattr("l", "trusted.a", got, 100) == 5);
	CHECK(lsetxattr("l", "trusted.l", "x", 1, 0) == 0 &&
	      lgetxattr("l", "trusted.l", got, 10) == 1);
	CHECK_ERR(lgetxattr("l", "trusted.a", got, 10), ENODATA);
	CHECK_ERR(getxattr("f", "trusted.l", got, 10), ENODATA);
	ssize_t n = llistxattr("l", got, sizeof(got));
	CHECK(lists(got, n, "trusted.l") && !lists(got, n, "trusted.a"));
	CHECK(lremovexattr("l", "trusted.l") == 0);
	CHECK_ERR(lremovexattr("l", "trusted.l"), ENODATA);
	CHECK_ERR(lsetxattr("l", "user.l", "x", 1, 0), EPERM);
}

static void by_descriptor(void)
{
	int fd = open("f", O_RDONLY), path = open("f", O_PATH);

	CHECK(fsetxattr(fd, "trusted.f", "fd", 2, 0) == 0 &&
	      fgetxattr(fd, "trusted.f", got, 10) == 2);
	ssize_t n = flistxattr(fd, got, sizeof(got));
	CHECK(lists(got, n, "trusted.f"));
	CHECK(fremovexattr(fd, "trusted.f") == 0);
	CHECK_ERR(fgetxattr(fd, "trusted.f", got, 10), ENODATA);
	CHECK_ERR(fgetxattr(path, "trusted.a", got, 10), EBADF);
	CHECK_ERR(fsetxattr(-1, "trusted.f", "fd", 2, 0), EBADF);
	CHECK_ERR(flistxattr(-1, got, 10), EBADF);
	CHECK_ERR(fremovexattr(-1, "trusted.f"), EBADF);
	close(path);
	close(fd);
}

int main(int argc, char **argv)
{
	char where[100];

	snprintf(where, sizeof(where), "%s/xattrs-XXXXXX", argc > 1 ? argv[1] : "/tmp");
	CHECK(mkdtemp(where) && chdir(where) == 0);
	close(open("f", O_CREAT | O_WRONLY, 0600));
	CHECK(mkdir("d", 0700) == 0 && symlink("f", "l") == 0);
	by_name();
	of_links();
	by_descriptor();
	CHECK(unlink("f") == 0 && unlink("l") == 0 && rmdir("d") == 0 && chdir("/") == 0 &&
	      rmdir(where) == 0);
	return check_done();
}
