// SPDX-License-Identifier: BSD-3-Clause
/* Names of flags and enumerated values. Sets without an entry are shown as numbers. */
#include <asm/ioctls.h>
#include <asm/mman.h>
#include <asm/prctl.h>
#include <asm/resource.h>
#include <asm/signal.h>
#include <asm/termbits.h>
#include <linux/eventpoll.h>
#include <linux/falloc.h>
#include <linux/fcntl.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <linux/memfd.h>
#include <linux/mman.h>
#include <linux/prctl.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/time.h>
#include <linux/wait.h>
#include "trace_internal.h"

/* The name is shown if (value & mask) == want; the bits of mask then count as explained. */
struct name {
	uint32_t mask, want;
	const char *text;
};
#define FLAG(x)                                                                                    \
	{                                                                                          \
		(uint32_t)(x), (uint32_t)(x), #x                                                   \
	}
#define BITS(mask, x)                                                                              \
	{                                                                                          \
		(uint32_t)(mask), (uint32_t)(x), #x                                                \
	}
#define ONE(x)                                                                                     \
	{                                                                                          \
		UINT32_MAX, (uint32_t)(x), #x                                                      \
	}
/* Constants that Linux has and its user headers do not export. */
#define CONST(x, text)                                                                             \
	{                                                                                          \
		UINT32_MAX, x, text                                                                \
	}
#define BIT(x, text)                                                                               \
	{                                                                                          \
		x, x, text                                                                         \
	}

static const struct name set_open[] = { BITS(O_ACCMODE, O_RDONLY),
					BITS(O_ACCMODE, O_WRONLY),
					BITS(O_ACCMODE, O_RDWR),
					FLAG(O_CREAT),
					FLAG(O_EXCL),
					FLAG(O_NOCTTY),
					FLAG(O_TRUNC),
					FLAG(O_APPEND),
					FLAG(O_NONBLOCK),
					FLAG(O_SYNC),
					FLAG(O_DSYNC),
					FLAG(O_DIRECT),
					FLAG(O_LARGEFILE),
					FLAG(O_TMPFILE),
					FLAG(O_DIRECTORY),
					FLAG(O_NOFOLLOW),
					FLAG(O_NOATIME),
					FLAG(O_CLOEXEC),
					FLAG(O_PATH),
					{ 0 } };
static const struct name set_fd[] = { FLAG(O_DIRECT), FLAG(O_NONBLOCK), FLAG(O_CLOEXEC), { 0 } };
static const struct name set_whence[] = { CONST(0, "SEEK_SET"),  CONST(1, "SEEK_CUR"),
					  CONST(2, "SEEK_END"),  CONST(3, "SEEK_DATA"),
					  CONST(4, "SEEK_HOLE"), { 0 } };
static const struct name set_prot[] = { ONE(PROT_NONE),
					FLAG(PROT_READ),
					FLAG(PROT_WRITE),
					FLAG(PROT_EXEC),
					FLAG(PROT_GROWSDOWN),
					FLAG(PROT_GROWSUP),
					{ 0 } };
static const struct name set_mmap[] = { BITS(MAP_TYPE, MAP_SHARED),
					BITS(MAP_TYPE, MAP_PRIVATE),
					BITS(MAP_TYPE, MAP_SHARED_VALIDATE),
					FLAG(MAP_FIXED),
					FLAG(MAP_ANONYMOUS),
					FLAG(MAP_32BIT),
					FLAG(MAP_GROWSDOWN),
					FLAG(MAP_DENYWRITE),
					FLAG(MAP_EXECUTABLE),
					FLAG(MAP_LOCKED),
					FLAG(MAP_NORESERVE),
					FLAG(MAP_POPULATE),
					FLAG(MAP_NONBLOCK),
					FLAG(MAP_STACK),
					FLAG(MAP_HUGETLB),
					FLAG(MAP_SYNC),
					FLAG(MAP_FIXED_NOREPLACE),
					{ 0 } };
