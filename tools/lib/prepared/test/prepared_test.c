// SPDX-License-Identifier: BSD-3-Clause
// sources: ../compare.c ../file.c ../place.c ../tables.c ../../util/mem.c ../../util/vec.c
// sources: ../../cli/msg.c ../../cli/progress.c ../../cli/value.c
/* Memories made by hand: a kernel of one page, a program of one page, its stack, tables, spares. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include <elf.h>

#include <uc/abi/layout.h>

#include "../pages.h"

enum {
	KERNEL_ROOT = 1, /* tables: root, then three levels for each part */
	IMAGE_TABLES = 2,
	DIRECT_TABLES = 5,
	PROGRAM_ROOT = 7,
	CODE_TABLES = 8,
	STACK_TABLES = 11,
	ENTRY_ROOT = 14,
	SPARE = 15, /* two */
	IMAGE = 20,
	CODE = 21,
	STACK = 22,
	NPAGES = 24,
};
enum { W_IMAGE = 0, W_DIRECT, W_CODE, W_STACK, W_GUARD, W_PLAIN, W_RANDOM = 8 };

struct made {
	struct uc_memory m;
	uint64_t *w; /* writable */
	struct uc_prepared *at;
};

static uint64_t *page(struct made *d, unsigned n)
{
	return d->w + n * (PAGE / 8);
}

static void map_page(struct made *d, unsigned root, unsigned tables, uint64_t va, uint64_t entry)
{
	uint64_t *t = page(d, root);

	for (unsigned shift = 39; shift > 12; shift -= 9, tables++) {
		t[va >> shift & 511] = tables * PAGE | PTE_TABLE;
		t = page(d, tables);
	}
	t[va >> 12 & 511] = entry | PTE_P;
}

static void map_large(struct made *d, uint64_t va)
{
	page(d, KERNEL_ROOT)[va >> 39 & 511] = DIRECT_TABLES * PAGE | PTE_TABLE;
	page(d, DIRECT_TABLES)[va >> 30 & 511] = (DIRECT_TABLES + 1) * PAGE | PTE_TABLE;
	page(d, DIRECT_TABLES + 1)[va >> 21 & 511] = PTE_P | PTE_PS;
}

/* shift: of the program's parts, in 2 MiB. */
static struct made make(uint64_t virt, uint64_t direct, uint64_t shift, uint64_t guard)
{
	struct made d = { 0 };
	int fd = memfd_create("test", MFD_CLOEXEC);
	const uint64_t by = shift << 21;

	assert_true(fd >= 0 && !ftruncate(fd, NPAGES * PAGE));
	assert_int_equal(uc_memory_map(fd, NPAGES * PAGE, &d.m), 0);
	d.w = mmap(NULL, NPAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	d.at = (void *)d.w;
	*d.at = (struct uc_prepared){
		.magic = UC_PREPARED_MAGIC,
		.virt_base = virt,
		.virt_end = virt + PAGE,
		.direct_base = direct,
		.ram_top = NPAGES * PAGE,
		.image_phys = IMAGE * PAGE,
		.kernel_root = KERNEL_ROOT * PAGE,
		.program_root = PROGRAM_ROOT * PAGE,
		.entry_root = ENTRY_ROOT * PAGE,
		.random = virt + W_RANDOM * 8,
		.random_len = 64,
		.guard = guard,
		.start_code = 0x560000000000 + by,
		.heap = 0x560000400000 + by,
		.heap_random = 3,
		.mmap_base = 0x7f0000000000 + by,
		.stack_top = 0x7ffe00001000 + by,
		.align = PAGE,
		.spares = { SPARE * PAGE, (SPARE + 1) * PAGE },
	};
	d.at->sp = d.at->stack_top - 0x800;
	map_page(&d, KERNEL_ROOT, IMAGE_TABLES, virt, IMAGE * PAGE);
	map_large(&d, direct);
	map_page(&d, PROGRAM_ROOT, CODE_TABLES, d.at->start_code, CODE * PAGE);
	map_page(&d, PROGRAM_ROOT, STACK_TABLES, d.at->stack_top - PAGE, STACK * PAGE);
	uint64_t *k = page(&d, IMAGE), *s = page(&d, STACK) + 0x800 / 8;

	k[W_IMAGE] = virt + 0x10;
	k[W_DIRECT] = direct + CODE * PAGE;
	k[W_CODE] = d.at->start_code + 5;
	k[W_STACK] = d.at->stack_top;
	k[W_GUARD] = guard;
	k[W_PLAIN] = 77;
	k[W_RANDOM] = 1234;
	s[0] = 1; /* argc; argv: one, no environment */
	s[1] = d.at->sp + 0x100;
	s[4] = AT_PAGESZ;
	s[5] = PAGE;
	s[6] = AT_RANDOM;
	s[7] = d.at->sp + 0x200;
	s[0x200 / 8] = 4321;
	page(&d, CODE)[0] = 99;
	page(&d, ENTRY_ROOT)[0] = PTE_TABLE; /* of the entry: not looked at */
	return d;
}

static void drop(struct made *d)
{
	munmap(d->w, NPAGES * PAGE);
	close(d->m.fd);
	uc_memory_unmap(&d->m);
}

static struct made first(void)
{
	return make(0xffff800000000000, 0xffffc00040000000, 1, 0x1111111111111100);
}

static struct made second(void)
{
	return make(0xffff812340000000, 0xffffc10080000000, 6, 0x2222222222222200);
}

static uint64_t seed;
static void pseudo(void *p, size_t n)
{
	for (uint8_t *at = p; n; n--) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		*at++ = (uint8_t)(seed >> 56);
	}
}

