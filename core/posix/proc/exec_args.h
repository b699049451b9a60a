// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PROC_EXEC_ARGS_H
#define UC_PROC_EXEC_ARGS_H
/* Argument and environment strings of execve, copied into the kernel. */
#include <uc/types.h>
struct uc_exec_args {
	char **argv, **envp;     /* NULL-terminated, into `pool`; valid after uc_exec_args_read */
	char *pool;
	size_t used, cap, limit; /* bytes of strings; limit counts pointers too */
	size_t *offs;            /* offset of each string */
	size_t n, noffs;
};
/* Reads both vectors. 0, -EFAULT, -E2BIG or -ENOMEM. Free in any case. */
int uc_exec_args_read(struct uc_exec_args *a, uc_uptr argv, uc_uptr envp, uint64_t stack_limit);
void uc_exec_args_free(struct uc_exec_args *a);
#endif