static const struct name set_mremap[] = {
	FLAG(MREMAP_MAYMOVE), FLAG(MREMAP_FIXED), FLAG(MREMAP_DONTUNMAP), { 0 }
};
static const struct name set_msync[] = {
	FLAG(MS_ASYNC), FLAG(MS_INVALIDATE), FLAG(MS_SYNC), { 0 }
};
static const struct name set_madvise[] = { ONE(MADV_NORMAL),         ONE(MADV_RANDOM),
					   ONE(MADV_SEQUENTIAL),     ONE(MADV_WILLNEED),
					   ONE(MADV_DONTNEED),       ONE(MADV_FREE),
					   ONE(MADV_REMOVE),         ONE(MADV_DONTFORK),
					   ONE(MADV_DOFORK),         ONE(MADV_MERGEABLE),
					   ONE(MADV_UNMERGEABLE),    ONE(MADV_HUGEPAGE),
					   ONE(MADV_NOHUGEPAGE),     ONE(MADV_DONTDUMP),
					   ONE(MADV_DODUMP),         ONE(MADV_WIPEONFORK),
					   ONE(MADV_KEEPONFORK),     ONE(MADV_COLD),
					   ONE(MADV_PAGEOUT),        ONE(MADV_POPULATE_READ),
					   ONE(MADV_POPULATE_WRITE), { 0 } };
static const struct name set_sigmask[] = {
	ONE(SIG_BLOCK), ONE(SIG_UNBLOCK), ONE(SIG_SETMASK), { 0 }
};
static const struct name set_ioctl[] = {
	ONE(TCGETS),    ONE(TCSETS),    ONE(TCSETSW),   ONE(TCSETSF),    ONE(TCGETS2),
	ONE(TCSETS2),   ONE(TCSETSW2),  ONE(TCSETSF2),  ONE(TCGETA),     ONE(TCSETA),
	ONE(TCSBRK),    ONE(TCXONC),    ONE(TCFLSH),    ONE(TIOCEXCL),   ONE(TIOCNXCL),
	ONE(TIOCSCTTY), ONE(TIOCGPGRP), ONE(TIOCSPGRP), ONE(TIOCGWINSZ), ONE(TIOCSWINSZ),
	ONE(TIOCNOTTY), ONE(TIOCGSID),  ONE(TIOCGPTN),  ONE(TIOCSPTLCK), ONE(TIOCOUTQ),
	ONE(FIONREAD),  ONE(FIONBIO),   ONE(FIOASYNC),  ONE(FIONCLEX),   ONE(FIOCLEX),
	{ 0 }
};
static const struct name set_access[] = {
	CONST(0, "F_OK"), BIT(4, "R_OK"), BIT(2, "W_OK"), BIT(1, "X_OK"), { 0 }
};
static const struct name set_af[] = { CONST(0, "AF_UNSPEC"),   CONST(1, "AF_UNIX"),
				      CONST(2, "AF_INET"),     CONST(10, "AF_INET6"),
				      CONST(16, "AF_NETLINK"), CONST(17, "AF_PACKET"),
				      CONST(40, "AF_VSOCK"),   { 0 } };
static const struct name set_socktype[] = { { 15, 1, "SOCK_STREAM" },
					    { 15, 2, "SOCK_DGRAM" },
					    { 15, 3, "SOCK_RAW" },
					    { 15, 5, "SOCK_SEQPACKET" },
					    BIT(O_CLOEXEC, "SOCK_CLOEXEC"),
					    BIT(O_NONBLOCK, "SOCK_NONBLOCK"),
					    { 0 } };
static const struct name set_msg[] = { BIT(1, "MSG_OOB"),
				       BIT(2, "MSG_PEEK"),
				       BIT(4, "MSG_DONTROUTE"),
				       BIT(0x20, "MSG_TRUNC"),
				       BIT(0x40, "MSG_DONTWAIT"),
				       BIT(0x80, "MSG_EOR"),
				       BIT(0x100, "MSG_WAITALL"),
				       BIT(0x2000, "MSG_ERRQUEUE"),
				       BIT(0x4000, "MSG_NOSIGNAL"),
				       BIT(0x8000, "MSG_MORE"),
				       BIT(0x40000000, "MSG_CMSG_CLOEXEC"),
				       { 0 } };
