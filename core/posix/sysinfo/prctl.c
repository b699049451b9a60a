// SPDX-License-Identifier: BSD-3-Clause
/* prctl(2), personality(2). */
#include <asm/errno.h>
#include <linux/personality.h>
#include <linux/prctl.h>
#include <uc/string.h>
#include <uc/user.h>
#include "capctl.h"
#include "cred.h"

static long set_name(uc_uptr p)
{
	struct uc_task *t = uc_task_current();
	char name[sizeof(t->thread.name)] = { 0 };
	/* Longer names are cut. */
	size_t n = uc_user_read_some(name, p, sizeof(name) - 1);
	if (n < sizeof(name) - 1 && strnlen(name, n) == n)
		return -EFAULT;
	memset(name + strlen(name), 0, sizeof(name) - strlen(name));
	memcpy(t->thread.name, name, sizeof(name));
	if (t->tid == t->proc->pid)
		memcpy(t->proc->comm, name, sizeof(name));
	return 0;
}

static long set_dumpable(uint64_t v)
{
	if (v > 1)
		return -EINVAL;
	uc_proc_current()->dumpable = v;
	return 0;
}

static long set_pdeathsig(uint64_t sig)
{
	if (sig > UC_NSIG)
		return -EINVAL;
	uc_proc_current()->pdeath_sig = (int)sig;
	return 0;
}

static long set_no_new_privs(uint64_t a2, bool rest)
{
	if (a2 != 1 || rest)
		return -EINVAL;
	uc_proc_current()->no_new_privs = true;
	return 0;
}

static long tsc_mode(int op, uint64_t arg)
{
	if (op == PR_GET_TSC)
		return uc_user_store32(arg, PR_TSC_ENABLE);
	if (arg == PR_TSC_ENABLE)
		return 0;
	return arg == PR_TSC_SIGSEGV ? uc_unsupported(-EINVAL, "prctl PR_TSC_SIGSEGV") : -EINVAL;
}

static long get_tid_address(uc_uptr out)
{
	uint64_t p = uc_task_current()->clear_child_tid;
	return uc_user_write(out, &p, sizeof(p));
}

/* Memory comes in small pages in any case: kept and reported back. */
static long set_no_thp(uint64_t on)
{
	uc_task_current()->proc->no_thp = on;
	return 0;
}

long uc_sys_prctl(int op, uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5)
{
	struct uc_task *t = uc_task_current();
	switch (op) {
	case PR_SET_NAME:
		return set_name(a2);
	case PR_GET_NAME:
		return uc_user_write(a2, t->thread.name, sizeof(t->thread.name));
	case PR_SET_DUMPABLE:
		return set_dumpable(a2);
	case PR_GET_DUMPABLE:
		return t->proc->dumpable;
	case PR_SET_PDEATHSIG:
		return set_pdeathsig(a2);
	case PR_GET_PDEATHSIG:
		return uc_user_store32(a2, (uint32_t)t->proc->pdeath_sig);
	case PR_SET_NO_NEW_PRIVS:
		return set_no_new_privs(a2, a3 || a4 || a5);
	case PR_GET_NO_NEW_PRIVS:
		return a2 || a3 || a4 || a5 ? -EINVAL : t->proc->no_new_privs;
	case PR_CAPBSET_READ: case PR_CAPBSET_DROP: case PR_GET_KEEPCAPS: case PR_SET_KEEPCAPS:
	case PR_GET_SECUREBITS: case PR_SET_SECUREBITS: case PR_CAP_AMBIENT:
		return uc_capctl(op, a2, a3, a4 || a5);
	case PR_SET_CHILD_SUBREAPER:
		t->proc->subreaper = a2;
		return 0;
	case PR_GET_SECCOMP:
		return 0;
	case PR_SET_THP_DISABLE:
		return a3 || a4 || a5 ? -EINVAL : set_no_thp(a2);
	case PR_GET_THP_DISABLE:
		return a2 || a3 || a4 || a5 ? -EINVAL : t->proc->no_thp;
	case PR_GET_CHILD_SUBREAPER:
		return uc_user_store32(a2, t->proc->subreaper);
	case PR_GET_TID_ADDRESS:
		return get_tid_address(a2);
	case PR_GET_TSC:
	case PR_SET_TSC:
		return tsc_mode(op, a2);
	case PR_SET_VMA:
		return -EINVAL; /* as a kernel without names for anonymous memory */
	default:
		return uc_unsupported(-EINVAL, "prctl %d", op);
	}
}

long uc_sys_personality(unsigned persona)
{
	const unsigned query = 0xffffffff;
	if (persona == query || persona == PER_LINUX)
		return PER_LINUX;
	return uc_unsupported(-EINVAL, "personality 0x%x", persona);
}
