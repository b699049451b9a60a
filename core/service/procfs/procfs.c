// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <linux/magic.h>
#include <uc/heap.h>
#include <uc/init.h>
#include <uc/procfs.h>
#include <uc/string.h>
#include "entries.h"

struct uc_pseudo_fs uc_procfs = { .sb.type = "proc", .magic = PROC_SUPER_MAGIC };

int uc_procfs_add(const char *dir, struct uc_pseudo_entry *e, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		int r = uc_pseudo_add(&uc_procfs, dir, &e[i]);

		if (r < 0)
			return r;
	}
	return 0;
}

int uc_procfs_register(const char *name, ssize_t (*show)(char *buf, size_t cap, int pid))
{
	const char *leaf = strrchr(name, '/');
	size_t dir_len = leaf ? (size_t)(leaf - name) : 0;
	struct uc_pseudo_entry *e = uc_heap_zalloc(sizeof(*e) + strlen(name) + 1);
	char *copy;
	int r;

	if (!e)
		return -ENOMEM;
	copy = (char *)(e + 1);
	uc_strlcpy(copy, name, strlen(name) + 1);
	e->name = copy;
	if (leaf) {
		copy[dir_len] = 0;
		e->name = copy + dir_len + 1;
	}
	e->mode = S_IFREG | 0444;
	e->show_pid = show;
	r = uc_pseudo_add(&uc_procfs, leaf ? copy : "", e);
	if (r < 0)
		uc_heap_free(e);
	return r;
}

static struct uc_super *procfs_mount(const char *source, unsigned long flags, const char *data)
{
	return uc_pseudo_super(&uc_procfs);
}

static struct uc_fstype procfs_type = { .name = "proc", .mount = procfs_mount, .nodev = true };

static int procfs_start(void)
{
	struct uc_super *sb = uc_pseudo_super(&uc_procfs);
	int r;

	if (UC_IS_ERR(sb))
		return (int)UC_PTR_ERR(sb);
	uc_vfs_register_fs(&procfs_type);
	r = procfs_add_system();
	return r < 0 ? r : uc_vfs_mount(sb, "/proc");
}
UC_INITCALL(UC_STAGE_FS, procfs_start);