static const struct name set_shutdown[] = {
	CONST(0, "SHUT_RD"), CONST(1, "SHUT_WR"), CONST(2, "SHUT_RDWR"), { 0 }
};
static const struct name set_sol[] = { CONST(0, "SOL_IP"),    CONST(1, "SOL_SOCKET"),
				       CONST(6, "SOL_TCP"),   CONST(17, "SOL_UDP"),
				       CONST(41, "SOL_IPV6"), { 0 } };
static const struct name set_clone[] = { FLAG(CLONE_VM),
					 FLAG(CLONE_FS),
					 FLAG(CLONE_FILES),
					 FLAG(CLONE_SIGHAND),
					 FLAG(CLONE_PIDFD),
					 FLAG(CLONE_PTRACE),
					 FLAG(CLONE_VFORK),
					 FLAG(CLONE_PARENT),
					 FLAG(CLONE_THREAD),
					 FLAG(CLONE_NEWNS),
					 FLAG(CLONE_SYSVSEM),
					 FLAG(CLONE_SETTLS),
					 FLAG(CLONE_PARENT_SETTID),
					 FLAG(CLONE_CHILD_CLEARTID),
					 FLAG(CLONE_DETACHED),
					 FLAG(CLONE_UNTRACED),
					 FLAG(CLONE_CHILD_SETTID),
					 FLAG(CLONE_NEWCGROUP),
					 FLAG(CLONE_NEWUTS),
					 FLAG(CLONE_NEWIPC),
					 FLAG(CLONE_NEWUSER),
					 FLAG(CLONE_NEWPID),
					 FLAG(CLONE_NEWNET),
					 FLAG(CLONE_IO),
					 BITS(CSIGNAL, SIGCHLD),
					 { 0 } };
static const struct name set_wait[] = { FLAG(WNOHANG),    FLAG(WUNTRACED), FLAG(WEXITED),
					FLAG(WCONTINUED), FLAG(WNOWAIT),   FLAG(__WNOTHREAD),
					FLAG(__WALL),     FLAG(__WCLONE),  { 0 } };
static const struct name set_fcntl[] = { ONE(F_DUPFD),         ONE(F_GETFD),      ONE(F_SETFD),
					 ONE(F_GETFL),         ONE(F_SETFL),      ONE(F_GETLK),
					 ONE(F_SETLK),         ONE(F_SETLKW),     ONE(F_SETOWN),
					 ONE(F_GETOWN),        ONE(F_SETSIG),     ONE(F_GETSIG),
					 ONE(F_OFD_GETLK),     ONE(F_OFD_SETLK),  ONE(F_OFD_SETLKW),
					 ONE(F_SETLEASE),      ONE(F_GETLEASE),   ONE(F_NOTIFY),
					 ONE(F_DUPFD_CLOEXEC), ONE(F_SETPIPE_SZ), ONE(F_GETPIPE_SZ),
					 ONE(F_ADD_SEALS),     ONE(F_GET_SEALS),  { 0 } };
static const struct name set_flock[] = {
	FLAG(LOCK_SH), FLAG(LOCK_EX), FLAG(LOCK_UN), FLAG(LOCK_NB), { 0 }
};
static const struct name set_rlimit[] = { ONE(RLIMIT_CPU),
					  ONE(RLIMIT_FSIZE),
					  ONE(RLIMIT_DATA),
					  ONE(RLIMIT_STACK),
					  ONE(RLIMIT_CORE),
					  ONE(RLIMIT_RSS),
					  ONE(RLIMIT_NPROC),
					  ONE(RLIMIT_NOFILE),
					  ONE(RLIMIT_MEMLOCK),
					  ONE(RLIMIT_AS),
					  ONE(RLIMIT_LOCKS),
					  ONE(RLIMIT_SIGPENDING),
					  ONE(RLIMIT_MSGQUEUE),
					  ONE(RLIMIT_NICE),
					  ONE(RLIMIT_RTPRIO),
					  ONE(RLIMIT_RTTIME),
					  { 0 } };
static const struct name set_rusage[] = { CONST(0, "RUSAGE_SELF"),
					  CONST(UINT32_MAX, "RUSAGE_CHILDREN"),
					  CONST(1, "RUSAGE_THREAD"),
					  { 0 } };