/* ---- what came out: segments laid into memory ---- */
static uint8_t *lay(const struct uc_buf *elf)
{
	uint8_t *ram = calloc(NPAGES, PAGE);
	const Elf64_Ehdr *e = (const void *)elf->p;
	const Elf64_Phdr *p = (const void *)(elf->p + e->e_phoff);

	for (unsigned i = 0; i < e->e_phnum; i++) {
		assert_true(p[i].p_offset + p[i].p_filesz <= elf->n);
		assert_true(p[i].p_paddr + p[i].p_memsz <= NPAGES * PAGE);
		memcpy(ram + p[i].p_paddr, elf->p + p[i].p_offset, p[i].p_filesz);
	}
	return ram;
}

static uint8_t *ram_at(const struct pages *p, uint64_t phys)
{
	return (uint8_t *)p->of + phys;
}

static void check_start(const uint8_t *ram, const struct uc_prepared *was)
{
	const struct pages p = { ram_at, ram, NPAGES * PAGE };
	const uint64_t *k = (const void *)(ram + IMAGE * PAGE);
	struct tables program, kernel, entry;

	assert_int_equal(tables_read(&p, PROGRAM_ROOT * PAGE, 0, HALF, &program), 0);
	assert_int_equal(tables_read(&p, KERNEL_ROOT * PAGE, HALF, ENTRIES, &kernel), 0);
	assert_int_equal(tables_read(&p, ENTRY_ROOT * PAGE, HALF, ENTRIES, &entry), 0);
	/* Words lead where the tables say that what they pointed to is now. */
	assert_int_equal(tables_find(&kernel, k[W_IMAGE]), IMAGE * PAGE + 0x10);
	assert_int_equal(tables_find(&entry, k[W_IMAGE]), IMAGE * PAGE + 0x10);
	assert_int_equal(tables_find(&kernel, k[W_DIRECT]), CODE * PAGE);
	assert_int_equal(tables_find(&program, k[W_CODE]), CODE * PAGE + 5);
	assert_int_equal(tables_find(&program, k[W_STACK] - 1), STACK * PAGE + PAGE - 1);
	assert_int_equal(k[W_PLAIN], 77);
	/* Secrets are others. */
	assert_int_not_equal(k[W_GUARD], was->guard);
	assert_int_equal(k[W_GUARD] & 0xff, 0);
	assert_int_not_equal(k[W_RANDOM], 1234);
	const uint64_t *s = (const void *)(ram + STACK * PAGE + 0x800);

	assert_int_equal(tables_find(&program, s[7]), STACK * PAGE + 0xa00);
	assert_int_not_equal(s[0x200 / 8], 4321);
	/* No table is used twice, and what the program does not need is given back. */
	size_t back = 0;
	const struct uc_prepared *now = (const void *)ram;

	while (back < UC_PREPARED_SPARES && now->spares[back])
		back++;
	assert_int_equal(program.ntables + back, 6 + 2);
	for (size_t i = 0; i < program.ntables; i++) {
		for (size_t j = 0; j < back; j++)
			assert_int_not_equal(program.tables[i], now->spares[j]);
		for (size_t j = 0; j < i; j++)
			assert_int_not_equal(program.tables[i], program.tables[j]);
	}
	tables_free(&program);
	tables_free(&kernel);
	tables_free(&entry);
}

