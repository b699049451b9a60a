// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <uc/proc.h>
#include <uc/string.h>
#include <uc/user.h>
#include "clone.h"

#define KNOWN_FLAGS (0xffffffffull | CLONE_CLEAR_SIGHAND | CLONE_INTO_CGROUP)

/* An extensible struct: short ones are zero-filled, unknown tails must be zero (openat2(2)). */
static int read_args(struct clone_args *a, uc_uptr p, size_t size)
{
	uint8_t tail;

	if (size > UC_PAGE_SIZE)
		return -E2BIG;
	if (size < CLONE_ARGS_SIZE_VER0)
		return -EINVAL;
	memset(a, 0, sizeof(*a));
	for (size_t i = sizeof(*a); i < size; i++) {
		if (uc_user_read(&tail, p + i, 1) < 0)
			return -EFAULT;
		if (tail)
			return -E2BIG;
	}
	return uc_user_read(a, p, UC_MIN(size, sizeof(*a)));
}

static int check_args(const struct clone_args *a)
{
	if (a->set_tid_size > 32 || (!a->set_tid) != (!a->set_tid_size))
		return -EINVAL;
	if (a->exit_signal & ~(uint64_t)CSIGNAL || a->exit_signal > UC_NSIG)
		return -EINVAL;
	if (a->flags & ~KNOWN_FLAGS || a->flags & (CLONE_DETACHED | (CSIGNAL & ~CLONE_NEWTIME)))
		return -EINVAL;
	if (a->flags & (CLONE_THREAD | CLONE_PARENT) && a->exit_signal)
		return -EINVAL;
	if ((!a->stack) != (!a->stack_size))
		return -EINVAL;
	if (a->stack && !uc_user_ok(a->stack, a->stack_size))
		return -EINVAL;
	return 0;
}

long uc_sys_clone3(uc_uptr args, size_t size)
{
	struct clone_args a;
	int r = read_args(&a, args, size);

	if (!r)
		r = check_args(&a);
	if (r < 0)
		return r;
	if (a.set_tid)
		return uc_unsupported(-EINVAL, "clone3 set_tid");
	struct uc_clone c = {
		.flags = a.flags, .exit_signal = (int)a.exit_signal,
		.stack = a.stack ? a.stack + a.stack_size : 0,
		.parent_tid = a.parent_tid, .child_tid = a.child_tid, .tls = a.tls,
		.pidfd = a.pidfd,
	};
	c.flags &= ~(uint64_t)(CLONE_PTRACE | CLONE_UNTRACED);
	return uc_clone(&c);
}
