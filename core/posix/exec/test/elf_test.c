// SPDX-License-Identifier: BSD-3-Clause
// sources: ../elf.c
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "elf.h"
#include <uc/user.h>

#define MACHINE 62
enum { R = 4, W = 2, X = 1 };

static Elf64_Ehdr header(unsigned phnum)
{
	Elf64_Ehdr h = { .e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, 1 },
			 .e_type = ET_DYN,
			 .e_machine = MACHINE,
			 .e_phoff = sizeof(h),
			 .e_phentsize = sizeof(Elf64_Phdr),
			 .e_phnum = (Elf64_Half)phnum,
			 .e_entry = 0x1040 };
	return h;
}

static Elf64_Phdr load(uint64_t vaddr, uint64_t off, uint64_t filesz, uint64_t memsz,
		       unsigned flags)
{
	return (Elf64_Phdr){ .p_type = PT_LOAD,
			     .p_vaddr = vaddr,
			     .p_offset = off,
			     .p_filesz = filesz,
			     .p_memsz = memsz,
			     .p_flags = flags,
			     .p_align = 0x1000 };
}

static int decode(const Elf64_Phdr *p, unsigned n, struct uc_elf *e)
{
	Elf64_Ehdr h = header(n);

	assert_int_equal(uc_elf_header(&h, sizeof(h), MACHINE, e), 0);
	return uc_elf_phdrs(p, e);
}

static void refuses_foreign_headers(void **state)
{
	struct uc_elf e;
	Elf64_Ehdr good = header(1), h;

	assert_int_equal(uc_elf_header(&good, sizeof(good), MACHINE, &e), 0);
	assert_int_equal(uc_elf_header(&good, sizeof(good) - 1, MACHINE, &e), -ENOEXEC);
	assert_int_equal(uc_elf_header(&good, sizeof(good), MACHINE + 1, &e), -ENOEXEC);
	h = good; h.e_ident[1] = 'x';
	assert_int_equal(uc_elf_header(&h, sizeof(h), MACHINE, &e), -ENOEXEC);
	h = good; h.e_ident[EI_CLASS] = ELFCLASS32;
	assert_int_equal(uc_elf_header(&h, sizeof(h), MACHINE, &e), -ENOEXEC);
	h = good; h.e_type = ET_REL;
	assert_int_equal(uc_elf_header(&h, sizeof(h), MACHINE, &e), -ENOEXEC);
	h = good; h.e_phnum = 0;
	assert_int_equal(uc_elf_header(&h, sizeof(h), MACHINE, &e), -ENOEXEC);
	h = good; h.e_phnum = 2000;
	assert_int_equal(uc_elf_header(&h, sizeof(h), MACHINE, &e), -ENOEXEC);
	h = good; h.e_phentsize = 32;
	assert_int_equal(uc_elf_header(&h, sizeof(h), MACHINE, &e), -ENOEXEC);
}

static void computes_the_span_and_the_break(void **state)
{
	Elf64_Phdr p[] = { load(0x1000, 0, 0x500, 0x500, R | X),
			   load(0x3e10, 0x2e10, 0x200, 0x900, R | W) };
	struct uc_elf_seg s;
	struct uc_elf e;

	assert_int_equal(decode(p, 2, &e), 0);
	assert_int_equal(e.low, 0x1000);
	assert_int_equal(e.high, 0x5000);
	assert_int_equal(e.brk, 0x4710);
	assert_int_equal(e.phdr_vaddr, 0x1040);
	assert_int_equal(e.code_start, 0x1000);
	assert_int_equal(e.code_end, 0x1500);
	assert_int_equal(e.data_end, 0x4010);
	assert_true(uc_elf_segment(p, 1, &s));
	assert_int_equal(s.prot, 3);
	assert_false(e.exec_stack);
}

static void refuses_segments_that_lie(void **state)
{
	Elf64_Phdr bad[] = {
		load(0x1000, 0, 0x600, 0x500, R), /* more in the file than in memory */
		load(UC_USER_TOP - 0x1000, 0, 0x10, 0x2000, R), /* past the top */
		load(0x1000, 0, 0, UINT64_MAX, R),
		load(0xfffffffffffff000, 0, 0x10, 0x2000, R), /* wraps */
		load(0x1000, 0x10, 0x10, 0x10, R), /* offset and address disagree in the page */
		load(0x1000, 0x7ffffffffffff000, 0x2000, 0x2000, R), /* offset past any file */
	};
	struct uc_elf e;

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(decode(&bad[i], 1, &e), -EINVAL);
}

static void needs_something_to_load(void **state)
{
	Elf64_Phdr p[] = { { .p_type = PT_NOTE }, load(0x1000, 0, 0, 0, R) };
	struct uc_elf e;

	assert_int_equal(decode(p, 2, &e), -EINVAL);
}

static void reads_interpreter_and_stack_headers(void **state)
{
	Elf64_Phdr p[] = { load(0, 0, 0x1000, 0x1000, R),
			   { .p_type = PT_INTERP, .p_offset = 0x318, .p_filesz = 28 },
			   { .p_type = PT_GNU_STACK, .p_flags = R | W | X } };
	struct uc_elf e;

	assert_int_equal(decode(p, 3, &e), 0);
	assert_int_equal(e.interp_off, 0x318);
	assert_int_equal(e.interp_len, 28);
	assert_true(e.exec_stack);
	p[1].p_filesz = 1;
	assert_int_equal(decode(p, 3, &e), -ENOEXEC);
	p[1].p_filesz = 5000;
	assert_int_equal(decode(p, 3, &e), -ENOEXEC);
}

static void alignment_is_a_sane_power_of_two(void **state)
{
	Elf64_Phdr p = load(0x200000, 0, 0x1000, 0x1000, R);
	struct uc_elf e;

	p.p_align = 0x200000;
	assert_int_equal(decode(&p, 1, &e), 0);
	assert_int_equal(e.align, 0x200000);
	p.p_align = 0x3000;
	assert_int_equal(decode(&p, 1, &e), 0);
	assert_int_equal(e.align, 0x1000);
	p.p_align = 1ull << 60;
	assert_int_equal(decode(&p, 1, &e), -ENOMEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_foreign_headers),
		cmocka_unit_test(computes_the_span_and_the_break),
		cmocka_unit_test(refuses_segments_that_lie),
		cmocka_unit_test(needs_something_to_load),
		cmocka_unit_test(reads_interpreter_and_stack_headers),
		cmocka_unit_test(alignment_is_a_sane_power_of_two),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
