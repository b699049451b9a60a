// SPDX-License-Identifier: BSD-3-Clause
/*
 * Runs once at its physical address, before relocation: nothing here may use an absolute pointer,
 * a global initialised with an address, or a jump table. Chooses the virtual bases, builds the
 * kernel's page tables, relocates the image and loads CR3.
 */
#include "pvh.h"
#include <uc/abi/bootparam.h>
#include <uc/abi/layout.h>
#include <uc/x86.h>

#define EARLY \
	__attribute__((no_stack_protector, section(".text.boot.early"), \
		       optimize("no-jump-tables", "no-tree-switch-conversion")))

extern char uc_text_start[], uc_rodata_start[], uc_relro_start[], uc_data_start[], uc_kernel_end[];
extern char uc_rela_start[], uc_rela_end[], uc_relr_start[], uc_relr_end[];
extern uint64_t uc_early_pml4[512];
extern struct uc_percpu uc_percpu0;

struct boot_info uc_boot_info;
uint64_t uc_early_boot(uint64_t start_info, uint64_t image_phys, uint64_t cycles);

struct rela {
	uint64_t offset, info;
	int64_t addend;
};

EARLY static inline void copy(void *d, const void *s, size_t n)
{
	__asm__ volatile("rep movsb" : "+D"(d), "+S"(s), "+c"(n) : : "memory");
}

/* seed: of the host, 0 if it gave none */
EARLY static uint64_t early_random(uint64_t seed)
{
	uint64_t r = 0;
	if (x86_cpuid(1, 0).c & (1u << 30))
		for (int i = 0; i < 10; i++) {
			uint8_t ok;
			__asm__ volatile("rdrand %0; setc %1" : "=r"(r), "=q"(ok) : : "cc");
			if (ok)
				break;
		}
	r ^= uc_cycles() * 0x9e3779b97f4a7c15ull + seed;
	r ^= r >> 32;
	r *= 0xd6e8feb86659fd93ull;
	return r ^ r >> 29;
}

#define BIG_PAGE 0x200000ull
#define MUCH_RAM 0x4000000ull

/* The first tables come from here: like all of .bss it is zero already. */
#define POOL_TABLES 8u
static uint64_t pool[POOL_TABLES][512] __attribute__((aligned(4096)));
static unsigned pool_used;

EARLY static uint64_t *early_table(struct boot_info *b)
{
	if (pool_used < POOL_TABLES)
		return pool[pool_used++];
	uint64_t *t = (uint64_t *)b->next_free_phys;
	uint64_t n = 512;
	void *d = t;
	b->next_free_phys += UC_PAGE_SIZE;
	__asm__ volatile("rep stosq" : "+D"(d), "+c"(n) : "a"(0ull) : "memory");
	return t;
}

EARLY static uint64_t *early_next(struct boot_info *b, uint64_t *t, unsigned i)
{
	if (!(t[i] & X86_PTE_P))
		t[i] = (uint64_t)early_table(b) | X86_PTE_P | X86_PTE_W | X86_PTE_A;
	return (uint64_t *)(t[i] & X86_PTE_ADDR);
}

EARLY static uint64_t *early_pd(struct boot_info *b, uint64_t *root, uint64_t va)
{
	return early_next(b, early_next(b, root, va >> 39 & 511), va >> 30 & 511);
}

/* n entries from v on in steps; eight at a time, since each loop is instructions before `main`. */
EARLY static void fill(uint64_t *e, uint64_t v, uint64_t step, uint64_t n)
{
	for (; n & 7; n--, v += step)
		*e++ = v;
	for (uint64_t *end = e + n; e < end; e += 8) {
#pragma GCC unroll 8
		for (int i = 0; i < 8; i++, v += step)
			e[i] = v;
	}
}

/* Image pages [from, to) at the kernel's virtual base. Tables are written through the identity map
 * of the first 16 MiB; extend it where RAM is needed. */
EARLY static void map_image(struct boot_info *b, uint64_t *root, uint64_t from, uint64_t to,
			    uint64_t perm)
{
	for (uint64_t n; from < to; from += n << 12) {
		uint64_t va = b->virt_base + from;
		uint64_t *pt = early_next(b, early_pd(b, root, va), va >> 21 & 511);
		n = 512 - (va >> 12 & 511);
		if (n > (to - from) >> 12)
			n = (to - from) >> 12;
		fill(&pt[va >> 12 & 511],
		     (b->image_phys + from) | X86_PTE_P | X86_PTE_A | X86_PTE_D | X86_PTE_G | perm,
		     UC_PAGE_SIZE, n);
	}
}

