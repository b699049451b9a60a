// SPDX-License-Identifier: BSD-3-Clause
/*
 * Tries to reach the host from a kernel that is a process (--plat linux). MARKER is a file of the
 * host that the image does not have: whoever opens it is out. escape WAY MARKER      ways 0..: one
 * system call each, none of them the C library's escape calls           every number, with zeros
 * and with ones, from code written at run time escape direct N MARKER through the kernel's own
 * instruction: the machine must end. 77: no such N Prints what became of it; "ESCAPED" if the host
 * answered.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define X32_BIT  0x40000000
#define NO_SUCH  77
#define CALL_MAX 512

static sigjmp_buf back;
static volatile int caught;

static void on_fault(int sig)
{
	caught = sig;
	siglongjmp(back, 1);
}

typedef long call_fn(long nr, long a, long b, long c, long d, long e, long f);

/* A page below 4 GiB with these bytes, executable. */
static void *code(const void *bytes, size_t n)
{
	char *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	if (p == MAP_FAILED)
		exit(2);
	memcpy(p, bytes, n);
	if (mprotect(p, 4096, PROT_READ | PROT_EXEC))
		exit(2);
	return p;
}

/* As uc_host_call does it: number first, then six arguments. `insn` at the end, then ret. */
static call_fn *caller(const char *insn, size_t n)
{
	static const char head[] = "\x48\x89\xf8\x48\x89\xf7\x48\x89\xd6\x48\x89\xca\x4d\x89\xc2"
				   "\x4d\x89\xc8\x4c\x8b\x4c\x24\x08";
	char b[64];

	memcpy(b, head, sizeof(head) - 1);
	memcpy(b + sizeof(head) - 1, insn, n);
	b[sizeof(head) - 1 + n] = (char)0xc3;
	return (call_fn *)(uintptr_t)code(b, sizeof(head) + n);
}

static long open_by_syscall(const char *marker)
{
	return caller("\x0f\x05", 2)(SYS_openat, AT_FDCWD, (long)marker, O_RDONLY, 0, 0, 0);
}

static long open_by_x32(const char *marker)
{
	return caller("\x0f\x05", 2)(X32_BIT | SYS_openat, AT_FDCWD, (long)marker, O_RDONLY, 0, 0,
				     0);
}

/* movabs $..., %rax, entered at its third byte, which is a system call. */
static long open_in_the_middle(const char *marker)
{
	call_fn *f = caller("\xeb\x02\x48\xb8\x0f\x05\xc3\x90\x90\x90\x90\x90", 12);

	return f(SYS_openat, AT_FDCWD, (long)marker, O_RDONLY, 0, 0, 0);
}

/* The numbers and registers of i386: open(path, flags, mode) is 5 with ebx, ecx, edx. */
static long legacy(const char *insn, const char *marker)
{
	static const char head[] = "\x53\x89\xfb\x31\xc9\x31\xd2\xb8\x05\x00\x00\x00";
	char b[64], *path = code(marker, strlen(marker) + 1);

	memcpy(b, head, sizeof(head) - 1);
	memcpy(b + sizeof(head) - 1, insn, 2);
	memcpy(b + sizeof(head) + 1, "\x48\x98\x5b\xc3", 4); /* sign-extend, restore, return */
	return ((long (*)(char *))(uintptr_t)code(b, sizeof(head) + 5))(path);
}

static long open_by_int80(const char *marker)
{
	return legacy("\xcd\x80", marker);
}

static long open_by_sysenter(const char *marker)
{
	return legacy("\x0f\x34", marker);
}

/* A far return into a 32-bit code segment, where int $0x80 comes from; it never comes back. */
static long open_in_32_bits(const char *marker)
{
	static const char body[] = "\x31\xc9\x31\xd2\xb8\x05\x00\x00\x00\xcd\x80\xf4";
	char *path = code(marker, strlen(marker) + 1);
	char *target = code(body, sizeof(body));

	__asm__ volatile("mov %0, %%ebx\n\tpush $0x23\n\tpush %1\n\tlretq"
			 :
			 : "r"((int)(intptr_t)path), "r"((long)target)
			 : "rbx", "memory");
	return -1;
}

/* time() of the vsyscall page: a number is fine, it is nobody's secret, if the guest gave it. */
static long time_by_vsyscall(const char *marker)
{
	long t = ((long (*)(long *))0xffffffffff600400ul)(NULL);

	(void)marker;
	return t > 0 ? -ENOENT : t;
}

static long write_kernel_text(const char *marker)
{
	char *entry;

	(void)marker;
	__asm__("movq %%gs:16, %0" : "=r"(entry));
	*(volatile char *)entry = 0;
	return 0;
}

static long (*const ways[])(const char *) = {
	open_by_syscall,  open_by_x32,	   open_in_the_middle, open_by_int80,
	open_by_sysenter, open_in_32_bits, time_by_vsyscall,   write_kernel_text,
};

