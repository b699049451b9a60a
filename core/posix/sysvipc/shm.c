// SPDX-License-Identifier: BSD-3-Clause
/* Shared memory: shmget(2), shmop(2), shmctl(2). */
#include "ipc.h"
#include <asm/shmbuf.h>
#include <linux/mman.h>
#include <uc/fmt.h>
#include <uc/frame.h>
#include <uc/heap.h>
#include <uc/part.h>
#include <uc/string.h>
#include <uc/vm.h>

UC_NEEDS_PART(shm);

/* <linux/shm.h> cannot be included without a C library. */
#define SHM_HUGETLB 04000
#define SHM_RDONLY  010000
#define SHM_RND     020000
#define SHM_REMAP   040000
#define SHM_EXEC    0100000
#define SHM_DEST    01000u /* in mode: removed, still attached */
#define SHM_LOCKED  02000u
enum { SHM_LOCK = 11, SHM_UNLOCK, SHM_STAT, SHM_INFO, SHM_STAT_ANY };
struct shm_info { int used_ids; unsigned long tot, rss, swp, swap_attempts, swap_successes; };
#define SHM_DEV 1u /* device number of its areas in /proc/PID/maps, as in Linux */

/* The object that is mapped; each area holds a reference, and these are the attachments. */
struct shm {
	struct ipc ipc; /* first */
	struct uc_vmobj obj, *pages;
	uint64_t size, nattch;
	int cpid, lpid;
	int64_t atime, dtime;
};

static struct ipc *shm_create(uint64_t size);
static int shm_check(const struct ipc *o, uint64_t size);
static struct ipc_kind kind = { .all = UC_LIST_INIT(kind.all), .last_id = -1,
				.create = shm_create, .check = shm_check };

static struct shm *of(struct uc_vmobj *o) { return UC_CONTAINER(o, struct shm, obj); }

static void destroy(struct shm *s)
{
	ipc_remove(&kind, &s->ipc);
	s->pages->ops->unref(s->pages);
	uc_heap_free(s);
}

static int my_pid(void)
{
	const struct uc_task *t = uc_task_try_current();

	return t ? t->proc->pid : 0;
}

static void shm_ref(struct uc_vmobj *o)
{
	struct shm *s = of(o);

	s->nattch++;
	s->lpid = my_pid();
	s->atime = ipc_now();
}

static void shm_unref(struct uc_vmobj *o)
{
	struct shm *s = of(o);

	s->lpid = my_pid();
	s->dtime = ipc_now();
	if (--s->nattch == 0 && s->ipc.mode & SHM_DEST)
		destroy(s);
}

static int shm_page(struct uc_vmobj *o, uint64_t pgoff, enum uc_vm_access access,
		    struct uc_vm_page *out)
{
	struct uc_vmobj *pages = of(o)->pages;

	return pages->ops->page(pages, pgoff, access, out);
}

static void shm_describe(struct uc_vmobj *o, char *buf, size_t cap, uint64_t *dev, uint64_t *ino)
{
	struct shm *s = of(o);

	uc_snprintf(buf, cap, "/SYSV%08x (deleted)", (unsigned)s->ipc.key);
	*dev = SHM_DEV;
	*ino = (uint64_t)s->ipc.id;
}

static const struct uc_vmobj_ops shm_ops = {
	.ref = shm_ref, .unref = shm_unref, .page = shm_page, .describe = shm_describe
};

static struct ipc *shm_create(uint64_t size)
{
	struct uc_frame_stats st;
	struct shm *s;

	if (size == 0)
		return UC_ERR_PTR(-EINVAL);
	uc_frame_stats(&st);
	if (size > INT64_MAX || size >> UC_PAGE_SHIFT > st.total)
		return UC_ERR_PTR(-ENOMEM);
	s = uc_heap_zalloc(sizeof(*s));
	if (s)
		s->pages = uc_vm_shm_new((size + UC_PAGE_SIZE - 1) >> UC_PAGE_SHIFT);
	if (!s || !s->pages) {
		uc_heap_free(s);
		return UC_ERR_PTR(-ENOMEM);
	}
	s->obj.ops = &shm_ops;
	s->size = size;
	s->cpid = my_pid();
	return &s->ipc;
}

static int shm_check(const struct ipc *o, uint64_t size)
{
	return size > UC_CONTAINER(o, struct shm, ipc)->size ? -EINVAL : 0;
}

long uc_sys_shmget(int key, uint64_t size, int flags)
{
	if (flags & SHM_HUGETLB)
		return uc_unsupported(-ENOMEM, "shmget SHM_HUGETLB");
	return ipc_get(&kind, key, size, flags);
}

/* Where and how to map: 0 or -EINVAL. */
static int place(uint64_t *addr, int flags, int *map)
{
	*map = MAP_SHARED;
	if (!*addr)
		return flags & SHM_REMAP ? -EINVAL : 0;
	if (flags & SHM_RND)
		*addr &= ~(uint64_t)(UC_PAGE_SIZE - 1);
	if (*addr & (UC_PAGE_SIZE - 1) || !*addr)
		return -EINVAL;
	*map |= flags & SHM_REMAP ? MAP_FIXED : MAP_FIXED_NOREPLACE;
	return 0;
}

