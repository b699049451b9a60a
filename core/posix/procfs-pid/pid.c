// SPDX-License-Identifier: BSD-3-Clause
/* /proc/PID and /proc/PID/task/TID: the directories and their small files. */
#include <uc/fmt.h>
#include <uc/heap.h>
#include <uc/init.h>
#include <uc/string.h>
#include "pid_private.h"

struct uc_task *uc_pid_task(const struct uc_pseudo_key *k)
{
	return uc_task_find(k->tid >= 0 ? k->tid : k->pid);
}

struct uc_proc *uc_pid_proc(const struct uc_pseudo_key *k)
{
	struct uc_proc *p = uc_proc_find(k->pid);
	struct uc_task *t = p ? NULL : uc_task_find(k->pid);

	return t ? t->proc : p;
}

size_t uc_pid_read_mem(struct uc_mm *mm, uc_vaddr va, void *buf, size_t n)
{
	size_t done = 0;

	while (done < n) {
		size_t in_page = va & (UC_PAGE_SIZE - 1),
		       k = UC_MIN(n - done, (size_t)UC_PAGE_SIZE - in_page);
		uc_pte *e = uc_pt_slot(mm->pt_root, va, false);

		if (!e || !uc_pte_present(*e))
			break;
		memcpy((char *)buf + done, (char *)uc_phys_to_virt(uc_pte_addr(*e)) + in_page, k);
		done += k;
		va += k;
	}
	return done;
}

/* ---- texts ---- */

static ssize_t memory_text(char *buf, size_t cap, struct uc_mm *mm, uc_vaddr start, uc_vaddr end)
{
	size_t n = end > start ? end - start : 0;

	if (n < cap)
		n = uc_pid_read_mem(mm, start, buf, n);
	return (ssize_t)n;
}

/* The strings in the process's memory: what it overwrites them with shows. */
static SHOW(show_cmdline)
{
	struct uc_proc *p = uc_pid_proc(k);
	ssize_t n;

	if (!p)
		return -ESRCH;
	n = p->mm ? memory_text(buf, cap, p->mm, p->mm->arg_start, p->mm->arg_end) : 0;
	if (n > 0 || !p->mm)
		return n;
	if (p->cmdline_len < cap)
		memcpy(buf, p->cmdline, p->cmdline_len);
	return (ssize_t)p->cmdline_len;
}

static SHOW(show_environ)
{
	struct uc_proc *p = uc_pid_proc(k);

	return p && p->mm ? memory_text(buf, cap, p->mm, p->mm->env_start, p->mm->env_end) : 0;
}

static SHOW(show_auxv)
{
	struct uc_proc *p = uc_pid_proc(k);
	struct uc_text t = { buf, cap, 0 };

	if (p && p->mm)
		uc_text_bytes(&t, p->mm->auxv, p->mm->auxv_words * sizeof(p->mm->auxv[0]));
	return (ssize_t)t.len;
}

/* A thread's own name, if it has given itself one. */
static SHOW(show_comm)
{
	struct uc_task *task = uc_pid_task(k);
	struct uc_text t = { buf, cap, 0 };

	if (!task)
		return -ESRCH;
	uc_text_printf(&t, "%s\n", task->thread.name[0] ? task->thread.name : task->proc->comm);
	return (ssize_t)t.len;
}

static ssize_t store_comm(const char *text, size_t n, const struct uc_pseudo_key *k)
{
	struct uc_task *task = uc_pid_task(k);
	size_t len = n && text[n - 1] == '\n' ? n - 1 : n;
	char name[16];

	if (!task)
		return -ESRCH;
	if (task->proc != uc_proc_current())
		return -EINVAL;
	len = UC_MIN(len, sizeof(name) - 1);
	memcpy(name, text, len);
	name[len] = 0;
	uc_strlcpy(task->thread.name, name, sizeof(task->thread.name));
	if (task->tid == task->proc->pid)
		uc_strlcpy(task->proc->comm, name, sizeof(task->proc->comm));
	return (ssize_t)n;
}

static ssize_t line(char *buf, size_t cap, const char *s)
{
	struct uc_text t = { buf, cap, 0 };

	uc_text_printf(&t, "%s\n", s);
	return (ssize_t)t.len;
}

static SHOW(show_cgroup) { return line(buf, cap, "0::/"); }
static SHOW(show_loginuid) { return line(buf, cap, "4294967295"); }
static SHOW(show_zero) { return line(buf, cap, "0"); }
static SHOW(show_personality) { return line(buf, cap, "00000000"); }

/* There is no choice of a victim here (memory exhaustion ends the one that asked), so that the
 * value is only kept. */
static int oom_score_adj;

static SHOW(show_oom_adj)
{
	struct uc_text t = { buf, cap, 0 };

	uc_text_printf(&t, "%d\n", oom_score_adj);
	return (ssize_t)t.len;
}

