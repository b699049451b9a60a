// SPDX-License-Identifier: BSD-3-Clause
// sources: ../table.c ../waiter.c ../pi.c ../exit.c
/*
 * The robust list of a task that ends, in application memory of arbitrary contents: the input is
 * that memory, mapped at BASE; the list head is at its start.
 */
#include <stdint.h>
#include <asm/errno.h>
#include <uc/string.h>
#include <uc/user.h>
#include "internal.h"

#define BASE 0x10000ull
enum { TID = 0x1234, ARENA = 4096 };

static uint8_t arena[ARENA] __attribute__((aligned(16)));
static size_t arena_len;
static struct uc_mm mm;
static struct uc_proc proc = { .mm = &mm };
static struct uc_task task = { .proc = &proc, .tid = TID };
struct uc_proc_hooks uc_proc_hooks;

struct uc_thread *uc_thread_current(void) { return &task.thread; }
void uc_sched_yield(void) {}
bool uc_thread_wake(struct uc_thread *t) { return t != NULL; }
struct uc_task *uc_task_find(int tid) { return tid == TID ? &task : NULL; }
int uc_sched_block(uc_nsec deadline, bool interruptible) { return -ETIMEDOUT; }

int uc_vm_shared_key(struct uc_mm *m, uc_vaddr addr, uint64_t key[2], bool *shared)
{
	key[0] = addr;
	key[1] = (uintptr_t)m;
	*shared = addr & 4;
	return 0;
}

static void *at(uc_uptr p, size_t n)
{
	uint64_t off = p - BASE;
	return p >= BASE && off <= arena_len && n <= arena_len - off ? arena + off : NULL;
}

int uc_user_read(void *dst, uc_uptr src, size_t n)
{
	const void *p = at(src, n);
	if (!p)
		return -EFAULT;
	memcpy(dst, p, n);
	return 0;
}

int uc_user_load32(uc_uptr p, uint32_t *out)
{
	return uc_user_read(out, p, sizeof(*out));
}

int uc_user_cmpxchg32(uc_uptr p, uint32_t *expected, uint32_t desired)
{
	uint32_t *w = at(p, sizeof(*w));
	if (!w || p % sizeof(*w))
		return -EFAULT;
	uint32_t old = *w;
	if (old == *expected)
		*w = desired;
	*expected = old;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	arena_len = UC_MIN(size, sizeof(arena));
	memcpy(arena, data, arena_len);
	task.robust_list = BASE;
	uc_futex_task_exit(&task);
	return 0;
}