long uc_sys_shmat(int id, uint64_t addr, int flags)
{
	struct ipc *o = ipc_find(&kind, id);
	int prot = PROT_READ | (flags & SHM_RDONLY ? 0 : PROT_WRITE) |
		   (flags & SHM_EXEC ? PROT_EXEC : 0);
	struct shm *s;
	int64_t at;
	int r, map;

	if (!o)
		return -EINVAL;
	s = UC_CONTAINER(o, struct shm, ipc);
	r = place(&addr, flags, &map);
	if (r == 0)
		r = ipc_may(o, flags & SHM_RDONLY ? IPC_READ : IPC_READ | IPC_WRITE);
	if (r < 0)
		return r;
	at = uc_vm_mmap(uc_proc_current()->mm, addr, s->size, prot, map, &s->obj, 0,
			flags & SHM_RDONLY ? PROT_READ | PROT_EXEC : 7);
	return at == -EEXIST ? -EINVAL : at;
}

/* One piece of the attachment at `addr` (parts of it may have been unmapped or changed). */
struct search { uint64_t addr, ino; struct uc_vm_area_info found; bool any; };

static bool is_piece(const struct uc_vm_area_info *a, void *arg)
{
	struct search *s = arg;

	if (a->dev != SHM_DEV || strncmp(a->name, "/SYSV", 5) || a->start - a->offset != s->addr ||
	    (s->any && a->ino != s->ino))
		return true;
	s->found = *a;
	return false;
}

long uc_sys_shmdt(uint64_t addr)
{
	struct uc_mm *mm = uc_proc_current()->mm;
	struct search s = { .addr = addr };

	if (addr & (UC_PAGE_SIZE - 1))
		return -EINVAL;
	for (;;) {
		s.found.end = 0;
		uc_vm_for_each(mm, is_piece, &s);
		if (!s.found.end)
			return s.any ? 0 : -EINVAL;
		s.any = true;
		s.ino = s.found.ino;
		uc_vm_munmap(mm, s.found.start, s.found.end - s.found.start);
	}
}

static int put_stat(const struct shm *s, uc_uptr buf)
{
	struct shmid64_ds ds = {
		.shm_perm = ipc_perm_of(&s->ipc),
		.shm_segsz = s->size,
		.shm_atime = s->atime,
		.shm_dtime = s->dtime,
		.shm_ctime = s->ipc.ctime,
		.shm_cpid = s->cpid,
		.shm_lpid = s->lpid,
		.shm_nattch = s->nattch,
	};

	return uc_user_write(buf, &ds, sizeof(ds));
}

static long put_limits(uc_uptr buf)
{
	struct shminfo64 in = { .shmmax = INT64_MAX, .shmmin = 1, .shmmni = IPC_MAX,
				.shmseg = IPC_MAX, .shmall = INT64_MAX };
	int r = uc_user_write(buf, &in, sizeof(in));

	return r < 0 ? r : UC_MAX((int)kind.n - 1, 0);
}

static long put_usage(uc_uptr buf)
{
	struct shm_info in = { .used_ids = (int)kind.n };
	int r;

	UC_LIST_FOREACH(it, &kind.all)
		in.tot += (UC_LIST_ENTRY(it, struct shm, ipc.link)->size + UC_PAGE_SIZE - 1) >>
			  UC_PAGE_SHIFT;
	r = uc_user_write(buf, &in, sizeof(in));
	return r < 0 ? r : UC_MAX((int)kind.n - 1, 0);
}

static long change(struct shm *s, int cmd, uc_uptr buf)
{
	struct shmid64_ds ds;

	if (cmd == IPC_SET) {
		if (uc_user_read(&ds, buf, sizeof(ds)) < 0)
			return -EFAULT;
		ipc_set(&s->ipc, &ds.shm_perm);
	} else if (cmd == SHM_LOCK || cmd == SHM_UNLOCK) {
		s->ipc.mode = (s->ipc.mode & ~SHM_LOCKED) | (cmd == SHM_LOCK ? SHM_LOCKED : 0);
	} else if (!s->nattch) {
		destroy(s);
	} else {
		ipc_hide(&s->ipc);
		s->ipc.mode |= SHM_DEST;
	}
	return 0;
}

long uc_sys_shmctl(int id, int cmd, uc_uptr buf)
{
	bool by_index = cmd == SHM_STAT || cmd == SHM_STAT_ANY;
	struct ipc *o;
	int r;

	if (cmd == IPC_INFO)
		return put_limits(buf);
	if (cmd == SHM_INFO)
		return put_usage(buf);
	if (cmd < 0 || cmd > SHM_STAT_ANY || (cmd > IPC_STAT && cmd < SHM_LOCK))
		return -EINVAL;
	o = by_index ? ipc_at(&kind, id) : ipc_find(&kind, id);
	if (!o)
		return -EINVAL;
	if (cmd != IPC_STAT && !by_index) {
		r = ipc_owned(o);
		return r < 0 ? r : change(UC_CONTAINER(o, struct shm, ipc), cmd, buf);
	}
	r = cmd == SHM_STAT_ANY ? 0 : ipc_may(o, IPC_READ);
	if (r == 0)
		r = put_stat(UC_CONTAINER(o, struct shm, ipc), buf);
	return r < 0 ? r : by_index ? o->id : 0;
}
