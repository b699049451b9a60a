// SPDX-License-Identifier: BSD-3-Clause
// The system-call boundary: every way in gives the same result, preserves the registers that Linux
// preserves, and reports unknown calls. Covers rewritten sites, sites that are jump targets, and
// generated code.
#define _GNU_SOURCE
#include "check.h"

#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct regs {
	uint64_t rbx, rbp, rdi, rsi, rdx, r8, r9, r10, r12, r13, r14, r15;
};

/* Calls nr with recognisable registers; returns rax and what the registers hold after. */
static long call_all(long nr, long first, struct regs *out)
{
	long ret;
	register struct regs *o __asm__("r11") = out;
	__asm__ volatile("push %%rbp\n\t"
			 "push %%r11\n\t"
			 "mov $0x1111, %%ebx\n\tmov $0x2222, %%ebp\n\t"
			 "mov $0x3333, %%esi\n\tmov $0x4444, %%edx\n\tmov $0x5555, %%r8d\n\t"
			 "mov $0x6666, %%r9d\n\tmov $0x7777, %%r10d\n\tmov $0x8888, %%r12d\n\t"
			 "mov $0x9999, %%r13d\n\tmov $0xaaaa, %%r14d\n\tmov $0xbbbb, %%r15d\n\t"
			 "syscall\n\t"
			 "pop %%r11\n\t"
			 "mov %%rbx, 0(%%r11)\n\tmov %%rbp, 8(%%r11)\n\tmov %%rdi, 16(%%r11)\n\t"
			 "mov %%rsi, 24(%%r11)\n\tmov %%rdx, 32(%%r11)\n\tmov %%r8, 40(%%r11)\n\t"
			 "mov %%r9, 48(%%r11)\n\tmov %%r10, 56(%%r11)\n\tmov %%r12, 64(%%r11)\n\t"
			 "mov %%r13, 72(%%r11)\n\tmov %%r14, 80(%%r11)\n\tmov %%r15, 88(%%r11)\n\t"
			 "pop %%rbp\n\t"
			 : "=a"(ret), "+r"(o), "+D"(first)
			 : "0"(nr)
			 : "rbx", "rcx", "rdx", "rsi", "r8", "r9", "r10", "r12", "r13", "r14",
			   "r15", "memory", "cc");
	return ret;
}

static void preserved(void)
{
	struct regs r;
	long ret = call_all(SYS_getpid, 0xcccc, &r);
	CHECK(ret == getpid());
	CHECK(r.rbx == 0x1111 && r.rbp == 0x2222 && r.rdi == 0xcccc && r.rsi == 0x3333 &&
	      r.rdx == 0x4444);
	CHECK(r.r8 == 0x5555 && r.r9 == 0x6666 && r.r10 == 0x7777 && r.r12 == 0x8888);
	CHECK(r.r13 == 0x9999 && r.r14 == 0xaaaa && r.r15 == 0xbbbb);
	ret = call_all(9999, 1, &r);
	CHECK(ret == -ENOSYS && r.rdi == 1 && r.r15 == 0xbbbb);
	CHECK(call_all(-1, 1, &r) == -ENOSYS);
}

/* The red zone below the stack pointer survives a call. */
static int red_zone(void)
{
	long ok;
	__asm__ volatile(
		"movq $0x123456, -8(%%rsp)\n\tmovq $0x654321, -128(%%rsp)\n\t"
		"mov %1, %%eax\n\tsyscall\n\t"
		"xor %%ecx, %%ecx\n\tcmpq $0x123456, -8(%%rsp)\n\tsete %%cl\n\t"
		"xor %%eax, %%eax\n\tcmpq $0x654321, -128(%%rsp)\n\tsete %%al\n\tand %%rcx, %%rax"
		: "=&a"(ok)
		: "i"(SYS_getppid)
		: "rcx", "r11", "memory", "cc");
	return (int)ok;
}

/* The instruction after the call is a jump target, and so is the call itself. */
static long loop_over_call(int times)
{
	long total = 0, ret;
	__asm__ volatile("1:\tmov %3, %%eax\n"
			 "2:\tsyscall\n"
			 "3:\tadd %%rax, %0\n\t"
			 "dec %1\n\t"
			 "jz 4f\n\t"
			 "mov %3, %%eax\n\t"
			 "test $1, %1\n\t"
			 "jnz 2b\n\t"
			 "jmp 1b\n"
			 "4:"
			 : "+r"(total), "+r"(times), "=&a"(ret)
			 : "i"(SYS_getpid)
			 : "rcx", "r11", "memory", "cc");
	return total;
}

static void generated(void)
{
	/* mov eax, SYS_getpid; syscall; ret */
	static const unsigned char code[] = { 0xb8, SYS_getpid, 0, 0, 0, 0x0f, 0x05, 0xc3 };
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);
	CHECK(p != MAP_FAILED);
	memcpy(p, code, sizeof(code));
	CHECK(((long (*)(void))(uintptr_t)p)() == getpid());
}

static void *in_thread(void *arg)
{
	(void)arg;
	for (int i = 0; i < 1000; i++) {
		CHECK(loop_over_call(3) == 3 * getpid());
	}
	return NULL;
}

int main(void)
{
	preserved();
	CHECK(red_zone());
	CHECK(loop_over_call(1) == getpid() && loop_over_call(10) == 10 * getpid());
	generated();
	pthread_t t[2];
	for (int i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, in_thread, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	CHECK_ERR(syscall(9999), ENOSYS);
	CHECK_ERR(syscall(SYS_read, 1000, NULL, 0), EBADF);
	return check_done();
}