static ssize_t store_oom_adj(const char *text, size_t n, const struct uc_pseudo_key *k)
{
	bool negative = text[0] == '-';
	uint64_t v;

	if (uc_pseudo_parse(text + negative, 1000, &v) < 0)
		return -EINVAL;
	oom_score_adj = negative ? -(int)v : (int)v;
	return (ssize_t)n;
}

/* ---- links ---- */

static ssize_t show_dentry(struct uc_dentry *d, char *buf, size_t cap)
{
	char *tmp = uc_heap_alloc(4096), *p;
	ssize_t n;

	if (!tmp)
		return -ENOMEM;
	p = uc_dentry_show(d, uc_upcall_fsctx()->root, tmp, 4096);
	n = UC_IS_ERR(p) ? UC_PTR_ERR(p) : (ssize_t)UC_MIN(strlen(p), cap);
	if (n > 0)
		memcpy(buf, p, (size_t)n);
	uc_heap_free(tmp);
	return n;
}

static struct uc_dentry *referenced(struct uc_dentry *d)
{
	if (!d)
		return UC_ERR_PTR(-ENOENT);
	uc_dentry_ref(d);
	return d;
}

static struct uc_dentry *cwd_of(const struct uc_pseudo_key *k)
{
	struct uc_proc *p = uc_pid_proc(k);

	return p && p->fs ? p->fs->cwd : NULL;
}

static struct uc_dentry *root_of(const struct uc_pseudo_key *k)
{
	struct uc_proc *p = uc_pid_proc(k);

	return p && p->fs ? p->fs->root : NULL;
}

static struct uc_dentry *follow_cwd(const struct uc_pseudo_key *k) { return referenced(cwd_of(k)); }
static struct uc_dentry *follow_root(const struct uc_pseudo_key *k)
{
	return referenced(root_of(k));
}

static ssize_t target_cwd(char *buf, size_t cap, const struct uc_pseudo_key *k)
{
	struct uc_dentry *d = cwd_of(k);

	return d ? show_dentry(d, buf, cap) : -ENOENT;
}

static ssize_t target_root(char *buf, size_t cap, const struct uc_pseudo_key *k)
{
	struct uc_dentry *d = root_of(k);

	return d ? show_dentry(d, buf, cap) : -ENOENT;
}

static ssize_t target_exe(char *buf, size_t cap, const struct uc_pseudo_key *k)
{
	struct uc_proc *p = uc_pid_proc(k);
	size_t n;

	if (!p || !p->mm || !p->mm->exe_path[0])
		return -ENOENT;
	n = UC_MIN(strlen(p->mm->exe_path), cap);
	memcpy(buf, p->mm->exe_path, n);
	return (ssize_t)n;
}

static struct uc_dentry *follow_exe(const struct uc_pseudo_key *k)
{
	struct uc_proc *p = uc_pid_proc(k);

	if (!p || !p->mm || !p->mm->exe_path[0])
		return UC_ERR_PTR(-ENOENT);
	return uc_vfs_lookup(NULL, NULL, p->mm->exe_path, UC_LOOKUP_FOLLOW);
}

/* ---- directories ---- */

#define COMMON_FILES                                                                               \
	TEXT_FILE("stat", 0444, uc_pid_show_stat), TEXT_FILE("statm", 0444, uc_pid_show_statm),    \
		TEXT_FILE("status", 0444, uc_pid_show_status),                                     \
		TEXT_FILE("maps", 0444, uc_pid_show_maps),                                         \
		TEXT_FILE("smaps", 0444, uc_pid_show_smaps),                                       \
		TEXT_FILE("cmdline", 0444, show_cmdline),                                          \
		TEXT_FILE("environ", 0400, show_environ), TEXT_FILE("auxv", 0400, show_auxv),      \
		TEXT_FILE("limits", 0444, uc_pid_show_limits),                                     \
		TEXT_FILE("mounts", 0444, uc_pid_show_mounts),                                     \
		TEXT_FILE("mountinfo", 0444, uc_pid_show_mountinfo),                               \
		TEXT_FILE("cgroup", 0444, show_cgroup),                                            \
		TEXT_FILE("mountstats", 0400, uc_pid_show_mountstats),                             \
		TEXT_FILE("personality", 0400, show_personality),                                  \
		TEXT_FILE("loginuid", 0444, show_loginuid),                                        \
		TEXT_FILE("sessionid", 0444, show_loginuid),                                       \
		TEXT_FILE("oom_score", 0444, show_zero),                                           \
		{ .name = "comm",                                                                  \
		  .mode = S_IFREG | 0644,                                                          \
		  .show = show_comm,                                                               \
		  .store = store_comm },                                                           \
		{ .name = "oom_score_adj",                                                         \
		  .mode = S_IFREG | 0644,                                                          \
		  .show = show_oom_adj,                                                            \
		  .store = store_oom_adj },                                                        \
		{ .name = "exe",                                                                   \
		  .mode = S_IFLNK | 0777,                                                          \
		  .target = target_exe,                                                            \
		  .follow = follow_exe },                                                          \
		{ .name = "cwd",                                                                   \
		  .mode = S_IFLNK | 0777,                                                          \
		  .target = target_cwd,                                                            \
		  .follow = follow_cwd },                                                          \
	{                                                                                          \
		.name = "root", .mode = S_IFLNK | 0777, .target = target_root,                     \
		.follow = follow_root                                                              \
	}