static const struct name set_itimer[] = {
	ONE(ITIMER_REAL), ONE(ITIMER_VIRTUAL), ONE(ITIMER_PROF), { 0 }
};
static const struct name set_sched[] = {
	ONE(SCHED_NORMAL), ONE(SCHED_FIFO),     ONE(SCHED_RR), ONE(SCHED_BATCH),
	ONE(SCHED_IDLE),   ONE(SCHED_DEADLINE), { 0 }
};
static const struct name set_prctl[] = { ONE(PR_SET_PDEATHSIG),
					 ONE(PR_GET_PDEATHSIG),
					 ONE(PR_GET_DUMPABLE),
					 ONE(PR_SET_DUMPABLE),
					 ONE(PR_GET_KEEPCAPS),
					 ONE(PR_SET_KEEPCAPS),
					 ONE(PR_SET_NAME),
					 ONE(PR_GET_NAME),
					 ONE(PR_GET_SECCOMP),
					 ONE(PR_SET_SECCOMP),
					 ONE(PR_CAPBSET_READ),
					 ONE(PR_CAPBSET_DROP),
					 ONE(PR_SET_TIMERSLACK),
					 ONE(PR_GET_TIMERSLACK),
					 ONE(PR_SET_MM),
					 ONE(PR_SET_CHILD_SUBREAPER),
					 ONE(PR_GET_CHILD_SUBREAPER),
					 ONE(PR_SET_NO_NEW_PRIVS),
					 ONE(PR_GET_NO_NEW_PRIVS),
					 ONE(PR_SET_THP_DISABLE),
					 ONE(PR_GET_THP_DISABLE),
					 ONE(PR_CAP_AMBIENT),
					 ONE(PR_SET_VMA),
					 { 0 } };
static const struct name set_arch_prctl[] = { ONE(ARCH_SET_GS),
					      ONE(ARCH_SET_FS),
					      ONE(ARCH_GET_FS),
					      ONE(ARCH_GET_GS),
					      ONE(ARCH_GET_CPUID),
					      ONE(ARCH_SET_CPUID),
					      CONST(0x3001, "ARCH_CET_STATUS"),
					      { 0 } };
static const struct name set_futex[] = { BITS(FUTEX_CMD_MASK, FUTEX_WAIT),
					 BITS(FUTEX_CMD_MASK, FUTEX_WAKE),
					 BITS(FUTEX_CMD_MASK, FUTEX_REQUEUE),
					 BITS(FUTEX_CMD_MASK, FUTEX_CMP_REQUEUE),
					 BITS(FUTEX_CMD_MASK, FUTEX_WAKE_OP),
					 BITS(FUTEX_CMD_MASK, FUTEX_LOCK_PI),
					 BITS(FUTEX_CMD_MASK, FUTEX_UNLOCK_PI),
					 BITS(FUTEX_CMD_MASK, FUTEX_TRYLOCK_PI),
					 BITS(FUTEX_CMD_MASK, FUTEX_WAIT_BITSET),
					 BITS(FUTEX_CMD_MASK, FUTEX_WAKE_BITSET),
					 BITS(FUTEX_CMD_MASK, FUTEX_WAIT_REQUEUE_PI),
					 BITS(FUTEX_CMD_MASK, FUTEX_CMP_REQUEUE_PI),
					 BITS(FUTEX_CMD_MASK, FUTEX_LOCK_PI2),
					 FLAG(FUTEX_PRIVATE_FLAG),
					 FLAG(FUTEX_CLOCK_REALTIME),
					 { 0 } };
static const struct name set_fadvise[] = { CONST(0, "POSIX_FADV_NORMAL"),
					   CONST(1, "POSIX_FADV_RANDOM"),
					   CONST(2, "POSIX_FADV_SEQUENTIAL"),
					   CONST(3, "POSIX_FADV_WILLNEED"),
					   CONST(4, "POSIX_FADV_DONTNEED"),
					   CONST(5, "POSIX_FADV_NOREUSE"),
					   { 0 } };
