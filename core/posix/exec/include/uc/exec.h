// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_EXEC_H
#define UC_EXEC_H
/* Program loading with Linux semantics: ELF (static, PIE, with interpreter) and #! scripts.
 * Context: thread, may block. */
#include <uc/types.h>
#include <uc/vfs.h>
#include <uc/vm.h>

struct uc_exec_creds { uint32_t uid, euid, gid, egid; bool no_new_privs; };
struct uc_exec_image {
	uc_vaddr entry, sp;
	uint32_t euid, egid; /* after set-user-ID and set-group-ID */
	bool secure;         /* AT_SECURE */
};

/* Usually 0, else 8 bits: the random places of a program's parts differ from those without it by
 * multiples of 2 MiB; the heap begins so many pages behind where it could (uc/abi/prepared.h). */
extern uint64_t uc_exec_shift;
/* Loads path into a fresh mm and builds the initial stack; stack_limit: RLIMIT_STACK in bytes.
 * 0 or -errno (-ENOENT, -EACCES, -ENOEXEC, -ELIBBAD, -E2BIG ...); on failure mm is unusable but the
 * caller's process is untouched. Handles #! scripts. argv and envp are NULL-terminated kernel
 * strings; argv may be empty. */
int uc_exec_load(struct uc_mm *mm, struct uc_fsctx *fs, const char *path, char *const argv[],
		 char *const envp[], const struct uc_exec_creds *creds, uint64_t stack_limit,
		 struct uc_exec_image *out);
/* The same for an open file; path is what argv and AT_EXECFN show. Borrows f. */
int uc_exec_load_file(struct uc_mm *mm, struct uc_fsctx *fs, struct uc_file *f, const char *path,
		      char *const argv[], char *const envp[], const struct uc_exec_creds *creds,
		      uint64_t stack_limit, struct uc_exec_image *out);
/* Opens a program: -EACCES unless it is a regular file that the caller may execute. */
struct uc_file *uc_exec_open(struct uc_fsctx *fs, struct uc_dentry *at, const char *path,
			     bool follow);

/* -EACCES unless f is a regular file that the caller may execute. */
int uc_exec_check(struct uc_file *f);

/* Copies between kernel memory and an address space that need not be the active one. 0, -EFAULT or
 * -ENOMEM. Write copies on write; permissions of the area are respected. */
int uc_mm_write(struct uc_mm *mm, uc_vaddr va, const void *src, size_t n) UC_MUST_CHECK;
int uc_mm_read(struct uc_mm *mm, uc_vaddr va, void *dst, size_t n) UC_MUST_CHECK;
#endif
