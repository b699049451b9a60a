// SPDX-License-Identifier: BSD-3-Clause
// cflags: -ffreestanding
// sources: ../maps.c ../../../service/pseudofs/text.c ../../../base/lib/parse.c
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <uc/string.h>
#include "../pid_private.h"

char *strstr(const char *a, const char *b);
void *malloc(size_t n);
void free(void *p);

static struct uc_mm mm;
static struct uc_proc proc = { .pid = 1, .mm = &mm };

struct uc_proc *uc_pid_proc(const struct uc_pseudo_key *k)
{
	return k->pid == 1 ? &proc : NULL;
}

void uc_vm_for_each(struct uc_mm *m, bool (*fn)(const struct uc_vm_area_info *, void *), void *arg)
{
	struct uc_vm_area_info a = { .start = 0x400000, .end = 0x401000, .prot = 5, .dev = 0x801,
				     .ino = 42, .name = "/bin/a", .rss = 1 };

	fn(&a, arg);
	a = (struct uc_vm_area_info){ .start = 0x7ffff7fc0000, .end = 0x7ffff7fc2000, .prot = 3,
				      .shared = true, .offset = 0x1000 };
	fn(&a, arg);
}

static const struct uc_pseudo_key key = { 1, -1, -1 };

/* The lines of a Linux /proc/PID/maps: the name starts in column 74. */
static void lines_look_like_linux(void **state)
{
	static const char want[] =
		"00400000-00401000 r-xp 00000000 08:01 42                                 /bin/a\n"
		"7ffff7fc0000-7ffff7fc2000 rw-s 00001000 00:00 0 \n";
	char buf[400];
	ssize_t n = uc_pid_show_maps(buf, sizeof(buf), &key);

	assert_int_equal(n, sizeof(want) - 1);
	assert_memory_equal(buf, want, sizeof(want) - 1);
	assert_ptr_equal(strstr(buf, "/bin/a") - buf, 73);
}

/* Whatever room there is: nothing is written past it and the length is that of the whole text. */
static void a_short_buffer_is_respected(void **state)
{
	char big[4000];
	ssize_t full = uc_pid_show_smaps(big, sizeof(big), &key);

	assert_true(full > 1000 && full < (ssize_t)sizeof(big));
	for (size_t cap = 0; cap < (size_t)full; cap += 7) {
		char *buf = malloc(cap ? cap : 1);

		assert_int_equal(uc_pid_show_smaps(buf, cap, &key), full);
		free(buf);
	}
}

static void a_process_that_is_gone_is_an_error(void **state)
{
	const struct uc_pseudo_key gone = { 9, -1, -1 };

	assert_true(uc_pid_show_maps(NULL, 0, &gone) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_look_like_linux),
		cmocka_unit_test(a_short_buffer_is_respected),
		cmocka_unit_test(a_process_that_is_gone_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
