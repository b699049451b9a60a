// SPDX-License-Identifier: BSD-3-Clause
/* Mapping of ELF files: text and data are mappings of the file itself, nothing is copied. */
#include <asm/errno.h>
#include <linux/mman.h>
#include <uc/abi/layout.h>
#include <uc/elfarch.h>
#include <uc/heap.h>
#include <uc/random.h>
#include <uc/string.h>
#include <uc/user.h>
#include "exec_internal.h"

#define PROT_ALL (PROT_READ | PROT_WRITE | PROT_EXEC)

struct file_map {
	struct uc_file *f;
	struct uc_vmobj *obj;
	struct uc_elf elf;
	void *phdrs;
	uint64_t bias;
	uint64_t stub_vaddr, stub_pages;
	struct uc_vmobj *stubs;
};

void exec_layout(struct uc_mm *mm, const struct exec_random *rnd, uint64_t stack_limit)
{
	mm->stack_top = UC_USER_TOP - ((uint64_t)rnd->stack << UC_PAGE_SHIFT);
	mm->mmap_base = UC_USER_TOP - uc_layout_gap(stack_limit) -
			((uint64_t)rnd->mmap << UC_PAGE_SHIFT);
	mm->stack_limit = stack_limit;
}

static struct uc_vmobj *file_object(struct uc_file *f)
{
	if (f->ops && f->ops->mmap)
		return f->ops->mmap(f, PROT_READ | PROT_EXEC, MAP_PRIVATE);
	if (!f->inode || !f->inode->vmobj.ops)
		return UC_ERR_PTR(-ENOEXEC);
	return &f->inode->vmobj;
}

/* Decodes headers; m->f is set. bad: error for what is no usable ELF file. */
static int open_map(struct file_map *m, const void *head, size_t len, int bad)
{
	int r = uc_elf_header(head, len, UC_ELF_MACHINE, &m->elf);
	size_t n;

	if (r < 0)
		return bad;
	n = uc_elf_phdrs_len(&m->elf);
	m->phdrs = uc_heap_alloc(n);
	if (!m->phdrs)
		return -ENOMEM;
	if (m->elf.phoff <= len && n <= len - m->elf.phoff)
		memcpy(m->phdrs, (const uint8_t *)head + m->elf.phoff, n);
	else if (exec_read(m->f, m->elf.phoff, m->phdrs, n) < 0)
		return bad;
	r = uc_elf_phdrs(m->phdrs, &m->elf);
	if (r < 0)
		return r;
	m->obj = file_object(m->f);
	if (UC_IS_ERR(m->obj))
		return (int)UC_PTR_ERR(m->obj);
	if (m->obj->ops->stubs)
		m->stubs = m->obj->ops->stubs(m->obj, &m->stub_vaddr, &m->stub_pages);
	return 0;
}

/* End of everything that belongs to the file, relative to the bias. */
static uint64_t map_end(const struct file_map *m)
{
	uint64_t end = m->elf.high;

	if (m->stubs)
		end = UC_MAX(end, m->stub_vaddr + (m->stub_pages << UC_PAGE_SHIFT));
	return end;
}

static int map_at(struct uc_mm *mm, uc_vaddr va, uint64_t len, int prot, struct uc_vmobj *obj,
		  uint64_t off)
{
	int flags = MAP_PRIVATE | MAP_FIXED | (obj ? 0 : MAP_ANONYMOUS);
	int64_t r;

	if (!len)
		return 0;
	r = uc_vm_mmap(mm, va, len, prot, flags, obj, off >> UC_PAGE_SHIFT, PROT_ALL);
	return r < 0 ? (int)r : 0;
}

/* The rest of the segment's last file page must read as zero if the segment goes on behind it. */
static int zero_tail(struct uc_mm *mm, uc_vaddr from, uc_vaddr to)
{
	uint8_t *page;
	int err = 0;

	if (from >= to)
		return 0;
	page = uc_mm_page(mm, UC_PAGE_DOWN(from), true, &err);
	if (!page)
		return err == -ENOMEM ? err : -ENOEXEC; /* the file is shorter than it says */
	memset(page + (from & ~UC_PAGE_MASK), 0, to - from);
	return 0;
}

static int map_segment(struct uc_mm *mm, const struct file_map *m, const struct uc_elf_seg *s)
{
	uc_vaddr va = m->bias + s->vaddr, start = UC_PAGE_DOWN(va);
	uc_vaddr fend = va + s->filesz, mend = va + s->memsz;
	uc_vaddr anon = s->filesz ? UC_PAGE_UP(fend) : start;
	int r = 0;

	if (s->filesz)
		r = map_at(mm, start, anon - start, s->prot, m->obj, UC_PAGE_DOWN(s->off));
	if (r == 0 && s->memsz > s->filesz && s->filesz && s->prot & PROT_WRITE)
		r = zero_tail(mm, fend, UC_MIN(anon, UC_PAGE_UP(mend)));
	if (r == 0 && UC_PAGE_UP(mend) > anon)
		r = map_at(mm, anon, UC_PAGE_UP(mend) - anon, s->prot, NULL, 0);
	return r;
}

