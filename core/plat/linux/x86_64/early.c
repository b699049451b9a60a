// SPDX-License-Identifier: BSD-3-Clause
/*
 * Runs once where the host loaded the image, before relocation: nothing here may use an absolute
 * pointer, a global initialised with an address, or a jump table. Chooses addresses, makes guest
 * memory appear, and moves the image into it.
 */
#include <asm/mman.h>
#include <asm/unistd.h>
#include <linux/auxvec.h>
#include <linux/elf.h>
#include <linux/fs.h>
#include <linux/mman.h>
#include <uc/user.h>
#include <uc/x86int.h>
#include "info.h"

#define EARLY \
	__attribute__((no_stack_protector, section(".text.boot.early"), \
		       optimize("no-jump-tables", "no-tree-switch-conversion")))

extern char uc_text_start[], uc_rodata_start[], uc_data_start[], uc_bss_start[], uc_kernel_end[];
extern char uc_rela_start[], uc_rela_end[], uc_relr_start[], uc_relr_end[];
struct linux_info linux_info __attribute__((section(".data.early")));
uint64_t linux_early(const uint64_t *sp);

struct rela {
	uint64_t offset, info;
	int64_t addend;
};

EARLY static inline void copy(void *d, const void *s, size_t n)
{
	__asm__ volatile("rep movsb" : "+D"(d), "+S"(s), "+c"(n) : : "memory");
}

EARLY static void read_auxv(struct linux_info *b, const uint64_t *sp)
{
	sp += sp[0] + 2; /* argc, argv, NULL */
	while (*sp)
		sp++;
	for (sp++; sp[0] != AT_NULL; sp += 2)
		if (sp[0] == AT_RANDOM)
			copy(b->random, (const void *)sp[1], sizeof(b->random));
		else if (sp[0] == AT_HWCAP2)
			b->hwcap2 = sp[1];
}

/*
 * Between the end of application addresses and that of the lower half, where the host keeps its
 * stack until it is dropped: kernel image and stacks in the lower quarter, memory above.
 */
#define IMAGE_BITS  25 /* pages: 128 GiB */
#define DIRECT_AT   (UC_USER_TOP_PROCESS + (1ull << 38))
#define DIRECT_BITS 17 /* 2 MiB each: 256 GiB */
#define MAX_TRIES   64

/* Takes len bytes of addresses at a random multiple of 1 << shift, among 1 << bits from base on.
 * The host has put its own mappings of the process somewhere here, too. */
EARLY static uint64_t reserve(struct linux_info *b, uint64_t base, unsigned bits, unsigned shift,
			      uint64_t len)
{
	for (unsigned i = 0; i < MAX_TRIES; i++) {
		uint64_t *r = &b->random[0];
		uint64_t va = base + ((*r >> 16 & ((1ull << bits) - 1)) << shift);
		*r = *r * 6364136223846793005ull + 1442695040888963407ull;
		long got = uc_host_call(__NR_mmap, va, len, PROT_NONE,
					MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE |
						MAP_FIXED_NOREPLACE,
					~0ull, 0);
		if (got == (long)va)
			return va;
		if (got > 0)
			UC_HOST2(__NR_munmap, got, len);
	}
	linux_die("finds no room for its memory among its addresses");
}

EARLY uint64_t linux_reserve(struct linux_info *b, uint64_t len)
{
	return reserve(b, DIRECT_AT, DIRECT_BITS, 21, len);
}

EARLY static uint64_t size_of(int fd)
{
	long n = UC_HOST3(__NR_lseek, fd, 0, SEEK_END);
	return n > 0 ? (uint64_t)n : 0;
}

EARLY static void map(uint64_t va, uint64_t len, unsigned prot, int fd, uint64_t off)
{
	long r = uc_host_call(__NR_mmap, va, len, prot, MAP_SHARED | MAP_FIXED,
			      (uint64_t)fd, off);
	if (r < 0)
		linux_die("cannot map the memory or files that it was given");
}

EARLY static uint64_t big_page_up(uint64_t n)
{
	return (n + 0x1fffff) & ~0x1fffffull;
}

