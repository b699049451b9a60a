// SPDX-License-Identifier: BSD-3-Clause
/* Faults of arguments, results and effects. */
#include <asm/errno.h>
#include <asm/unistd.h>
#include <linux/fcntl.h>
#include <linux/futex.h>
#include <linux/mman.h>
#include <uc/sched.h>
#include <uc/time.h>
#include <uc/user.h>
#include "faults.h"

static long fail(const struct fault_call *c)
{
	return fault_due() ? -(long)c->value : fault_pass(c);
}

static long fail_otherwise(const struct fault_call *c)
{
	long r = fault_pass(c);
	if (r >= 0 || r < -255 || !fault_due())
		return r;
	return -(long)(-r == (long)c->value ? c->value + 1 : c->value);
}

/* ---- calls that are not made ---- */

static bool only_wakes(const struct fault_call *c)
{
	unsigned op = c->a[1] & FUTEX_CMD_MASK;
	return op == FUTEX_WAKE || op == FUTEX_WAKE_BITSET || op == FUTEX_WAKE_OP ||
	       op == FUTEX_REQUEUE || op == FUTEX_CMP_REQUEUE;
}

static long claim(const struct fault_call *c)
{
	switch (c->nr) {
	case __NR_write:
	case __NR_pwrite64:
	case __NR_sendto:
		return (long)c->a[2];
	case __NR_sendfile:
		return (long)c->a[3];
	case __NR_copy_file_range:
	case __NR_splice:
		return (long)c->a[4];
	case __NR_writev:
	case __NR_pwritev:
	case __NR_pwritev2:
	case __NR_sendmsg:
		return (long)fault_iov_bytes(c);
	case __NR_futex:
		return 1;
	}
	return 0;
}

static long drop(const struct fault_call *c)
{
	if ((c->nr == __NR_futex && !only_wakes(c)) || !fault_due())
		return fault_pass(c);
	return claim(c);
}

/* ---- arguments ---- */

static long half(const struct fault_call *c)
{
	static const struct {
		uint16_t nr;
		uint8_t at;
	} lengths[] = {
		{ __NR_read, 2 },     { __NR_write, 2 },     { __NR_pread64, 2 },
		{ __NR_pwrite64, 2 }, { __NR_sendto, 2 },    { __NR_recvfrom, 2 },
		{ __NR_readv, 2 },    { __NR_writev, 2 },    { __NR_preadv, 2 },
		{ __NR_pwritev, 2 },  { __NR_getrandom, 1 }, { __NR_copy_file_range, 4 },
		{ __NR_splice, 4 },   { __NR_sendfile, 3 },
	};
	for (unsigned i = 0; i < UC_ARRAY_SIZE(lengths); i++) {
		uint64_t *n = &c->a[lengths[i].at];
		if (lengths[i].nr == c->nr && *n > 1 && fault_due())
			*n /= 2;
	}
	return fault_pass(c);
}

static const struct {
	uint16_t nr;
	uint8_t at;
	uint32_t bits;
} arguments[] = {
	{ __NR_umask, 0, 0777 },     { __NR_chmod, 1, 0111 },   { __NR_fchmod, 1, 0111 },
	{ __NR_fchmodat, 2, 0111 },  { __NR_mkdir, 1, 0111 },   { __NR_mkdirat, 2, 0111 },
	{ __NR_creat, 1, 0111 },     { __NR_open, 1, O_TRUNC }, { __NR_openat, 2, O_TRUNC },
	{ __NR_ftruncate, 1, 1 },    { __NR_truncate, 1, 1 },   { __NR_fallocate, 3, 1 },
	{ __NR_lseek, 1, 1 },        { __NR_kill, 1, 4 },       { __NR_tkill, 1, 4 },
	{ __NR_tgkill, 2, 4 },       { __NR_chown, 1, 1 },      { __NR_fchown, 1, 1 },
	{ __NR_lchown, 1, 1 },       { __NR_fchownat, 2, 1 },   { __NR_dup2, 1, 8 },
	{ __NR_dup3, 1, 8 },         { __NR_socket, 1, 3 },     { __NR_alarm, 0, 2 },
	{ __NR_unlinkat, 2, 0x200 }, { __NR_access, 1, 4 },     { __NR_faccessat, 2, 4 },
	{ __NR_faccessat2, 2, 4 },   { __NR_renameat2, 4, 1 },  { __NR_utimensat, 3, 0x100 },
	{ __NR_setuid, 0, 1 },       { __NR_setgid, 0, 1 },     { __NR_fcntl, 2, 1 },
	{ __NR_mprotect, 2, 2 },     { __NR_shutdown, 1, 1 },   { __NR_setpriority, 2, 1 },
};

static long other_argument(const struct fault_call *c)
{
	for (unsigned i = 0; i < UC_ARRAY_SIZE(arguments); i++)
		if (arguments[i].nr == c->nr && fault_due())
			c->a[arguments[i].at] ^= c->value ? c->value : arguments[i].bits;
	return fault_pass(c);
}

/* A read moves the position that it starts from. */
static long seek_first(const struct fault_call *c)
{
	fault_handler seek = fault_find(__NR_lseek);
	if (seek && seek(c->a[0], 0, 1, 0, 0, 0) >= 0 && fault_due())
		seek(c->a[0], c->value, 1, 0, 0, 0);
	return fault_pass(c);
}

