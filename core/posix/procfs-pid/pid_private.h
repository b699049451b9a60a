// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PID_PRIVATE_H
#define UC_PID_PRIVATE_H
/* What the files of /proc/PID share. The texts are those of proc(5). */
#include <asm/errno.h>
#include <uc/proc.h>
#include <uc/procfs.h>

#define SHOW(fn) ssize_t fn(char *buf, size_t cap, const struct uc_pseudo_key *k)
#define TEXT_FILE(n, m, fn) { .name = n, .mode = S_IFREG | (m), .show = fn }
#define USER_HZ 100u
#define NS_PER_TICK (1000000000u / USER_HZ)

/* The task of a key: the thread, or the process's first one; NULL: gone. */
struct uc_task *uc_pid_task(const struct uc_pseudo_key *k);
struct uc_proc *uc_pid_proc(const struct uc_pseudo_key *k);
/* Reads n bytes at va of another address space, as far as pages are present. Bytes read. */
size_t uc_pid_read_mem(struct uc_mm *mm, uc_vaddr va, void *buf, size_t n);

SHOW(uc_pid_show_stat);
SHOW(uc_pid_show_statm);
SHOW(uc_pid_show_status);
SHOW(uc_pid_show_limits);
SHOW(uc_pid_show_maps);
SHOW(uc_pid_show_smaps);
SHOW(uc_pid_show_mounts);
SHOW(uc_pid_show_mountinfo);
SHOW(uc_pid_show_mountstats);
int uc_pid_add_fd_dirs(struct uc_pseudo_entry *dir);
int uc_pid_add_global(void);
char uc_pid_state(const struct uc_task *t);
#endif
