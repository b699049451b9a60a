// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <asm/prctl.h>
#include <uc/proc.h>
#include <uc/user.h>

static long put64(uc_uptr p, uint64_t v)
{
	return uc_user_write(p, &v, sizeof(v));
}

long uc_sys_arch_prctl(int op, uint64_t arg)
{
	struct uc_ctx *c = &uc_thread_current()->ctx;

	switch (op) {
	case ARCH_SET_FS:
		return uc_user_ok(arg, 0) ? uc_arch_set_tls(c, arg) : -EPERM;
	case ARCH_GET_FS:
		return put64(arg, uc_arch_tls(c));
	case ARCH_SET_GS: /* GS is the kernel's: the application shares its privilege level */
		return uc_unsupported(-EINVAL, "arch_prctl ARCH_SET_GS");
	case ARCH_GET_GS:
		return put64(arg, 0);
	case ARCH_GET_CPUID:
		return 1;
	case ARCH_SET_CPUID:
		return -ENODEV;
	default:
		return -EINVAL;
	}
}