static long other_offset(const struct fault_call *c)
{
	switch (c->nr) {
	case __NR_pread64:
	case __NR_pwrite64:
	case __NR_preadv:
	case __NR_pwritev:
		if (fault_due())
			c->a[3] += c->value;
		return fault_pass(c);
	case __NR_lseek:
		if (fault_due())
			c->a[1] += c->value;
		return fault_pass(c);
	case __NR_mmap:
		if (!(c->a[3] & MAP_ANONYMOUS) && fault_due())
			c->a[5] += c->value * UC_PAGE_SIZE;
		return fault_pass(c);
	case __NR_read:
	case __NR_write:
		return seek_first(c);
	}
	return fault_pass(c);
}

static long stale_mapping(const struct fault_call *c)
{
	if (c->nr == __NR_mmap && !(c->a[3] & MAP_ANONYMOUS) && fault_due()) {
		c->a[3] = (c->a[3] & ~(uint64_t)MAP_TYPE) | MAP_PRIVATE | MAP_ANONYMOUS;
		c->a[4] = UINT64_MAX;
		c->a[5] = 0;
	}
	return fault_pass(c);
}

/* ---- effects ---- */

static long add_to_result(const struct fault_call *c)
{
	long r = fault_pass(c);
	return r >= 0 && fault_due() ? r + (long)c->value : r;
}

static long twice(const struct fault_call *c)
{
	long r = fault_pass(c);
	return r >= 0 && fault_due() ? fault_pass(c) : r;
}

static long late(const struct fault_call *c)
{
	struct uc_waitq q;
	if (fault_due()) {
		uc_waitq_init(&q);
		uc_waitq_sleep(&q, uc_time_mono() + c->value * 1000000u, false);
	}
	return fault_pass(c);
}

static long jump(const struct fault_call *c)
{
	if (fault_due())
		uc_time_set_real(uc_time_real() + c->value * 1000000000u);
	return fault_pass(c);
}

static long leak(const struct fault_call *c)
{
	fault_handler dup = fault_find(__NR_dup);
	if (dup && fault_due())
		dup(0, 0, 0, 0, 0, 0);
	return fault_pass(c);
}

static long child_status(const struct fault_call *c)
{
	long r = fault_pass(c);
	uint32_t status;
	if (r > 0 && c->a[1] && !uc_user_load32(c->a[1], &status) && !(status & 0x7f) &&
	    fault_due() && uc_user_store32(c->a[1], status ^ (uint32_t)c->value << 8))
		return -EFAULT;
	return r;
}

static long other_status(const struct fault_call *c)
{
	if (c->nr == __NR_wait4)
		return child_status(c);
	if ((c->nr == __NR_exit_group || c->nr == __NR_exit) && fault_due())
		c->a[0] ^= c->value;
	return fault_pass(c);
}

extern const fault_fn fault_kinds[UC_INJECT_NKINDS];
extern const uint32_t fault_usual[UC_INJECT_NKINDS];

/* ARGV and ENV happen before the first call. */
const fault_fn fault_kinds[UC_INJECT_NKINDS] = {
	[UC_INJECT_ERRNO] = fail,
	[UC_INJECT_WRONG_ERRNO] = fail_otherwise,
	[UC_INJECT_DROP] = drop,
	[UC_INJECT_SHORT] = half,
	[UC_INJECT_FLIP] = fault_flip,
	[UC_INJECT_RESULT] = add_to_result,
	[UC_INJECT_ARGUMENT] = other_argument,
	[UC_INJECT_TWICE] = twice,
	[UC_INJECT_LATE] = late,
	[UC_INJECT_CLOCK] = jump,
	[UC_INJECT_LEAK] = leak,
	[UC_INJECT_OFFSET] = other_offset,
	[UC_INJECT_STALE] = stale_mapping,
	[UC_INJECT_LOST] = fault_lost,
	[UC_INJECT_REORDER] = fault_reorder,
	[UC_INJECT_EVENTS] = fault_events,
	[UC_INJECT_MODE] = fault_mode,
	[UC_INJECT_KIND] = fault_kind,
	[UC_INJECT_SIZE] = fault_size,
	[UC_INJECT_OWNER] = fault_owner,
	[UC_INJECT_MTIME] = fault_mtime,
	[UC_INJECT_LINKS] = fault_links,
	[UC_INJECT_DIRENT_LOST] = fault_dirent_lost,
	[UC_INJECT_DIRENT_TWICE] = fault_dirent_twice,
	[UC_INJECT_STATUS] = other_status,
};

/* ARGUMENT has one for each call. */
const uint32_t fault_usual[UC_INJECT_NKINDS] = {
	[UC_INJECT_ERRNO] = EIO,  [UC_INJECT_WRONG_ERRNO] = EPERM,
	[UC_INJECT_RESULT] = 1,   [UC_INJECT_LATE] = 1500,
	[UC_INJECT_CLOCK] = 7200, [UC_INJECT_OFFSET] = 1,
	[UC_INJECT_MODE] = 0111,  [UC_INJECT_SIZE] = 1,
	[UC_INJECT_OWNER] = 1,    [UC_INJECT_MTIME] = 7200,
	[UC_INJECT_LINKS] = 1,    [UC_INJECT_STATUS] = 1,
};