EARLY static void map_kernel(struct boot_info *b, uint64_t *root)
{
	uint64_t text = (uint64_t)uc_text_start, ro = (uint64_t)uc_rodata_start - text;
	uint64_t rw = (uint64_t)uc_data_start - text;
	map_image(b, root, 0, ro, 0);
	map_image(b, root, ro, rw, X86_PTE_NX);
	map_image(b, root, rw, UC_PAGE_UP(b->image_len), X86_PTE_NX | X86_PTE_W);
}

#define DIRECT_FLAGS (X86_PTE_P | X86_PTE_W | X86_PTE_A | X86_PTE_D | X86_PTE_G | X86_PTE_NX)

/* RAM in 2 MiB pages. */
EARLY static void map_direct_range(struct boot_info *b, uint64_t *root, uint64_t start,
				   uint64_t end)
{
	for (uint64_t n, pa = start & ~(BIG_PAGE - 1); pa < end; pa += n << 21) {
		uint64_t va = b->direct_base + pa, at = va >> 21 & 511;
		n = 512 - at;
		if (n > (end - pa + BIG_PAGE - 1) >> 21)
			n = (end - pa + BIG_PAGE - 1) >> 21;
		fill(&early_pd(b, root, va)[at], pa | X86_PTE_PS | DIRECT_FLAGS, BIG_PAGE, n);
	}
}

/* Makes what is executed somewhere read-only here, in 4 KiB pages where it shares large ones. */
EARLY static void protect_direct(struct boot_info *b, uint64_t *root, uint64_t start, uint64_t end)
{
	for (uint64_t next, pa = start; pa < end; pa = next) {
		uint64_t va = b->direct_base + pa, first = pa & ~(BIG_PAGE - 1);
		uint64_t *e = &early_pd(b, root, va)[va >> 21 & 511];
		next = first + BIG_PAGE < end ? first + BIG_PAGE : end;
		if (next - pa == BIG_PAGE) {
			*e &= ~X86_PTE_W;
			continue;
		}
		if (*e & X86_PTE_PS) {
			uint64_t *pt = early_table(b);
			fill(pt, first | DIRECT_FLAGS, UC_PAGE_SIZE, 512);
			*e = (uint64_t)pt | X86_PTE_P | X86_PTE_W | X86_PTE_A;
		}
		fill((uint64_t *)(*e & X86_PTE_ADDR) + (pa >> 12 & 511),
		     pa | (DIRECT_FLAGS & ~X86_PTE_W), UC_PAGE_SIZE, (next - pa) >> 12);
	}
}