static int map_file(struct uc_mm *mm, const struct file_map *m)
{
	struct uc_elf_seg s;
	int r = 0;

	for (unsigned i = 0; r == 0 && i < m->elf.phnum; i++) {
		if (uc_elf_segment(m->phdrs, i, &s))
			r = map_segment(mm, m, &s);
	}
	if (r == 0 && m->stubs)
		r = map_at(mm, m->bias + m->stub_vaddr, m->stub_pages << UC_PAGE_SHIFT,
			   PROT_READ | PROT_EXEC, m->stubs, 0);
	return r;
}

/* Bias of a position-independent program; its lowest segment keeps its alignment. */
static uint64_t program_bias(const struct uc_elf *e, uint64_t rnd)
{
	uint64_t base = UC_LAYOUT_PIE_BASE + (rnd << UC_PAGE_SHIFT);

	return (base & ~(e->align - 1)) - (e->low & ~(e->align - 1));
}

/* Interpreters go below mmap_base, like any mapping without a wish. */
static int interp_bias(struct uc_mm *mm, struct file_map *m)
{
	uint64_t span = map_end(m) - m->elf.low + m->elf.align - UC_PAGE_SIZE;
	int64_t at;

	if (!m->elf.dyn)
		return 0;
	at = uc_vm_mmap(mm, 0, span, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, NULL,
			0, PROT_ALL);
	if (at < 0)
		return (int)at;
	m->bias = (((uint64_t)at + m->elf.align - 1) & ~(m->elf.align - 1)) - m->elf.low;
	return uc_vm_munmap(mm, (uc_vaddr)at, span);
}

static void close_map(struct file_map *m)
{
	uc_heap_free(m->phdrs);
}

static int load_interp_file(struct uc_mm *mm, struct uc_file *f, struct exec_loaded *out)
{
	struct file_map m = { .f = f };
	uint8_t head[sizeof(Elf64_Ehdr)];
	int r = exec_read(f, 0, head, sizeof(head));

	r = r < 0 ? -ELIBBAD : open_map(&m, head, sizeof(head), -ELIBBAD);
	if (r == 0)
		r = interp_bias(mm, &m);
	mm->align = UC_MAX(mm->align, m.elf.align);
	if (r == 0)
		r = map_file(mm, &m);
	out->entry = m.bias + m.elf.entry;
	out->base = m.bias;
	close_map(&m);
	return r;
}

static int load_interp(struct uc_mm *mm, struct uc_fsctx *fs, const struct file_map *m,
		       struct exec_loaded *out)
{
	char *path = uc_heap_alloc(m->elf.interp_len);
	struct uc_file *f;
	int r;

	if (!path)
		return -ENOMEM;
	r = exec_read(m->f, m->elf.interp_off, path, m->elf.interp_len);
	if (r == 0 && path[m->elf.interp_len - 1] != '\0')
		r = -ENOEXEC;
	if (r == 0) {
		f = uc_exec_open(fs, NULL, path, true);
		r = UC_IS_ERR(f) ? (int)UC_PTR_ERR(f) : load_interp_file(mm, f, out);
		if (!UC_IS_ERR(f))
			uc_file_unref(f);
	}
	uc_heap_free(path);
	return r;
}

static void describe_program(struct uc_mm *mm, const struct file_map *m, uint64_t brk_rnd)
{
	const struct uc_elf *e = &m->elf;
	uint64_t end = UC_MAX(UC_PAGE_UP(e->brk), map_end(m));

	if (e->code_end) {
		mm->start_code = m->bias + e->code_start;
		mm->end_code = m->bias + e->code_end;
	}
	mm->align = e->align;
	mm->start_data = m->bias + e->data_start;
	mm->end_data = m->bias + e->data_end;
	mm->brk_start = mm->brk = m->bias + end + (brk_rnd << UC_PAGE_SHIFT);
	if (m->obj->ops->ref)
		m->obj->ops->ref(m->obj);
	mm->exe = m->obj;
}

static int load_program(struct uc_mm *mm, struct uc_fsctx *fs, struct file_map *m,
			const struct exec_random *rnd, struct exec_loaded *out)
{
	const struct uc_elf *e = &m->elf;
	int r;

	if (e->dyn)
		m->bias = program_bias(e, rnd->pie);
	if (!uc_user_ok(m->bias + e->low, map_end(m) - e->low))
		return -ENOMEM;
	r = map_file(mm, m);
	if (r < 0)
		return r;
	out->entry = out->prog_entry = m->bias + e->entry;
	out->phdr = e->phdr_vaddr ? m->bias + e->phdr_vaddr : 0;
	out->phnum = e->phnum;
	describe_program(mm, m, rnd->brk);
	return e->interp_len ? load_interp(mm, fs, m, out) : 0;
}

int exec_load_elf(struct uc_mm *mm, struct uc_fsctx *fs, struct uc_file *f, const void *head,
		  size_t len, const struct exec_random *rnd, bool *exec_stack,
		  struct exec_loaded *out)
{
	struct file_map m = { .f = f };
	int r = open_map(&m, head, len, -ENOEXEC);

	if (r == 0)
		r = load_program(mm, fs, &m, rnd, out);
	*exec_stack = m.elf.exec_stack;
	close_map(&m);
	return r;
}
