// SPDX-License-Identifier: BSD-3-Clause
// What a program finds when it starts: arguments, environment, auxiliary vector, stack,
// constructors, TLS, IFUNC.
#define _GNU_SOURCE
#include "check.h"

#include <elf.h>
#include <link.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <unistd.h>

extern char **environ;
static int built;
static __thread volatile int tls_set = 77, tls_zero;
static __thread char aligned_tls[64] __attribute__((aligned(64)));
static const char *const table[] = { "relocated", "data" };

static int answer_42(void)
{
	return 42;
}
static int (*resolve(void))(void)
{
	return answer_42;
}
int answer(void) __attribute__((ifunc("resolve")));

__attribute__((constructor)) static void construct(void)
{
	built = 1;
}
__attribute__((destructor)) static void destruct(void)
{
	puts("destructor");
}
static void last(void)
{
	puts("atexit");
}

int main(int argc, char **argv)
{
	printf("argc %d\n", argc);
	for (int i = 0; i < argc; i++) {
		printf("[%s]\n",
		       i == 0 ? strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0]
			      : argv[i]);
	}
	CHECK(argv[argc] == NULL && built == 1 && answer() == 42);
	CHECK(tls_set == 77 && tls_zero == 0 && ((uintptr_t)aligned_tls & 63) == 0);
	CHECK(strcmp(table[0], "relocated") == 0);
	for (char **e = environ; *e; e++) {
		printf("env %s\n", *e);
	}
	/* The layout that the ABI gives: argc below argv below envp below auxv. */
	long *below = (long *)argv - 1;
	CHECK(*below == argc && ((uintptr_t)below & 15) == 0);
	CHECK((char **)environ == argv + argc + 1);
	char **end = environ;
	while (*end)
		end++;
	ElfW(auxv_t) *aux = (ElfW(auxv_t) *)(end + 1);
	unsigned n = 0;
	while (n < 64 && aux[n].a_type != AT_NULL) {
		/* glibc gives its own meaning to AT_HWCAP */
		CHECK(aux[n].a_type == AT_HWCAP || getauxval(aux[n].a_type) == aux[n].a_un.a_val);
		n++;
	}
	CHECK(n >= 15 && n < 64);
	CHECK(getauxval(AT_PAGESZ) == 4096 && getauxval(AT_CLKTCK) == 100);
	CHECK(getauxval(AT_PHENT) == sizeof(ElfW(Phdr)) && getauxval(AT_PHNUM) > 2);
	const ElfW(Phdr) *ph = (const void *)getauxval(AT_PHDR);
	int tls = 0;
	for (unsigned i = 0; ph && i < getauxval(AT_PHNUM); i++)
		tls += ph[i].p_type == PT_TLS;
	CHECK(tls == 1);
	CHECK(getauxval(AT_ENTRY) != 0 && getauxval(AT_RANDOM) != 0 &&
	      getauxval(AT_SYSINFO_EHDR) != 0);
	CHECK(getauxval(AT_SECURE) == 0 && getauxval(AT_UID) == getuid() &&
	      getauxval(AT_EGID) == getegid());
	CHECK(strcmp((char *)getauxval(AT_PLATFORM), "x86_64") == 0);
	CHECK(getauxval(AT_EXECFN) != 0 && access((char *)getauxval(AT_EXECFN), X_OK) == 0);
	const ElfW(Ehdr) *vdso = (const void *)getauxval(AT_SYSINFO_EHDR);
	CHECK(vdso && memcmp(vdso->e_ident, ELFMAG, SELFMAG) == 0);
	CHECK(getenv("NOT_THERE") == NULL && setenv("NEW", "value", 1) == 0 &&
	      strcmp(getenv("NEW"), "value") == 0);
	atexit(last);
	return check_done();
}