static struct uc_pseudo_entry pid_files[] = { COMMON_FILES };
static struct uc_pseudo_entry tid_files[] = { COMMON_FILES };

static int next_pid(const struct uc_pseudo_key *dir, int after)
{
	int best = -1;

	UC_LIST_FOREACH(it, &uc_proc_list) {
		int pid = UC_LIST_ENTRY(it, struct uc_proc, all_link)->pid;

		if (pid > after && (best < 0 || pid < best))
			best = pid;
	}
	return best;
}

static bool pid_exists(const struct uc_pseudo_key *k)
{
	return uc_pid_proc(k) != NULL;
}

static int next_tid(const struct uc_pseudo_key *dir, int after)
{
	struct uc_proc *p = uc_pid_proc(dir);
	int best = -1;

	if (!p)
		return -1;
	UC_LIST_FOREACH(it, &p->tasks) {
		int tid = UC_LIST_ENTRY(it, struct uc_task, link)->tid;

		if (tid > after && (best < 0 || tid < best))
			best = tid;
	}
	return best;
}

static bool tid_exists(const struct uc_pseudo_key *k)
{
	struct uc_task *t = uc_task_find(k->tid);

	return t && t->proc == uc_pid_proc(k);
}

static struct uc_pseudo_entry tid_dir = { .name = "TID", .mode = S_IFDIR | 0555 };
static const struct uc_pseudo_numbered tids = { next_tid, tid_exists, UC_PSEUDO_TID, &tid_dir };
static struct uc_pseudo_entry task_dir = { .name = "task",
					   .mode = S_IFDIR | 0555,
					   .numbered = &tids };
static struct uc_pseudo_entry pid_dir = { .name = "PID", .mode = S_IFDIR | 0555 };
static const struct uc_pseudo_numbered pids = { next_pid, pid_exists, UC_PSEUDO_PID, &pid_dir };

static void pid_owner(const struct uc_pseudo_key *k, uint32_t *uid, uint32_t *gid)
{
	struct uc_proc *p = uc_pid_proc(k);

	if (p) {
		*uid = p->euid;
		*gid = p->egid;
	}
}

static ssize_t target_self(char *buf, size_t cap, const struct uc_pseudo_key *k)
{
	char tmp[16];
	int n = uc_snprintf(tmp, sizeof(tmp), "%d", uc_proc_current()->pid);

	memcpy(buf, tmp, UC_MIN((size_t)n, cap));
	return (ssize_t)UC_MIN((size_t)n, cap);
}

static ssize_t target_thread_self(char *buf, size_t cap, const struct uc_pseudo_key *k)
{
	char tmp[32];
	int n = uc_snprintf(tmp, sizeof(tmp), "%d/task/%d", uc_proc_current()->pid,
			    uc_task_current()->tid);

	memcpy(buf, tmp, UC_MIN((size_t)n, cap));
	return (ssize_t)UC_MIN((size_t)n, cap);
}

static struct uc_pseudo_entry self_links[] = {
	{ .name = "self", .mode = S_IFLNK | 0777, .target = target_self },
	{ .name = "thread-self", .mode = S_IFLNK | 0777, .target = target_thread_self },
};

static int add_files(struct uc_pseudo_entry *dir, struct uc_pseudo_entry *files, unsigned n)
{
	int r = uc_pid_add_fd_dirs(dir);

	for (unsigned i = 0; i < n && r == 0; i++)
		r = uc_pseudo_add_to(dir, "", &files[i]);
	return r;
}

static int procfs_pid_start(void)
{
	int r = add_files(&pid_dir, pid_files, UC_ARRAY_SIZE(pid_files));

	if (r == 0)
		r = add_files(&tid_dir, tid_files, UC_ARRAY_SIZE(tid_files));
	if (r == 0)
		r = uc_pseudo_add_to(&pid_dir, "", &task_dir);
	if (r == 0)
		r = uc_procfs_add("", self_links, UC_ARRAY_SIZE(self_links));
	uc_procfs.root.numbered = &pids;
	uc_procfs.owner = pid_owner;
	return r < 0 ? r : uc_pid_add_global();
}
UC_INITCALL(UC_STAGE_FS, procfs_pid_start);
