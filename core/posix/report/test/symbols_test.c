// SPDX-License-Identifier: BSD-3-Clause
// sources: ../symbols.c
/* Symbols of this very program, found in its file. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "symbols.h"

extern const char __executable_start[];
static uint64_t scratch[SYM_SCRATCH / 8];

static int read_fd(void *arg, uint64_t off, void *buf, size_t n)
{
	return pread(*(int *)arg, buf, n, (off_t)off) == (ssize_t)n ? 0 : -EIO;
}

int a_function_to_find(int x);
__attribute__((noinline)) int a_function_to_find(int x)
{
	return x * 3 + getpid();
}

static int open_self(void **state)
{
	static int fd;

	fd = open("/proc/self/exe", O_RDONLY);
	*state = &fd;
	return fd < 0;
}

static int close_self(void **state)
{
	return close(*(int *)*state);
}

static uint64_t file_address(void **state, uintptr_t p)
{
	struct sym_reader r = { read_fd, *state };
	uint64_t first;

	assert_int_equal(sym_first_vaddr(&r, &first), 0);
	return p - (uintptr_t)__executable_start + first;
}

static void finds_the_function_around_an_address(void **state)
{
	struct sym_reader r = { read_fd, *state };
	uint64_t at = file_address(state, (uintptr_t)a_function_to_find);
	struct sym_found f;

	assert_int_equal(sym_find(&r, at + 3, scratch, &f), 0);
	assert_string_equal(f.name, "a_function_to_find");
	assert_int_equal(f.value, at);
}

static int read_nothing(void *arg, uint64_t off, void *buf, size_t n)
{
	return -EIO;
}

static int read_text(void *arg, uint64_t off, void *buf, size_t n)
{
	memset(buf, 'x', n);
	return 0;
}

static void broken_files_are_refused(void **state)
{
	struct sym_reader none = { read_nothing, NULL }, text = { read_text, NULL };
	struct sym_found f;
	uint64_t v;

	assert_int_equal(sym_find(&none, 1, scratch, &f), -ENOEXEC);
	assert_int_equal(sym_find(&text, 1, scratch, &f), -ENOEXEC);
	assert_int_equal(sym_first_vaddr(&none, &v), -ENOEXEC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(finds_the_function_around_an_address, open_self,
						close_self),
		cmocka_unit_test(broken_files_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