EARLY static void relocate(struct boot_info *b)
{
	uint64_t img = b->image_phys, base = b->virt_base;
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

EARLY static void read_memmap(struct boot_info *b, const struct pvh_start_info *si)
{
	const struct pvh_memmap *m = (void *)si->memmap_paddr;
	for (uint32_t i = 0; i < si->memmap_entries && b->nram < BOOT_MAX_RAM; i++) {
		if (m[i].type != PVH_MEM_RAM)
			continue;
		b->ram[b->nram].addr = m[i].addr;
		b->ram[b->nram++].len = m[i].size;
		b->ram_bytes += m[i].size;
		if (m[i].addr + m[i].size > b->ram_top)
			b->ram_top = m[i].addr + m[i].size;
	}
}

EARLY static void read_start_info(struct boot_info *b, const struct pvh_start_info *si)
{
	if (si->magic != PVH_MAGIC)
		return;
	if (si->version >= 1 && si->memmap_paddr)
		read_memmap(b, si);
	if (si->nr_modules) {
		const struct pvh_module *mod = (void *)si->modlist_paddr;
		b->bundle_phys = mod->paddr;
		b->bundle_len = mod->size;
	}
	const char *c = (const char *)si->cmdline_paddr;
	size_t n = 0;
	if (c)
		while (n < sizeof(b->cmdline) - 1 && c[n])
			n++;
	copy(b->cmdline, c, n);
}

/* The bundle's pages will be read-only. Where there is enough RAM they are large ones, of which
 * it has all: a table of small ones costs instructions. */
EARLY static void place_bundle(struct boot_info *b)
{
	uint64_t unit = b->ram_top < MUCH_RAM ? UC_PAGE_SIZE : BIG_PAGE, end;
	if ((b->bundle_phys & -unit) < b->next_free_phys) unit = UC_PAGE_SIZE;
	end = b->bundle_phys + b->bundle_len;
	b->bundle_start = b->bundle_phys & -unit;
	b->bundle_end = (end + unit - 1) & -unit;
}

/* Early allocations go between the image and what follows it in RAM: the bundle or the end. If the
 * bundle leaves less room before than behind it, they go there. */
EARLY static void place_tables(struct boot_info *b)
{
	uint64_t start = b->next_free_phys, mid = b->bundle_start, behind = b->bundle_end, end = 0;
	for (uint32_t i = 0; i < b->nram; i++)
		if (b->ram[i].addr <= b->image_phys && start <= b->ram[i].addr + b->ram[i].len)
			end = b->ram[i].addr + b->ram[i].len;
	if (b->bundle_len && behind > b->image_phys && mid < end) {
		if (mid >= start && end - behind > mid - start && behind < end)
			b->next_free_phys = behind;
		else
			end = mid;
	}
	b->early_end = end;
}

/* Identity-maps the 2 MiB pages that hold the boot protocol's structures, wherever they are. */
EARLY static void identity(uint64_t *pml4, struct boot_info *b, uint64_t pa)
{
	uint64_t *pd = early_pd(b, pml4, pa);
	pd[pa >> 21 & 511] = (pa & ~0x1fffffull) | X86_PTE_P | X86_PTE_W | X86_PTE_PS;
}

/* What the host has drawn for places. */
EARLY static const uint64_t *host_seed(struct boot_info *b, uint64_t *pml4)
{
	static const uint64_t none[3] = { 1, 2, 3 };
	const struct uc_bootbundle *h = (void *)b->bundle_phys;
	if (b->bundle_len < sizeof(*h))
		return none;
	identity(pml4, b, b->bundle_phys);
	return h->header_len < sizeof(*h) ? none : h->place;
}

EARLY uint64_t uc_early_boot(uint64_t start_info, uint64_t image_phys, uint64_t cycles)
{
	struct boot_info *b = &uc_boot_info;
	uint64_t *pml4 = uc_early_pml4;
	b->entry_cycles = cycles;
	b->image_phys = image_phys;
	b->image_len = (uint64_t)uc_kernel_end - (uint64_t)uc_text_start;
	b->next_free_phys = UC_PAGE_UP(image_phys + b->image_len);
	identity(pml4, b, start_info);
	identity(pml4, b, start_info + sizeof(struct pvh_start_info));
	read_start_info(b, (const struct pvh_start_info *)start_info);
	place_bundle(b);
	place_tables(b);

	/* Upper half: kernel in slots 256..383, direct map in 384..510, each at a random offset. */
	const uint64_t *seed = host_seed(b, pml4);
	uint64_t r1 = early_random(seed[0]), r2 = early_random(seed[1]), r3 = early_random(seed[2]);
	b->virt_base =
		UC_LAYOUT_UPPER | (UC_LAYOUT_IMAGE_SLOT + r1 % UC_LAYOUT_IMAGE_SLOTS) << 39 |
		((r1 >> 7) & 0x3ffffff) << 12;
	/* Not across a GiB, so that the tables of a small machine come from the pool. */
	if ((b->virt_base & 0x3fffffff) + b->image_len > 0x40000000) b->virt_base -= b->image_len;
	/* Kernel stacks lie behind the image, at the same distance from it wherever it is. */
	b->virt_base &= ~(2ull * UC_KSTACK_SIZE - 1);
	uint64_t slots = (b->ram_top >> 39) + 2;
	b->direct_base = UC_LAYOUT_UPPER |
			 (UC_LAYOUT_DIRECT_SLOT + (r2 & 63) % (127 - slots)) << 39 |
			 (r2 >> 7) % UC_LAYOUT_DIRECT_GIBS << 30;
	b->direct_base |= (r2 >> 48 & (uc_layout_direct_places(b->ram_top) - 1)) << 21;
	/* Below 448 GiB: device windows under 64 GiB share the top-level slot of low memory, so
	 * that one mapped late is seen by every address space. */
	uc_percpu0.stack_guard = r3 & ~0xffull;

	uint64_t *root = early_table(b);
	root[0] = pml4[0];
	map_kernel(b, root);
	for (uint32_t i = 0; i < b->nram; i++)
		map_direct_range(b, root, b->ram[i].addr, b->ram[i].addr + b->ram[i].len);
	protect_direct(b, root, image_phys,
		       image_phys + ((uint64_t)uc_data_start - (uint64_t)uc_text_start));
	protect_direct(b, root, b->bundle_start, b->bundle_end);
	relocate(b);
	__asm__ volatile("movq %0,%%cr3" : : "r"((uint64_t)root) : "memory");
	return b->virt_base;
}