/* Physical addresses: memory, then bundle and root image, each at a multiple of 2 MiB. */
EARLY static void map_files(struct linux_info *b)
{
	b->ram_len = size_of(UC_PROCFD_RAM) & ~(UC_PAGE_SIZE - 1);
	b->bundle_len = size_of(UC_PROCFD_BUNDLE);
	b->root_len = size_of(UC_PROCFD_ROOT);
	b->bundle_phys = big_page_up(b->ram_len);
	b->root_phys = b->bundle_phys + big_page_up(b->bundle_len);
	b->next_free_phys = LINUX_IMAGE_PHYS + b->image_len;
	if (b->ram_len < b->next_free_phys + 64 * UC_PAGE_SIZE)
		linux_die("has too little memory");
	b->virt_base = reserve(b, UC_USER_TOP, IMAGE_BITS, 12, b->image_len);
	b->direct_base = linux_reserve(b, b->root_phys + b->root_len);
	map(b->direct_base, b->ram_len, PROT_READ | PROT_WRITE, UC_PROCFD_RAM, 0);
	if (b->ram_len >= UC_PROC_HUGE_RAM)
		UC_HOST3(__NR_madvise, b->direct_base, b->ram_len, MADV_HUGEPAGE);
	if (b->bundle_len)
		map(b->direct_base + b->bundle_phys, b->bundle_len, PROT_READ, UC_PROCFD_BUNDLE, 0);
	if (b->root_len)
		map(b->direct_base + b->root_phys, b->root_len, PROT_READ, UC_PROCFD_ROOT, 0);
}

/* Where in the kernel's file its text begins, which is the first segment. */
EARLY static uint64_t text_offset(void)
{
	struct {
		Elf64_Ehdr e;
		Elf64_Phdr text;
	} h;
	long n = UC_HOST4(__NR_pread64, UC_PROCFD_KERNEL, &h, sizeof(h), 0);
	if (n != sizeof(h) || h.e.e_phoff != sizeof(h.e) || h.text.p_type != PT_LOAD ||
	    h.text.p_vaddr || h.text.p_offset & ~UC_PAGE_MASK)
		linux_die("cannot read its own program");
	return h.text.p_offset;
}

EARLY static void relocate(uint64_t img, uint64_t base)
{
	for (struct rela *r = (void *)uc_rela_start; r < (struct rela *)uc_rela_end; r++)
		if ((uint32_t)r->info == 8) /* R_X86_64_RELATIVE */
			*(uint64_t *)(img + r->offset) = base + (uint64_t)r->addend;
	uint64_t *where = NULL;
	for (uint64_t *r = (void *)uc_relr_start; r < (uint64_t *)uc_relr_end; r++) {
		if (!(*r & 1)) {
			where = (uint64_t *)(img + *r);
			*where++ += base;
			continue;
		}
		for (uint64_t bits = *r >> 1; bits; bits &= bits - 1)
			where[__builtin_ctzll(bits)] += base;
		where += 63;
	}
}

/* The image where it will run: text from its file, which instances share, the rest without a second
 * mapping through which constants could be written. */
EARLY static void map_image(const struct linux_info *b, uint64_t img)
{
	uint64_t ro = b->text_len;
	uint64_t rw = (uint64_t)uc_data_start - (uint64_t)uc_text_start;
	map(b->virt_base, ro, PROT_READ | PROT_EXEC, UC_PROCFD_KERNEL, text_offset());
	map(b->virt_base + ro, rw - ro, PROT_READ, UC_PROCFD_RAM, LINUX_IMAGE_PHYS + ro);
	map(b->virt_base + rw, b->image_len - rw, PROT_READ | PROT_WRITE, UC_PROCFD_RAM,
	    LINUX_IMAGE_PHYS + rw);
	if (UC_HOST3(__NR_mprotect, img + ro, rw - ro, PROT_READ))
		linux_die("cannot protect its text");
}

EARLY uint64_t linux_early(const uint64_t *sp)
{
	struct linux_info *b = &linux_info;
	/* Constants begin within a page, as they do in the file: kernel.ld. */
	uint64_t start = (uint64_t)uc_text_start, ro = UC_PAGE_DOWN((uint64_t)uc_rodata_start);
	b->entry_cycles = uc_cycles();
	b->image_len = (uint64_t)uc_kernel_end - start;
	read_auxv(b, sp);
	map_files(b);
	uint64_t img = b->direct_base + LINUX_IMAGE_PHYS;
	uc_percpu0.stack_guard = (b->random[1] ^ b->entry_cycles) & ~0xffull;
	b->text_len = ro - start;
	copy((char *)img + b->text_len, (void *)ro, (uint64_t)uc_bss_start - ro);
	copy((char *)img + ((uint64_t)&uc_percpu0 - start), &uc_percpu0, sizeof(uc_percpu0));
	relocate(img, b->virt_base);
	map_image(b, img);
	return b->virt_base;
}
