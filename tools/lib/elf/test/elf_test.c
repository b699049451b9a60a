// SPDX-License-Identifier: BSD-3-Clause
// sources: ../parse.c ../file.c ../../util/mem.c ../../util/vec.c ../../util/map.c
// sources: ../../util/file.c ../../cli/msg.c ../../cli/progress.c ../../cli/value.c
// libs: -lelf -lxxhash
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/elf.h>

static struct uc_buf self;

static int load_self(void **state) { return uc_file_read("/proc/self/exe", 1u << 30, &self); }

static int free_self(void **state)
{
	uc_buf_free(&self);
	return 0;
}

static enum uc_elf_result parse(const char *p, size_t n, const char **why)
{
	char *copy = malloc(n ? n : 1);
	enum uc_elf_result r;
	struct uc_elf e;

	memcpy(copy, p, n);
	r = uc_elf_parse(copy, n, &e, why);
	if (r == UC_ELF_OK) uc_elf_free(&e);
	free(copy);
	return r;
}

static void a_dynamic_program_is_understood(void **state)
{
	const char *why;
	struct uc_elf e;

	assert_int_equal(uc_elf_read("/proc/self/exe", &e, &why), UC_ELF_OK);
	assert_true(uc_elf_is_native(&e));
	assert_true(uc_elf_is_program(&e));
	assert_non_null(e.interp);
	assert_true(uc_vec_has(&e.needed, "libc.so.6"));
	assert_non_null(uc_map_get(&e.imported, "memcpy"));
	assert_true(e.has_exec_segment);
	assert_false(e.text_relocations);
	uc_elf_free(&e);
}

static void other_files_are_not_elf(void **state)
{
	const char *why;

	assert_int_equal(parse("", 0, &why), UC_ELF_NOT);
	assert_int_equal(parse("#!/bin/sh\n", 10, &why), UC_ELF_NOT);
	assert_int_equal(parse(ELFMAG, 4, &why), UC_ELF_BAD);
}

static void every_truncation_is_refused_or_harmless(void **state)
{
	const char *why;

	assert_int_equal(parse(self.p, sizeof(Elf64_Ehdr) - 1, &why), UC_ELF_BAD);
	assert_int_equal(parse(self.p, sizeof(Elf64_Ehdr) + 10, &why), UC_ELF_BAD);
	assert_int_equal(parse(self.p, 4096, &why), UC_ELF_BAD);
	for (size_t n = 16; n < 4096 && n < self.n; n += 13)
		assert_int_not_equal(parse(self.p, n, &why), UC_ELF_OK);
}

static void a_foreign_machine_is_described(void **state)
{
	char *copy = malloc(self.n), text[64];
	const char *why;
	struct uc_elf e;

	memcpy(copy, self.p, self.n);
	((Elf64_Ehdr *)copy)->e_machine = EM_AARCH64;
	assert_int_equal(uc_elf_parse(copy, self.n, &e, &why), UC_ELF_OK);
	assert_false(uc_elf_is_native(&e));
	assert_string_equal(uc_elf_describe(&e, text, sizeof(text)), "64-bit AArch64 code");
	uc_elf_free(&e);
	free(copy);
}

/* Sets the file size of the first segment of a type beyond the file's end. */
static void a_segment_beyond_the_end_is_refused(void **state)
{
	char *copy = malloc(self.n);
	Elf64_Ehdr *eh = (Elf64_Ehdr *)copy;
	const char *why;

	memcpy(copy, self.p, self.n);
	Elf64_Phdr *ph = (Elf64_Phdr *)(copy + eh->e_phoff);

	for (int i = 0; i < eh->e_phnum; i++)
		if (ph[i].p_type == PT_LOAD) ph[i].p_filesz = ph[i].p_memsz = UINT64_MAX - 5;
	assert_int_equal(parse(copy, self.n, &why), UC_ELF_BAD);
	assert_non_null(strstr(why, "beyond the end"));
	free(copy);
}

static void a_string_table_outside_is_refused(void **state)
{
	char *copy = malloc(self.n);
	Elf64_Ehdr *eh = (Elf64_Ehdr *)copy;
	const char *why;

	memcpy(copy, self.p, self.n);
	Elf64_Phdr *ph = (Elf64_Phdr *)(copy + eh->e_phoff);

	for (int i = 0; i < eh->e_phnum; i++) {
		if (ph[i].p_type != PT_DYNAMIC) continue;
		for (Elf64_Dyn *d = (Elf64_Dyn *)(copy + ph[i].p_offset); d->d_tag != DT_NULL; d++)
			if (d->d_tag == DT_STRSZ) d->d_un.d_val = 1ull << 40;
	}
	assert_int_equal(parse(copy, self.n, &why), UC_ELF_BAD);
	free(copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_dynamic_program_is_understood),
		cmocka_unit_test(other_files_are_not_elf),
		cmocka_unit_test(every_truncation_is_refused_or_harmless),
		cmocka_unit_test(a_foreign_machine_is_described),
		cmocka_unit_test(a_segment_beyond_the_end_is_refused),
		cmocka_unit_test(a_string_table_outside_is_refused),
	};

	return cmocka_run_group_tests(tests, load_self, free_self);
}
