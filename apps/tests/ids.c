// SPDX-License-Identifier: BSD-3-Clause
// Users, groups, names of the machine, roots and mounts: each in a process of its own, which starts
// as root.
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void users(void)
{
	uid_t r, e, s;

	CHECK(syscall(SYS_setresuid, 5, 6, 7) == 0 && syscall(SYS_getresuid, &r, &e, &s) == 0 &&
	      r == 5 && e == 6 && s == 7);
	CHECK(syscall(SYS_setreuid, -1, 7) == 0 && geteuid() == 7 && getuid() == 5);
	CHECK(syscall(SYS_setuid, 5) == 0 && geteuid() == 5);
	CHECK_ERR(syscall(SYS_setuid, 0), EPERM);
	CHECK_ERR(syscall(SYS_setresuid, 0, 0, 0), EPERM);
	CHECK_ERR(syscall(SYS_setreuid, 0, -1), EPERM);
	CHECK(syscall(SYS_setfsuid, 99) == 5 && syscall(SYS_setfsuid, -1) == 5);
	CHECK_ERR(open("/root-only", O_RDONLY), ENOENT);
	CHECK_ERR(syscall(SYS_sethostname, "x", 1), EPERM);
	CHECK_ERR(syscall(SYS_setdomainname, "x", 1), EPERM);
	CHECK_ERR(syscall(SYS_chroot, "/"), EPERM);
	CHECK_ERR(syscall(SYS_mount, "x", "/", "tmpfs", 0, 0), EPERM);
	CHECK_ERR(syscall(SYS_umount2, "/", 0), EPERM);
	CHECK_ERR(syscall(SYS_settimeofday, &(struct timeval){ 1, 0 }, 0), EPERM);
	CHECK_ERR(syscall(SYS_clock_settime, CLOCK_REALTIME, &(struct timespec){ 1, 0 }), EPERM);
	CHECK_ERR(syscall(SYS_clock_settime, CLOCK_MONOTONIC, &(struct timespec){ 1, 0 }), EINVAL);
}

static void groups(void)
{
	gid_t r, e, s, list[3] = { 30, 20, 10 }, got[3] = { 0 };

	CHECK(syscall(SYS_setgroups, 3, list) == 0 && syscall(SYS_getgroups, 3, got) == 3 &&
	      got[0] + got[1] + got[2] == 60);
	CHECK(syscall(SYS_getgroups, 0, NULL) == 3);
	CHECK_ERR(syscall(SYS_getgroups, 2, got), EINVAL);
	CHECK(syscall(SYS_setresgid, 5, 6, 7) == 0 && syscall(SYS_getresgid, &r, &e, &s) == 0 &&
	      r == 5 && e == 6 && s == 7);
	CHECK(syscall(SYS_setregid, 8, 9) == 0 && getgid() == 8 && getegid() == 9);
	CHECK(syscall(SYS_setgid, 4) == 0 && getgid() == 4 && getegid() == 4);
	CHECK(syscall(SYS_setfsgid, 77) == 4 && syscall(SYS_setfsgid, -1) == 77);
	CHECK(setuid(5) == 0);
	CHECK_ERR(syscall(SYS_setgroups, 1, list), EPERM);
	CHECK_ERR(syscall(SYS_setgid, 0), EPERM);
	CHECK_ERR(syscall(SYS_setresgid, 0, -1, -1), EPERM);
	CHECK_ERR(syscall(SYS_setregid, 0, 0), EPERM);
}

/* true: what follows changes nothing outside this program */
static int apart(int flag)
{
	return unshare(flag) == 0 || errno == EINVAL;
}

static void names(void)
{
	struct utsname u;
	char long_name[65];

	memset(long_name, 'x', sizeof(long_name));
	if (!apart(CLONE_NEWUTS))
		return;
	CHECK(syscall(SYS_sethostname, "tester", 6) == 0 && uname(&u) == 0 &&
	      !strcmp(u.nodename, "tester"));
	CHECK(syscall(SYS_setdomainname, "domain", 6) == 0 && uname(&u) == 0 &&
	      !strcmp(u.domainname, "domain"));
	CHECK_ERR(syscall(SYS_sethostname, long_name, 65), EINVAL);
	CHECK_ERR(syscall(SYS_setdomainname, long_name, -1), EINVAL);
	CHECK_ERR(syscall(SYS_sethostname, (void *)1, 5), EFAULT);
}

static void mounts(void)
{
	struct stat before, after;

	if (!apart(CLONE_NEWNS))
		return;
	mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
	CHECK(stat("m", &before) == 0);
	CHECK(syscall(SYS_mount, "none", "m", "tmpfs", 0, 0) == 0 && stat("m", &after) == 0 &&
	      before.st_dev != after.st_dev);
	CHECK(mkdir("m/in", 0700) == 0);
	CHECK_ERR(syscall(SYS_mount, "none", "m/none", "tmpfs", 0, 0), ENOENT);
	CHECK_ERR(syscall(SYS_mount, "none", "m", "nosuchfs", 0, 0), ENODEV);
	CHECK(syscall(SYS_umount2, "m", 0) == 0 && access("m/in", F_OK) == -1);
	CHECK_ERR(syscall(SYS_umount2, "m", 0), EINVAL);
}

static void roots(void)
{
	char cwd[100];

	CHECK(mkdir("m/root", 0755) == 0 && mkdir("m/root/inner", 0755) == 0);
	CHECK_ERR(syscall(SYS_chroot, "m/none"), ENOENT);
	CHECK(syscall(SYS_chroot, "m/root") == 0 && access("/inner", F_OK) == 0);
	CHECK(chdir("/inner") == 0 && getcwd(cwd, sizeof(cwd)) && !strcmp(cwd, "/inner"));
	CHECK(chdir("../../..") == 0 && access("inner", F_OK) == 0);
	CHECK(rmdir("/inner") == 0);
}

static void persons(void)
{
	CHECK(syscall(SYS_personality, 0xffffffff) == PER_LINUX);
	CHECK(syscall(SYS_personality, PER_LINUX) == PER_LINUX);
}

static int apart_from_here(void (*f)(void))
{
	int status;
	pid_t p = fork();

	if (!p) {
		f();
		_exit(check_failures != 0 || fflush(stdout));
	}
	return waitpid(p, &status, 0) == p && status == 0;
}

int main(void)
{
	char where[] = "/tmp/ids-XXXXXX";

	CHECK(mkdtemp(where) && chdir(where) == 0 && mkdir("m", 0755) == 0);
	CHECK(apart_from_here(users));
	CHECK(apart_from_here(groups));
	CHECK(apart_from_here(names));
	CHECK(apart_from_here(mounts));
	CHECK(apart_from_here(roots));
	CHECK(apart_from_here(persons));
	CHECK(rmdir("m/root") == 0 && rmdir("m") == 0 && chdir("/") == 0 && rmdir(where) == 0);
	return check_done();
}
