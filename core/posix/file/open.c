// SPDX-License-Identifier: BSD-3-Clause
#include <linux/openat2.h>
#include <uc/filecall.h>
#include <uc/part.h>
#include <uc/proc.h>

UC_NEEDS_PART(write);

static long do_open(int dfd, uc_uptr upath, int flags, unsigned mode)
{
	struct uc_pathat p;
	struct uc_file *f;
	long r = uc_pathat_get(&p, dfd, upath, false);

	if (r < 0)
		return r;
	f = uc_vfs_open(p.fs, p.at, p.path, flags | O_LARGEFILE, mode & 07777);
	uc_pathat_put(&p);
	if (UC_IS_ERR(f))
		return UC_PTR_ERR(f);
	return uc_fd_publish(f, flags & O_CLOEXEC);
}

long uc_sys_openat(int dfd, uc_uptr path, int flags, unsigned mode)
{
	return do_open(dfd, path, flags, mode);
}

long uc_sys_open(uc_uptr path, int flags, unsigned mode)
{
	return do_open(AT_FDCWD, path, flags, mode);
}

long uc_sys_creat(uc_uptr path, unsigned mode)
{
	return do_open(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

#define OPEN2_FLAGS                                                                                \
	(O_ACCMODE | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_APPEND | O_NONBLOCK | O_DSYNC |     \
	 __O_SYNC | FASYNC | O_DIRECT | O_LARGEFILE | O_DIRECTORY | O_NOFOLLOW | O_NOATIME |       \
	 O_CLOEXEC | O_PATH | __O_TMPFILE)

static long check_how(const struct open_how *how)
{
	bool creates = how->flags & (O_CREAT | __O_TMPFILE);

	if (how->flags & ~(uint64_t)OPEN2_FLAGS)
		return -EINVAL;
	if (how->mode & ~07777ull || (how->mode && !creates))
		return -EINVAL;
	if (how->flags & O_PATH &&
	    how->flags & ~(uint64_t)(O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC))
		return -EINVAL;
	if (how->resolve)
		return uc_unsupported(-ENOSYS, "openat2 resolve %#llx",
				      (unsigned long long)how->resolve);
	return 0;
}

/* Fields of a larger struct from a newer program must be zero to be ignored. */
static long check_tail(uc_uptr p, size_t n)
{
	while (n > 0) {
		uint8_t buf[64];
		size_t k = UC_MIN(n, sizeof(buf));

		if (uc_user_read(buf, p, k) < 0)
			return -EFAULT;
		for (size_t i = 0; i < k; i++)
			if (buf[i])
				return -E2BIG;
		p += k;
		n -= k;
	}
	return 0;
}

long uc_sys_openat2(int dfd, uc_uptr path, uc_uptr uhow, size_t size)
{
	struct open_how how;
	long r;

	if (size < sizeof(how))
		return -EINVAL;
	if (size > UC_PAGE_SIZE)
		return -E2BIG;
	if (uc_user_read(&how, uhow, sizeof(how)) < 0)
		return -EFAULT;
	r = check_tail(uhow + sizeof(how), size - sizeof(how));
	if (r == 0)
		r = check_how(&how);
	return r < 0 ? r : do_open(dfd, path, (int)how.flags, (unsigned)how.mode);
}
