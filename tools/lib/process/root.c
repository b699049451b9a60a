// SPDX-License-Identifier: BSD-3-Clause
/*
 * The root folder of the new process, and its memory. Huge pages for files in memory are a property
 * of the mount; the host's own, which memfd_create uses, mostly has them off.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <uc/abi/procfd.h>

#include "internal.h"

#define RAM_NAME	"/proc/unicore-ram"
#define OPTIONS_BYTES	128

int uc_process_set_size(int fd, uint64_t size)
{
	struct rlimit was, raised;
	sigset_t xfsz, mask;

	sigemptyset(&xfsz);
	sigaddset(&xfsz, SIGXFSZ);
	sigprocmask(SIG_BLOCK, &xfsz, &mask);
	getrlimit(RLIMIT_FSIZE, &was);
	raised = (struct rlimit){ was.rlim_max, was.rlim_max };
	setrlimit(RLIMIT_FSIZE, &raised);
	int r = ftruncate(fd, (off_t)size), err = errno;
	setrlimit(RLIMIT_FSIZE, &was);
	if (r < 0 && err == EFBIG) /* take the signal that came with it back */
		sigtimedwait(&xfsz, NULL, &(struct timespec){ 0, 0 });
	sigprocmask(SIG_SETMASK, &mask, NULL);
	errno = err;
	return r;
}

static bool put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return done;
}

/* Only a user that the namespace knows can make files in it. */
static bool map_ids(uid_t uid, gid_t gid)
{
	char users[32], groups[32];

	snprintf(users, sizeof(users), "0 %u 1", uid);
	snprintf(groups, sizeof(groups), "0 %u 1", gid);
	return put("/proc/self/uid_map", users) && put("/proc/self/setgroups", "deny") &&
	       put("/proc/self/gid_map", groups);
}

/* One file fits in, of that size: nothing can be made beside it. */
static int mount_with_ram(uint64_t bytes)
{
	char options[OPTIONS_BYTES];

	snprintf(options, sizeof(options), "mode=555,nr_inodes=2,huge=advise,size=%llu",
		 (unsigned long long)bytes);
	if (mount("none", "/proc", "tmpfs", MS_NOSUID | MS_NODEV, options) < 0)
		return -1;
	int fd = open(RAM_NAME, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0 && unlink(RAM_NAME) == 0 && uc_process_set_size(fd, bytes) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	umount2("/proc", MNT_DETACH);
	return -1;
}

int uc_process_root(uint64_t ram_bytes, uid_t uid, gid_t gid)
{
	int ram = -1;

	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return -1;
	if (ram_bytes >= UC_PROC_HUGE_RAM && (uid == (uid_t)-1 || map_ids(uid, gid)))
		ram = mount_with_ram(ram_bytes);
	if (ram < 0 && mount("none", "/proc", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY,
			     "size=4k,nr_inodes=2,mode=555") < 0)
		return -1;
	if (chdir("/proc") < 0)
		return ram;
	if (syscall(SYS_pivot_root, ".", ".") == 0)
		umount2(".", MNT_DETACH);
	else if (chroot(".") < 0) /* where the root is the initial one, which cannot be moved */
		return ram;
	return ram;
}
