// SPDX-License-Identifier: BSD-3-Clause
/*
 * The filter of system calls. A call from anywhere but the kernel's one instruction comes back as a
 * signal and is an application's; a call from there that is not on the list ends the process.
 */
#include <asm/mman.h>
#include <asm/prctl.h>
#include <asm/unistd.h>
#include <linux/audit.h>
#include <linux/falloc.h>
#include <linux/filter.h>
#include <linux/mman.h>
#include <linux/prctl.h>
#include <linux/seccomp.h>
#include "info.h"

#define MAX_FILTER 104
static struct sock_filter code[MAX_FILTER];
static unsigned short ncode;

static void put(unsigned op, uint32_t k, unsigned yes, unsigned no)
{
	code[ncode++] = (struct sock_filter){ (uint16_t)op, (uint8_t)yes, (uint8_t)no, k };
}

static void load(size_t offset)
{
	put(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}
static void load_arg(unsigned i)
{
	load(offsetof(struct seccomp_data, args) + i * 8);
}
static void verdict(uint32_t v)
{
	put(BPF_RET | BPF_K, v, 0, 0);
}

/* Goes on if the loaded word is k, else `otherwise`. */
static void require(uint32_t k, uint32_t otherwise)
{
	put(BPF_JMP | BPF_JEQ | BPF_K, k, 1, 0);
	verdict(otherwise);
}

/* Starts the checks for one call; they end with a verdict. Returns what call_end needs. */
static unsigned call_begin(uint32_t nr)
{
	load(offsetof(struct seccomp_data, nr));
	put(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 0);
	return ncode;
}

static void call_end(unsigned begin)
{
	verdict(SECCOMP_RET_ALLOW);
	code[begin - 1].jf = (uint8_t)(ncode - begin);
}

static void allow(uint32_t nr)
{
	call_end(call_begin(nr));
}

static void allow_fd(uint32_t nr, int fd)
{
	unsigned b = call_begin(nr);
	load_arg(0);
	require((uint32_t)fd, SECCOMP_RET_KILL_PROCESS);
	call_end(b);
}

/* The console and the channels behind the memory. */
static void allow_channels(uint32_t nr)
{
	unsigned b = call_begin(nr);
	load_arg(0);
	put(BPF_JMP | BPF_JEQ | BPF_K, UC_PROCFD_CONSOLE, 2, 0);
	put(BPF_JMP | BPF_JGE | BPF_K, UC_PROCFD_9P, 1, 0);
	verdict(SECCOMP_RET_KILL_PROCESS);
	call_end(b);
}

/* Only the files that stand for physical memory, never writable and executable, writable only
 * guest memory itself. */
static void allow_mmap(void)
{
	static const uint8_t prot[] = { PROT_READ, PROT_READ | PROT_EXEC };
	unsigned b = call_begin(__NR_mmap);
	load_arg(3);
	put(BPF_ALU | BPF_AND | BPF_K, ~(uint32_t)MAP_POPULATE, 0, 0);
	require(MAP_SHARED | MAP_FIXED, SECCOMP_RET_KILL_PROCESS);
	load_arg(4);
	put(BPF_JMP | BPF_JEQ | BPF_K, UC_PROCFD_RAM, 3, 0);
	put(BPF_JMP | BPF_JEQ | BPF_K, UC_PROCFD_ROOT, 5, 0);
	put(BPF_JMP | BPF_JEQ | BPF_K, UC_PROCFD_BUNDLE, 4, 0);
	verdict(SECCOMP_RET_KILL_PROCESS);
	load_arg(2); /* guest memory */
	put(BPF_JMP | BPF_JEQ | BPF_K, PROT_READ | PROT_WRITE, 0, 1);
	verdict(SECCOMP_RET_ALLOW);
	load_arg(2);
	put(BPF_JMP | BPF_JEQ | BPF_K, prot[0], 2, 0);
	put(BPF_JMP | BPF_JEQ | BPF_K, prot[1], 1, 0);
	verdict(SECCOMP_RET_KILL_PROCESS);
	call_end(b);
}

static void allow_arch_prctl(void)
{
	unsigned b = call_begin(__NR_arch_prctl);
	load_arg(0);
	put(BPF_JMP | BPF_JEQ | BPF_K, ARCH_GET_FS, 1, 0);
	require(ARCH_SET_FS, SECCOMP_RET_KILL_PROCESS);
	call_end(b);
}

static void allow_madvise(void)
{
	unsigned b = call_begin(__NR_madvise);
	load_arg(2);
	require(MADV_POPULATE_WRITE, SECCOMP_RET_KILL_PROCESS);
	call_end(b);
}

static void allow_fallocate(void)
{
	unsigned b = call_begin(__NR_fallocate);
	load_arg(0);
	require(UC_PROCFD_RAM, SECCOMP_RET_KILL_PROCESS);
	load_arg(1);
	require(FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, SECCOMP_RET_KILL_PROCESS);
	call_end(b);
}

static void from_kernel_only(void)
{
	uint64_t ip = (uint64_t)uc_host_call_end;
	load(offsetof(struct seccomp_data, arch));
	require(AUDIT_ARCH_X86_64, SECCOMP_RET_TRAP);
	load(offsetof(struct seccomp_data, instruction_pointer));
	require((uint32_t)ip, SECCOMP_RET_TRAP);
	load(offsetof(struct seccomp_data, instruction_pointer) + 4);
	require((uint32_t)(ip >> 32), SECCOMP_RET_TRAP);
}

void linux_lock_down(void)
{
	struct sock_fprog prog = { .filter = code };
	from_kernel_only();
	allow(__NR_munmap);
	allow_mmap();
	allow(__NR_rt_sigreturn);
	allow_channels(__NR_readv);
	allow_channels(__NR_writev);
	allow(__NR_ppoll);
	allow(__NR_timer_settime);
	allow(__NR_clock_gettime);
	allow_arch_prctl();
	allow_madvise();
	allow_fallocate();
	allow_fd(__NR_write, UC_PROCFD_TEXT);
	allow_fd(__NR_pwritev, UC_PROCFD_RAM);
	allow(__NR_exit_group);
	verdict(SECCOMP_RET_KILL_PROCESS);
	prog.len = ncode;
	if (UC_HOST4(__NR_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0) ||
	    UC_HOST3(__NR_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog))
		linux_die("cannot be locked down: the host refuses a filter of system calls");
}
