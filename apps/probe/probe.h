// SPDX-License-Identifier: BSD-3-Clause
#ifndef PROBE_H
#define PROBE_H
/*
 * The program that `unicore verify --security` runs in place of an image's own, on the same
 * kernel. It reports what it sees as lines of text, or does one forbidden thing. It has no C
 * library and no relocations: it is its own ELF interpreter, so that the kernel maps it twice,
 * once as program and once where libraries go.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

#define PAGE  4096ul
#define ALIGN __attribute__((aligned(PAGE)))

enum { /* system calls of x86-64 */
	NR_read = 0,
	NR_write = 1,
	NR_open = 2,
	NR_mmap = 9,
	NR_mprotect = 10,
	NR_munmap = 11,
	NR_brk = 12,
	NR_writev = 20,
	NR_getpid = 39,
	NR_exit = 60,
	NR_exit_group = 231,
	NR_getrandom = 318,
	NR_uretprobe = 335,
	NR_uprobe = 336,
	NR_LIMIT = 512,
};
enum { PROT_R = 1, PROT_W = 2, PROT_X = 4, MAP_PRIV = 2, MAP_FIX = 16, MAP_ANON = 32 };

/* ---- sys.c ---- */
long sys(long nr, long a, long b, long c, long d, long e, long f);
void put(const char *s);
void put_hex(uint64_t v);
void put_bytes(const uint8_t *p, size_t n);
void flush(void);
/* NAME VALUE */
void line(const char *name, uint64_t v);
bool same(const char *a, const char *b);
/* What follows `key` in an argument, or NULL. */
const char *arg_value(const char *const *argv, const char *key);
uint64_t parse_hex(const char *s);
void quit(int status) __attribute__((noreturn));
void *map_anon(uint64_t at, uint64_t len, int prot);

/* ---- kernel.c: what can be seen of it from its own address space ---- */
struct kernel {
	bool ring0;
	uint64_t percpu, current, entry, kstack, canary;
	uint64_t direct; /* of physical memory; ring 0 only */
};
extern struct kernel kernel;
void kernel_look(void);
void kernel_report(void);
/* Top of a stack that the processor switches to (ring 0), 0: not used. */
#define TRAP_STACKS 7
uint64_t kernel_trap_stack(unsigned i);
/* Is it near the kernel's image or in its memory? */
bool kernel_address(uint64_t v);

/* ---- tables.c: page tables, ring 0 only ---- */
/* Where physical memory is mapped: at a multiple of 2 MiB. place: an address there of low
 * memory. */
uint64_t tables_find(uint64_t place);
void tables_report(void);
/* The entry of va's page of 4 KiB, or NULL. */
uint64_t *tables_leaf(uint64_t va);
/* Maps a page; its tables are the program's own memory. */
void tables_map(uint64_t va, uint64_t pa, uint64_t flags);
uint64_t tables_phys(void *va);
/* The entry, of whatever size, that maps va; 0: none. */
uint64_t tables_entry(uint64_t va);
/* A page that has a protection key, or 0. */
uint64_t tables_keyed(void);
#define PTE_P    1ull
#define PTE_W    2ull
#define PTE_PCD  16ull
#define PTE_PS   128ull
#define PTE_KEY  (15ull << 59)
#define PTE_NX   (1ull << 63)
#define PTE_ADDR 0x000ffffffffff000ull

/* ---- rings.c: what devices may read and write; ring 0 only ---- */
/* broken: a descriptor is changed while it is looked at. */
void rings_report(bool broken);

/* ---- sabotage.c: switches a defence off, as one that holds this privilege can ---- */
void sabotage(const char *name, const char *const *argv);

/* ---- main.c ---- */
enum { AT_ENTRY = 9 };
/* Of the auxiliary vector behind sp, the program's first stack pointer; 0: not there. */
uint64_t aux(const uint64_t *sp, uint64_t type);

/* ---- faults.c ---- */
/* Does one forbidden thing; broken: after having arranged that it is none. */
void fault(const char *name, bool broken, const uint64_t *sp);

#endif
