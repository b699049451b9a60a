// SPDX-License-Identifier: BSD-3-Clause
// sources: ../scan.c ../object.c ../symbols.c ../relocs.c ../unwind.c
// sources: ../../util/mem.c ../../util/search.c ../../util/path.c
// sources: ../../cli/msg.c ../../cli/progress.c ../../cli/value.c
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <elf.h>
#include <string.h>

#include <unicore/scan.h>

#define CODE_AT 128

/* A file with one executable segment of this code. */
static size_t make32(uint8_t *out, uint16_t machine, const void *code, size_t n)
{
	Elf32_Ehdr eh = { .e_machine = machine, .e_phoff = sizeof(Elf64_Ehdr), .e_phnum = 1 };
	Elf32_Phdr ph = {
		.p_type = PT_LOAD, .p_flags = PF_X, .p_offset = CODE_AT, .p_filesz = (Elf32_Word)n
	};

	memcpy(eh.e_ident, ELFMAG, SELFMAG);
	eh.e_ident[EI_CLASS] = ELFCLASS32;
	eh.e_ident[EI_DATA] = ELFDATA2LSB;
	memset(out, 0, CODE_AT);
	memcpy(out, &eh, sizeof(eh));
	memcpy(out + eh.e_phoff, &ph, sizeof(ph));
	memcpy(out + CODE_AT, code, n);
	return CODE_AT + n;
}

static void of_x86(void **state)
{
	static const uint8_t code[] = {
		0xb8, 4,    0,    0, 0,    0xcd, 0x80, /* mov $4,%eax; int */
		0x8b, 0x44, 0x24, 8, 0xcd, 0x80,       /* mov 8(%esp) */
		0xb8, 252,  0,    0, 0,    0x65, 0xff, 0x15, 0x10, 0, 0, 0
	}; /* call *%gs:0x10 */
	uint8_t file[256];
	struct uc_scan s;

	(void)state;
	assert_true(uc_code_scan(file, make32(file, EM_386, code, sizeof(code)), &s));
	assert_int_equal(s.sites[4], 1);
	assert_int_equal(s.sites[252], 1);
	assert_int_equal(s.unknown, 1);
}

static void of_arm(void **state)
{
	static const uint16_t code[] = {
		0x2704, 0xdf00,                 /* movs r7,#4 */
		0xf240, 0x1742, 0xdf00,         /* movw r7,#322 */
		0xf44f, 0x77c0, 0xdf00,         /* mov.w r7,#384 */
		0xf04f, 0x0c14, 0xf000, 0xf800, /* mov.w ip,#20; bl to the next */
		0xb580, 0x4667, 0xdf00, 0xbd80, /* push; mov r7,ip; svc; pop */
		0x7001, 0xe3a0, 0x0000, 0xef00, /* mov r7,#1 as ARM code */
	};
	uint8_t file[256];
	struct uc_scan s;

	(void)state;
	assert_true(uc_code_scan(file, make32(file, EM_ARM, code, sizeof(code)), &s));
	assert_int_equal(s.sites[4], 1);
	assert_int_equal(s.sites[322], 1);
	assert_int_equal(s.sites[384], 1);
	assert_int_equal(s.sites[20], 1);
	assert_int_equal(s.sites[1], 1);
	assert_int_equal(s.unknown, 0);
}

static void of_aarch64(void **state)
{
	static const uint32_t code[] = { 0xd2800808, 0xd4000001,               /* mov x8,#64 */
					 0x2a0003e8, 0xd4000001,               /* mov w8,w0 */
					 0x52800ba8, 0xd503201f, 0xd4000001 }; /* mov w8,#93; nop */
	uint8_t file[256] = { 0 };
	Elf64_Ehdr eh = { .e_machine = EM_AARCH64, .e_phoff = sizeof(eh), .e_phnum = 1 };
	Elf64_Phdr ph = { .p_type = PT_LOAD,
			  .p_flags = PF_X,
			  .p_offset = CODE_AT,
			  .p_filesz = sizeof(code),
			  .p_vaddr = 0x1000 };
	struct uc_scan s;

	(void)state;
	memcpy(eh.e_ident, ELFMAG, SELFMAG);
	eh.e_ident[EI_CLASS] = ELFCLASS64;
	eh.e_ident[EI_DATA] = ELFDATA2LSB;
	memcpy(file, &eh, sizeof(eh));
	memcpy(file + sizeof(eh), &ph, sizeof(ph));
	memcpy(file + CODE_AT, code, sizeof(code));
	assert_true(uc_code_scan(file, sizeof(file), &s));
	assert_int_equal(s.sites[64], 1);
	assert_int_equal(s.at[64], 0x1004);
	assert_int_equal(s.sites[93], 1);
	assert_int_equal(s.unknown, 1);
	assert_false(uc_code_scan(file, 20, &s));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(of_x86), cmocka_unit_test(of_arm),
					    cmocka_unit_test(of_aarch64) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
