// SPDX-License-Identifier: BSD-3-Clause
#include "pid_private.h"
#include <linux/mman.h>

#define NAME_COLUMN 73

struct listing { struct uc_text t; bool smaps; };

static void pad_to(struct uc_text *t, size_t line_start, size_t column)
{
	while (t->len - line_start < column)
		uc_text_bytes(t, " ", 1);
}

static void header(struct uc_text *t, const struct uc_vm_area_info *a)
{
	size_t start = t->len;

	uc_text_printf(t, "%08lx-%08lx %c%c%c%c %08lx %02x:%02x %lu ", a->start, a->end,
		       a->prot & PROT_READ ? 'r' : '-', a->prot & PROT_WRITE ? 'w' : '-',
		       a->prot & PROT_EXEC ? 'x' : '-', a->shared ? 's' : 'p', a->offset,
		       uc_dev_major(a->dev), uc_dev_minor(a->dev), a->ino);
	if (a->name[0]) {
		pad_to(t, start, NAME_COLUMN);
		uc_text_printf(t, "%s", a->name);
	}
	uc_text_bytes(t, "\n", 1);
}

static void details(struct uc_text *t, const struct uc_vm_area_info *a)
{
	uint64_t rss = a->rss * 4;
	bool dirty = a->prot & PROT_WRITE;
	const struct { const char *name; uint64_t kb;
	} rows[] = {
		{ "Size:", (a->end - a->start) / 1024 },
		{ "KernelPageSize:", 4 },
		{ "MMUPageSize:", 4 },
		{ "Rss:", rss },
		{ "Pss:", rss },
		{ "Shared_Clean:", 0 },
		{ "Shared_Dirty:", 0 },
		{ "Private_Clean:", dirty ? 0 : rss },
		{ "Private_Dirty:", dirty ? rss : 0 },
		{ "Referenced:", rss },
		{ "Anonymous:", a->ino ? 0 : rss },
		{ "LazyFree:", 0 },
		{ "AnonHugePages:", 0 },
		{ "ShmemPmdMapped:", 0 },
		{ "FilePmdMapped:", 0 },
		{ "Shared_Hugetlb:", 0 },
		{ "Private_Hugetlb:", 0 },
		{ "Swap:", 0 },
		{ "SwapPss:", 0 },
		{ "Locked:", 0 },
	};

	for (unsigned i = 0; i < UC_ARRAY_SIZE(rows); i++)
		uc_text_printf(t, "%-16s%8lu kB\n", rows[i].name, rows[i].kb);
	uc_text_printf(t, "VmFlags: %s%s%s%s\n", a->prot & PROT_READ ? "rd " : "",
		       a->prot & PROT_WRITE ? "wr " : "", a->prot & PROT_EXEC ? "ex " : "",
		       a->shared ? "sh " : "");
}

static bool one_area(const struct uc_vm_area_info *a, void *arg)
{
	struct listing *l = arg;

	header(&l->t, a);
	if (l->smaps)
		details(&l->t, a);
	return true;
}

static ssize_t list_areas(char *buf, size_t cap, const struct uc_pseudo_key *k, bool smaps)
{
	struct uc_proc *p = uc_pid_proc(k);
	struct listing l = { { buf, cap, 0 }, smaps };

	if (!p)
		return -ESRCH;
	if (p->mm)
		uc_vm_for_each(p->mm, one_area, &l);
	return (ssize_t)l.t.len;
}

SHOW(uc_pid_show_maps) { return list_areas(buf, cap, k, false); }
SHOW(uc_pid_show_smaps) { return list_areas(buf, cap, k, true); }