static const struct name set_timer[] = { FLAG(TIMER_ABSTIME), { 0 } };
static const struct name set_epoll_ctl[] = {
	ONE(EPOLL_CTL_ADD), ONE(EPOLL_CTL_DEL), ONE(EPOLL_CTL_MOD), { 0 }
};
static const struct name set_idtype[] = {
	CONST(0, "P_ALL"), CONST(1, "P_PID"), CONST(2, "P_PGID"), CONST(3, "P_PIDFD"), { 0 }
};
static const struct name set_at[] = { FLAG(AT_SYMLINK_NOFOLLOW), FLAG(AT_REMOVEDIR),
				      FLAG(AT_SYMLINK_FOLLOW),   FLAG(AT_NO_AUTOMOUNT),
				      FLAG(AT_EMPTY_PATH),       FLAG(AT_STATX_FORCE_SYNC),
				      FLAG(AT_STATX_DONT_SYNC),  { 0 } };
static const struct name set_splice[] = { BIT(1, "SPLICE_F_MOVE"),
					  BIT(2, "SPLICE_F_NONBLOCK"),
					  BIT(4, "SPLICE_F_MORE"),
					  BIT(8, "SPLICE_F_GIFT"),
					  { 0 } };
static const struct name set_timerfd[] = { BIT(O_CLOEXEC, "TFD_CLOEXEC"),
					   BIT(O_NONBLOCK, "TFD_NONBLOCK"),
					   { 0 } };
static const struct name set_fallocate[] = { FLAG(FALLOC_FL_KEEP_SIZE),
					     FLAG(FALLOC_FL_PUNCH_HOLE),
					     FLAG(FALLOC_FL_COLLAPSE_RANGE),
					     FLAG(FALLOC_FL_ZERO_RANGE),
					     FLAG(FALLOC_FL_INSERT_RANGE),
					     FLAG(FALLOC_FL_UNSHARE_RANGE),
					     { 0 } };
static const struct name set_eventfd[] = { BIT(1, "EFD_SEMAPHORE"),
					   BIT(O_CLOEXEC, "EFD_CLOEXEC"),
					   BIT(O_NONBLOCK, "EFD_NONBLOCK"),
					   { 0 } };
static const struct name set_rename[] = {
	BIT(1, "RENAME_NOREPLACE"), BIT(2, "RENAME_EXCHANGE"), BIT(4, "RENAME_WHITEOUT"), { 0 }
};
static const struct name set_getrandom[] = {
	FLAG(GRND_NONBLOCK), FLAG(GRND_RANDOM), FLAG(GRND_INSECURE), { 0 }
};
static const struct name set_memfd[] = {
	FLAG(MFD_CLOEXEC), FLAG(MFD_ALLOW_SEALING), FLAG(MFD_HUGETLB), { 0 }
};
static const struct name set_membarrier[] = { ONE(MEMBARRIER_CMD_QUERY),
					      ONE(MEMBARRIER_CMD_GLOBAL),
					      ONE(MEMBARRIER_CMD_GLOBAL_EXPEDITED),
					      ONE(MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED),
					      ONE(MEMBARRIER_CMD_PRIVATE_EXPEDITED),
					      ONE(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED),
					      { 0 } };
static const struct name set_close_range[] = { BIT(2, "CLOSE_RANGE_UNSHARE"),
					       BIT(4, "CLOSE_RANGE_CLOEXEC"),
					       { 0 } };

