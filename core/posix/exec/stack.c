// SPDX-License-Identifier: BSD-3-Clause
/* The initial stack of a program. */
#include <asm/auxvec.h>
#include <asm/errno.h>
#include <linux/mman.h>
#include <linux/auxvec.h>
#include <uc/arch.h>
#include <uc/string.h>
#include <uc/user.h>
#include <uc/vdsomap.h>
#include "exec_internal.h"
#include "stackplan.h"

#define USER_HZ 100
#define STACK_ROOM (128ull << 10) /* mapped below the stack pointer at the start */
#define AUX_WORDS_MAX 52u

/* Sequential writes into one address space; the last page stays looked up. */
struct writer { struct uc_mm *mm; uc_vaddr page; uint8_t *kva; int err; };

static void put(struct writer *w, uc_vaddr va, const void *src, size_t n)
{
	while (n && !w->err) {
		uc_vaddr page = UC_PAGE_DOWN(va);
		size_t step = UC_MIN(n, (size_t)(page + UC_PAGE_SIZE - va));

		if (page != w->page) {
			w->kva = uc_mm_page(w->mm, page, true, &w->err);
			if (!w->kva)
				return;
			w->page = page;
		}
		memcpy(w->kva + (va - page), src, step);
		va += step;
		src = (const uint8_t *)src + step;
		n -= step;
	}
}

static void put_word(struct writer *w, uc_vaddr *va, uint64_t v)
{
	put(w, *va, &v, sizeof(v));
	*va += sizeof(v);
}

static uint64_t strings_len(char *const *v, uint64_t *count)
{
	uint64_t n = 0, c = 0;

	for (; v[c]; c++)
		n += strlen(v[c]) + 1;
	*count = c;
	return n;
}

/* Writes the strings at `at` with one writer and their addresses as a NULL-terminated vector at
 * *vec with the other: they lie in different pages more often than not. */
static void put_strings(struct writer *text, struct writer *words, char *const *v, uc_vaddr at,
			uc_vaddr *vec)
{
	for (; *v; v++) {
		size_t n = strlen(*v) + 1;

		put_word(words, vec, at);
		put(text, at, *v, n);
		at += n;
	}
	put_word(words, vec, 0);
}

static void aux(struct uc_mm *mm, uint64_t type, uint64_t value)
{
	if (mm->auxv_words + 2 > AUX_WORDS_MAX)
		return;
	mm->auxv[mm->auxv_words++] = type;
	mm->auxv[mm->auxv_words++] = value;
}

/* Order and contents as Linux's create_elf_tables. Addresses on the stack follow in fix_aux. */
static void fill_aux(struct uc_mm *mm, const struct exec_start *s)
{
	const struct exec_loaded *l = s->loaded;
	uint64_t vdso = 0;

	mm->auxv_words = 0;
	if (uc_vdso_map && uc_vdso_map(mm, &vdso) == 0)
		aux(mm, AT_SYSINFO_EHDR, vdso);
	aux(mm, AT_HWCAP, uc_arch_hwcap());
	aux(mm, AT_PAGESZ, UC_PAGE_SIZE);
	aux(mm, AT_CLKTCK, USER_HZ);
	aux(mm, AT_PHDR, l->phdr);
	aux(mm, AT_PHENT, sizeof(Elf64_Phdr));
	aux(mm, AT_PHNUM, l->phnum);
	aux(mm, AT_BASE, l->base);
	aux(mm, AT_FLAGS, 0);
	aux(mm, AT_ENTRY, l->prog_entry);
	aux(mm, AT_UID, s->creds->uid);
	aux(mm, AT_EUID, s->img->euid);
	aux(mm, AT_GID, s->creds->gid);
	aux(mm, AT_EGID, s->img->egid);
	aux(mm, AT_SECURE, s->img->secure);
	aux(mm, AT_RANDOM, 0);
	aux(mm, AT_HWCAP2, uc_arch_hwcap2());
	aux(mm, AT_EXECFN, 0);
	aux(mm, AT_PLATFORM, 0);
	aux(mm, AT_MINSIGSTKSZ, uc_arch_minsigstksz());
	aux(mm, AT_NULL, 0);
}

static void fix_aux(struct uc_mm *mm, uint64_t type, uint64_t value)
{
	for (unsigned i = 0; i < mm->auxv_words; i += 2) {
		if (mm->auxv[i] == type)
			mm->auxv[i + 1] = value;
	}
}

static int map_stack(struct uc_mm *mm, uc_vaddr sp, bool exec)
{
	uc_vaddr start = UC_PAGE_DOWN(sp - STACK_ROOM);
	int prot = PROT_READ | PROT_WRITE | (exec ? PROT_EXEC : 0);
	int64_t r = uc_vm_mmap(mm, start, mm->stack_top - start, prot,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_GROWSDOWN |
				       MAP_STACK,
			       NULL, 0, PROT_READ | PROT_WRITE | PROT_EXEC);

	return r < 0 ? (int)r : 0;
}

static int fill_stack(struct uc_mm *mm, const struct exec_start *s, const struct uc_stackplan *p)
{
	struct writer w = { .mm = mm, .page = 1 }, text = w;
	const char *platform = uc_arch_name();
	uc_vaddr vec = p->sp;

	put_word(&w, &vec, p->argc);
	put_strings(&text, &w, s->argv, p->arg, &vec);
	put_strings(&text, &w, s->envp, p->env, &vec);
	put(&w, vec, mm->auxv, mm->auxv_words * sizeof(uint64_t));
	put(&text, p->rand, s->rnd->at_random, sizeof(s->rnd->at_random));
	put(&text, p->platform, platform, p->platform_len);
	put(&text, p->execfn, s->execfn, p->execfn_len);
	return w.err ? w.err : text.err;
}

int exec_build_stack(struct uc_mm *mm, const struct exec_start *s, uc_vaddr *sp)
{
	struct uc_stackplan p = { .top = mm->stack_top, .random = s->rnd->gap };
	int r;

	fill_aux(mm, s);
	p.aux_words = mm->auxv_words;
	p.execfn_len = strlen(s->execfn) + 1;
	p.platform_len = strlen(uc_arch_name()) + 1;
	p.arg_len = strings_len(s->argv, &p.argc);
	p.env_len = strings_len(s->envp, &p.envc);
	r = uc_stackplan(&p, UC_MAX(s->stack_limit, 1ull << 20));
	if (r < 0)
		return r;
	fix_aux(mm, AT_RANDOM, p.rand);
	fix_aux(mm, AT_EXECFN, p.execfn);
	fix_aux(mm, AT_PLATFORM, p.platform);
	mm->arg_start = p.arg;
	mm->arg_end = mm->env_start = p.env;
	mm->env_end = p.execfn;
	r = map_stack(mm, p.sp, s->exec_stack);
	if (r == 0)
		r = fill_stack(mm, s, &p);
	*sp = p.sp;
	return r;
}