static void test_starts_are_whole_and_differ(void **state)
{
	struct made a = first(), b = second();
	struct uc_start s, read;
	struct uc_buf file = { 0 };
	const char *why = NULL;
	uint64_t seen[200];

	assert_int_equal(uc_start_compare(&a.m, &b.m, &s, &why), 0);
	assert_int_equal(s.nmoves, 7);
	uc_start_encode(&s, &file);
	assert_int_equal(uc_start_decode(file.p, file.n, &read), 0);
	for (unsigned i = 0; i < 200; i++) {
		struct uc_buf elf = { 0 };

		assert_int_equal(uc_start_place(&read, pseudo, &elf), 0);
		uint8_t *ram = lay(&elf);

		check_start(ram, a.at);
		seen[i] = *(const uint64_t *)(ram + IMAGE * PAGE + W_CODE * 8);
		for (unsigned j = 0; j < i; j++)
			assert_int_not_equal(seen[i], seen[j]);
		free(ram);
		uc_buf_free(&elf);
	}
	uc_buf_free(&file);
	uc_start_free(&s);
	uc_start_free(&read);
	drop(&a);
	drop(&b);
}

/* A word that differs and is none of the addresses: it could not be right at the next start. */
static void test_what_cannot_be_moved_is_refused(void **state)
{
	struct made a = first(), b = second();
	const char *why = NULL;
	struct uc_start s;

	page(&b, IMAGE)[W_PLAIN] = 78;
	assert_int_equal(uc_start_compare(&a.m, &b.m, &s, &why), -EINVAL);
	assert_non_null(why);
	page(&b, IMAGE)[W_PLAIN] = 77;
	/* Half of an address. */
	((uint32_t *)page(&a, IMAGE))[100] = (uint32_t)(a.at->virt_base >> 16);
	((uint32_t *)page(&b, IMAGE))[100] = (uint32_t)(b.at->virt_base >> 16);
	assert_int_equal(uc_start_compare(&a.m, &b.m, &s, &why), -EINVAL);
	drop(&a);
	drop(&b);
}

static void test_other_shapes_are_tried_again(void **state)
{
	struct made a = first(), b = second();
	const char *why = NULL;
	struct uc_start s;

	b.at->program_root = ENTRY_ROOT * PAGE;
	assert_int_equal(uc_start_compare(&a.m, &b.m, &s, &why), -EAGAIN);
	b.at->program_root = PROGRAM_ROOT * PAGE;
	page(&b, STACK_TABLES + 2)[7] = CODE * PAGE | PTE_P;
	assert_int_equal(uc_start_compare(&a.m, &b.m, &s, &why), -EAGAIN);
	b.at->magic = 0;
	assert_int_equal(uc_start_compare(&a.m, &b.m, &s, &why), -EINVAL);
	assert_int_equal(uc_start_compare(&a.m, &a.m, &s, &why), -EAGAIN);
	drop(&a);
	drop(&b);
}

static void test_damaged_files_are_none(void **state)
{
	struct made a = first(), b = second();
	struct uc_start s, read;
	struct uc_buf file = { 0 };
	const char *why = NULL;

	assert_int_equal(uc_start_compare(&a.m, &b.m, &s, &why), 0);
	uc_start_encode(&s, &file);
	for (size_t n = 0; n < file.n; n += 97)
		assert_int_equal(uc_start_decode(file.p, n, &read), -EINVAL);
	for (size_t at = file.n - 9; at > 400; at -= 4099 % at + 1) {
		file.p[at] ^= 1;
		assert_int_equal(uc_start_decode(file.p, file.n, &read), -EINVAL);
		file.p[at] ^= 1;
	}
	uc_buf_free(&file);
	uc_start_free(&s);
	drop(&a);
	drop(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_starts_are_whole_and_differ),
		cmocka_unit_test(test_what_cannot_be_moved_is_refused),
		cmocka_unit_test(test_other_shapes_are_tried_again),
		cmocka_unit_test(test_damaged_files_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