static const struct name *const sets[SET_count] = {
	[SET_open] = set_open,
	[SET_fd] = set_fd,
	[SET_whence] = set_whence,
	[SET_prot] = set_prot,
	[SET_mmap] = set_mmap,
	[SET_mremap] = set_mremap,
	[SET_msync] = set_msync,
	[SET_madvise] = set_madvise,
	[SET_sigmask] = set_sigmask,
	[SET_ioctl] = set_ioctl,
	[SET_access] = set_access,
	[SET_af] = set_af,
	[SET_socktype] = set_socktype,
	[SET_msg] = set_msg,
	[SET_shutdown] = set_shutdown,
	[SET_sol] = set_sol,
	[SET_clone] = set_clone,
	[SET_wait] = set_wait,
	[SET_fcntl] = set_fcntl,
	[SET_flock] = set_flock,
	[SET_rlimit] = set_rlimit,
	[SET_rusage] = set_rusage,
	[SET_itimer] = set_itimer,
	[SET_sched] = set_sched,
	[SET_prctl] = set_prctl,
	[SET_arch_prctl] = set_arch_prctl,
	[SET_futex] = set_futex,
	[SET_fadvise] = set_fadvise,
	[SET_timer] = set_timer,
	[SET_epoll_ctl] = set_epoll_ctl,
	[SET_idtype] = set_idtype,
	[SET_at] = set_at,
	[SET_splice] = set_splice,
	[SET_timerfd] = set_timerfd,
	[SET_fallocate] = set_fallocate,
	[SET_eventfd] = set_eventfd,
	[SET_rename] = set_rename,
	[SET_getrandom] = set_getrandom,
	[SET_memfd] = set_memfd,
	[SET_membarrier] = set_membarrier,
	[SET_close_range] = set_close_range,
};

void trace_put_set(struct trace_text *t, enum trace_set set, uint64_t v)
{
	uint32_t left = (uint32_t)v;
	bool any = false;
	for (const struct name *n = sets[set]; n && n->text; n++) {
		if (((uint32_t)v & n->mask) != n->want || (n->want & ~left))
			continue;
		trace_put(t, "%s%s", any ? "|" : "", n->text);
		left &= ~n->mask;
		any = true;
		if (n->mask == UINT32_MAX)
			return;
	}
	if (left && sets[set] && sets[set]->mask == UINT32_MAX && !any)
		trace_put(t, "%d", (int)left);
	else if (left)
		trace_put(t, "%s0x%x", any ? "|" : "", left);
	else if (!any)
		trace_put(t, "0");
}

static const char signals[][7] = {
	[1] = "HUP", "INT",    "QUIT", "ILL",   "TRAP", "ABRT", "BUS",  "FPE",
	"KILL",      "USR1",   "SEGV", "USR2",  "PIPE", "ALRM", "TERM", "STKFLT",
	"CHLD",      "CONT",   "STOP", "TSTP",  "TTIN", "TTOU", "URG",  "XCPU",
	"XFSZ",      "VTALRM", "PROF", "WINCH", "IO",   "PWR",  "SYS",
};

void trace_put_signal(struct trace_text *t, int sig)
{
	if (sig > 0 && sig < (int)UC_ARRAY_SIZE(signals))
		trace_put(t, "SIG%.6s", signals[sig]);
	else if (sig >= 32 && sig <= UC_NSIG)
		trace_put(t, "SIGRT_%d", sig - 32);
	else
		trace_put(t, "%d", sig);
}

void trace_put_sigset(struct trace_text *t, uint64_t set)
{
	bool most =
		set >> 31 & 1 && set >> 62 & 1; /* nearly full sets are shown by what they lack */
	uint64_t s = most ? ~set : set;
	trace_put(t, "%s[", most ? "~" : "");
	for (int sig = 1; sig <= UC_NSIG; sig++) {
		if (!(s & uc_sigbit(sig)))
			continue;
		s &= ~uc_sigbit(sig);
		if (sig < (int)UC_ARRAY_SIZE(signals))
			trace_put(t, "%.6s%s", signals[sig], s ? " " : "");
		else
			trace_put(t, "RT_%d%s", sig - 32, s ? " " : "");
	}
	trace_put(t, "]");
}

void trace_put_clock(struct trace_text *t, int clock)
{
	static const char *const names[] = {
		"CLOCK_REALTIME",          "CLOCK_MONOTONIC",     "CLOCK_PROCESS_CPUTIME_ID",
		"CLOCK_THREAD_CPUTIME_ID", "CLOCK_MONOTONIC_RAW", "CLOCK_REALTIME_COARSE",
		"CLOCK_MONOTONIC_COARSE",  "CLOCK_BOOTTIME",
	};
	if (clock >= 0 && clock < (int)UC_ARRAY_SIZE(names))
		trace_put(t, "%s", names[clock]);
	else
		trace_put(t, "%d", clock);
}
