// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_EXEC_INTERNAL_H
#define UC_EXEC_INTERNAL_H
#include <uc/abi/layout.h>
#include <uc/exec.h>
#include "elf.h"

/* Random numbers of one program start, drawn at once: 32 bytes are one block of the generator.
 * Page numbers, but gap in bytes. */
struct exec_random {
	uint64_t mmap : UC_LAYOUT_MMAP_BITS, stack : UC_LAYOUT_STACK_BITS, gap : 13;
	uint64_t pie : UC_LAYOUT_PIE_BITS, brk : UC_LAYOUT_HEAP_BITS;
	uint8_t at_random[16];
};

/* What the auxiliary vector needs of the loaded files. */
struct exec_loaded {
	uint64_t entry;       /* where execution starts: interpreter or program */
	uint64_t prog_entry, phdr, phnum, base;
};

/* Reads exactly n bytes at off. 0, -EIO (short) or the file's error. */
int exec_read(struct uc_file *f, uint64_t off, void *buf, size_t n);
/* Chooses mm->stack_top and mm->mmap_base. */
void exec_layout(struct uc_mm *mm, const struct exec_random *rnd, uint64_t stack_limit);
/* Maps the ELF file f, whose first len bytes are at head, and its interpreter. */
int exec_load_elf(struct uc_mm *mm, struct uc_fsctx *fs, struct uc_file *f, const void *head,
		  size_t len, const struct exec_random *rnd, bool *exec_stack,
		  struct exec_loaded *out);
/* Kernel address of the page that contains va, brought in; NULL with *err set. Valid until the
 * address space changes or the caller blocks. */
void *uc_mm_page(struct uc_mm *mm, uc_vaddr va, bool write, int *err);
struct exec_start {
	const char *execfn;
	char *const *argv;
	char *const *envp;
	const struct uc_exec_image *img;
	const struct uc_exec_creds *creds;
	const struct exec_loaded *loaded;
	const struct exec_random *rnd;
	bool exec_stack;
	uint64_t stack_limit;
};
/* Maps and fills the stack. */
int exec_build_stack(struct uc_mm *mm, const struct exec_start *s, uc_vaddr *sp);

#define EXEC_SCRIPT_DEPTH 5 /* an interpreter may be a script itself */

/* One program start. The vectors of scripts are rebuilt; `owned` files and vectors are ours. */
struct exec_job {
	struct uc_mm *mm;
	struct uc_fsctx *fs;
	const struct uc_exec_creds *creds;
	struct uc_file *f;
	bool own_file;
	const char *name;       /* what a script's interpreter is to open */
	char *const *argv;
	char **own_argv;
	/* first bytes of each file; argv refers to the script lines */
	char *head[EXEC_SCRIPT_DEPTH + 1];
	size_t head_len;
	unsigned depth;
};
/*
 * Part script (uc/part.h): 1 if the file is a script; the job is then about its interpreter. 0: it
 * is none; -ENOMEM, -ELOOP, or why the interpreter cannot be opened.
 */
__attribute__((weak)) int exec_interpreter(struct exec_job *j);
#endif