static int try_way(unsigned n, const char *marker)
{
	long r;

	if (n >= sizeof(ways) / sizeof(ways[0]))
		return NO_SUCH;
	if (sigsetjmp(back, 1)) {
		printf("way %u: signal %d\n", n, caught);
		return 0;
	}
	r = ways[n](marker);
	printf("way %u: %s (%ld)\n", n, r >= 0 ? "ESCAPED" : "refused", r);
	return r >= 0;
}

/* ---- every number ---- */

static void one_call(call_fn *f, long nr, long arg)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		exit(3);
	if (!pid) {
		signal(SIGSEGV, SIG_DFL);
		ualarm(200000, 0);
		if (nr != SYS_exit && nr != SYS_exit_group)
			f(nr, arg, arg, arg, arg, arg, arg);
		_exit(0);
	}
	if (waitpid(pid, &status, 0) != pid)
		exit(3);
}

static int all_calls(void)
{
	call_fn *f = caller("\x0f\x05", 2);

	for (long nr = 0; nr < CALL_MAX; nr++)
		for (int k = 0; k < 2; k++)
			one_call(f, nr, -k);
	for (long nr = 512; nr < 548; nr++)
		one_call(f, X32_BIT | nr, 0);
	one_call(f, -1, 0);
	puts("all calls answered");
	return 0;
}

/* ---- through the kernel's own instruction ---- */

static const char *page_with(const char *page, const char *what, size_t n)
{
	if (sigsetjmp(back, 1))
		return NULL;
	return memmem(page, 4096, what, n);
}

/* uc_host_call ends in these instructions; it lies near the entry that %gs:16 names. */
static call_fn *host_call(void)
{
	static const char end[] = "\x4c\x8b\x4c\x24\x08\x0f\x05\xc3";
	enum { BEFORE = 18, PAGES = 256 };
	char *entry;

	__asm__("movq %%gs:16, %0" : "=r"(entry));
	entry = (char *)((uintptr_t)entry & ~4095ul);
	for (long i = 0; i < 2 * PAGES; i++) {
		const char *at = page_with(entry + (i % 2 ? -(i / 2 + 1) : i / 2) * 4096, end,
					   sizeof(end) - 1);
		if (at)
			return (call_fn *)(uintptr_t)(at - BEFORE);
	}
	return NULL;
}

static int direct(unsigned n, const char *marker)
{
	enum { RAM = 6, BUNDLE = 3 };
	const long m = (long)marker, rwx = PROT_READ | PROT_WRITE | PROT_EXEC,
		   how = MAP_SHARED | MAP_FIXED | MAP_POPULATE, at = 0x10000000;
	const long calls[][7] = {
		{ SYS_openat, AT_FDCWD, m, O_RDONLY },
		{ SYS_execve, m, 0, 0 },
		{ SYS_socket, 2, 1, 0 },
		{ SYS_clone, SIGCHLD },
		{ SYS_ptrace, 0 },
		{ SYS_kill, -1, SIGTERM },
		{ SYS_prctl, 22, 2, 0 },
		{ SYS_read, BUNDLE, m, 1 },
		{ SYS_write, 5, m, 1 },
		{ SYS_readv, BUNDLE, m, 1 },
		{ SYS_writev, RAM, m, 1 },
		{ SYS_mprotect, at, 4096, rwx },
		{ SYS_mmap, 0, 4096, rwx, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0 },
		{ SYS_mmap, at, 4096, rwx, how, RAM, 0 },
		{ SYS_mmap, at, 4096, PROT_READ | PROT_WRITE, how, BUNDLE, 0 },
		{ SYS_mmap, at, 4096, PROT_READ, how, 0, 0 },
		{ SYS_fallocate, RAM, 0, 0, 1l << 40 },
		{ SYS_fallocate, BUNDLE, 3, 0, 4096 },
		{ SYS_madvise, at, 4096, MADV_DONTNEED },
		{ SYS_arch_prctl, 0x1001, 0 },
		{ X32_BIT | SYS_openat, AT_FDCWD, m, O_RDONLY },
	};

	if (n >= sizeof(calls) / sizeof(calls[0]))
		return NO_SUCH;
	call_fn *f = host_call();
	const long *c = calls[n];
	if (!f) {
		puts("the kernel's instruction was not found");
		return 2;
	}
	printf("direct %u:", n);
	fflush(stdout);
	printf(" ESCAPED (%ld)\n", f(c[0], c[1], c[2], c[3], c[4], c[5], c[6]));
	return 1;
}

int main(int argc, char **argv)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGILL, SIGSYS, SIGTRAP, SIGFPE };

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		signal(faults[i], on_fault);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 2 && !strcmp(argv[1], "calls"))
		return all_calls();
	if (argc == 4 && !strcmp(argv[1], "direct"))
		return direct((unsigned)atoi(argv[2]), argv[3]);
	return argc == 3 ? try_way((unsigned)atoi(argv[1]), argv[2]) : 2;
}
