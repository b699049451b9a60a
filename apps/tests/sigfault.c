// SPDX-License-Identifier: BSD-3-Clause
// Faults arrive as signals with the siginfo and context that Linux gives.
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

static sigjmp_buf back;
static volatile int last_sig, last_code;
static void *volatile last_addr;
static volatile uintptr_t last_err, last_trap, last_pc;
static char *fix_page;

static void on_fault(int sig, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;
	last_sig = sig;
	last_code = info->si_code;
	last_addr = info->si_addr;
	last_err = (uintptr_t)uc->uc_mcontext.gregs[REG_ERR];
	last_trap = (uintptr_t)uc->uc_mcontext.gregs[REG_TRAPNO];
	last_pc = (uintptr_t)uc->uc_mcontext.gregs[REG_RIP];
	if (fix_page) {
		mprotect(fix_page, 4096, PROT_READ | PROT_WRITE);
		fix_page = NULL;
		return;
	}
	siglongjmp(back, 1);
}

#define FAULTS(statement) \
	(sigsetjmp(back, 1) == 0 ? ({ \
		statement; \
		0; \
	}) \
				 : 1)

static void divide_by_zero(void)
{
	int low = 1, high = 0;
	__asm__ volatile("idivl %2" : "+a"(low), "+d"(high) : "r"(0));
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };
	const int sigs[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP };
	for (unsigned i = 0; i < sizeof(sigs) / sizeof(sigs[0]); i++) {
		CHECK(sigaction(sigs[i], &sa, NULL) == 0);
	}

	CHECK(FAULTS(*(volatile int *)16 = 1));
	CHECK(last_sig == SIGSEGV && last_code == SEGV_MAPERR && last_addr == (void *)16);
	CHECK((last_err & 2) && !(last_err & 1) && last_trap == 14);
	CHECK(FAULTS((void)*(volatile int *)0));
	CHECK(last_sig == SIGSEGV && last_code == SEGV_MAPERR && last_addr == NULL);
	CHECK(!(last_err & 2));

	char *page = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(page != MAP_FAILED && page[0] == 0);
	CHECK(FAULTS(*(volatile char *)(page + 5) = 1));
	CHECK(last_sig == SIGSEGV && last_code == SEGV_ACCERR && last_addr == page + 5);
	fix_page = page;
	*(volatile char *)(page + 6) = 7;
	CHECK(page[6] == 7 && last_code == SEGV_ACCERR);

	/* Executing a page without permission, and an unmapped one. */
	CHECK(FAULTS(((void (*)(void))(page + 4096))()));
	CHECK(last_sig == SIGSEGV && last_code == SEGV_ACCERR && last_addr == page + 4096);
	CHECK(last_pc == (uintptr_t)(page + 4096));
	munmap(page, 8192);
	CHECK(FAULTS(((void (*)(void))page)()));
	CHECK(last_sig == SIGSEGV && last_code == SEGV_MAPERR && last_pc == (uintptr_t)page);

	/* A non-canonical address is a general protection fault: no address is given. */
	CHECK(FAULTS((void)*(volatile char *)0x8000000000001234ul));
	CHECK(last_sig == SIGSEGV && last_code == SI_KERNEL && last_addr == NULL);

	/* A mapping beyond the end of its file. */
	char name[] = "/tmp/sigfault-XXXXXX";
	int fd = mkstemp(name);
	CHECK(fd >= 0 && write(fd, "x", 1) == 1);
	char *file = mmap(NULL, 8192, PROT_READ, MAP_SHARED, fd, 0);
	CHECK(file != MAP_FAILED && file[0] == 'x' && file[4095] == 0);
	CHECK(FAULTS((void)*(volatile char *)(file + 4096)));
	CHECK(last_sig == SIGBUS && last_code == BUS_ADRERR && last_addr == file + 4096);
	unlink(name);

	CHECK(FAULTS(divide_by_zero()));
	CHECK(last_sig == SIGFPE && last_code == FPE_INTDIV);
	CHECK(FAULTS(__asm__ volatile("ud2")));
	CHECK(last_sig == SIGILL && last_code == ILL_ILLOPN);
	CHECK((uintptr_t)last_addr == last_pc);
	CHECK(FAULTS(__asm__ volatile("int3")));
	CHECK(last_sig == SIGTRAP);

	/* Bad pointers given to the kernel are errors, not signals. */
	last_sig = 0;
	int p[2];
	CHECK(pipe(p) == 0);
	CHECK_ERR(write(p[1], (void *)16, 10), EFAULT);
	CHECK_ERR(write(p[1], (void *)0xffff800000000000ul, 10), EFAULT);
	CHECK_ERR(write(p[1], (void *)0xffffffff80000000ul, 10), EFAULT);
	CHECK(write(p[1], "abc", 3) == 3);
	CHECK_ERR(read(p[0], (void *)16, 3), EFAULT);
	CHECK(last_sig == 0);
	return check_done();
}
