// SPDX-License-Identifier: BSD-3-Clause
#include <uc/arch.h>
#include <uc/frame.h>
#include <uc/heap.h>
#include <uc/procfs.h>
#include <uc/random.h>
#include <uc/time.h>
#include "entries.h"

#define SHOW(fn) ssize_t fn(char *buf, size_t cap, const struct uc_pseudo_key *k)
#define TEXT_FILE(n, fn) { .name = n, .mode = S_IFREG | 0444, .show = fn }

static SHOW(show_cpuinfo)
{
	return uc_arch_cpuinfo(buf, cap);
}

static SHOW(show_meminfo)
{
	struct uc_text t = { buf, cap, 0 };
	struct uc_frame_stats f;
	struct uc_heap_stats h;
	struct { const char *name; uint64_t kb;
	} rows[] = {
		{ "MemTotal:", 0 },     { "MemFree:", 0 },     { "MemAvailable:", 0 },
		{ "Buffers:", 0 },      { "Cached:", 0 },      { "SwapCached:", 0 },
		{ "Active:", 0 },       { "Inactive:", 0 },    { "SwapTotal:", 0 },
		{ "SwapFree:", 0 },     { "Dirty:", 0 },       { "Writeback:", 0 },
		{ "Shmem:", 0 },        { "Slab:", 0 },        { "SReclaimable:", 0 },
		{ "SUnreclaim:", 0 },   { "CommitLimit:", 0 }, { "Committed_AS:", 0 },
		{ "VmallocTotal:", 0 }, { "VmallocUsed:", 0 },
	};

	uc_frame_stats(&f);
	uc_heap_stats(&h);
	rows[0].kb = rows[16].kb = f.total * 4;
	rows[1].kb = rows[2].kb = f.free * 4;
	rows[13].kb = rows[15].kb = h.held_bytes / 1024;
	rows[17].kb = (f.total - f.free) * 4;
	for (unsigned i = 0; i < UC_ARRAY_SIZE(rows); i++)
		uc_text_printf(&t, "%-15s %8lu kB\n", rows[i].name, rows[i].kb);
	return (ssize_t)t.len;
}

static SHOW(show_filesystems)
{
	struct uc_text t = { buf, cap, 0 };

	for (struct uc_fstype *f = uc_vfs_fstypes(); f; f = f->next)
		uc_text_printf(&t, "%s\t%s\n", f->nodev ? "nodev" : "", f->name);
	return (ssize_t)t.len;
}

static ssize_t constant(char *buf, size_t cap, const char *s)
{
	struct uc_text t = { buf, cap, 0 };

	uc_text_printf(&t, "%s\n", s);
	return (ssize_t)t.len;
}

static SHOW(show_ostype) { return constant(buf, cap, "Linux"); }
static SHOW(show_cmdline) { return constant(buf, cap, ""); }
static SHOW(show_pid_max) { return constant(buf, cap, "32768"); }
static SHOW(show_threads_max) { return constant(buf, cap, "32768"); }
static SHOW(show_overcommit) { return constant(buf, cap, "1"); }
static SHOW(show_map_count) { return constant(buf, cap, "65530"); }
static SHOW(show_min_addr) { return constant(buf, cap, "65536"); }
static SHOW(show_file_max) { return constant(buf, cap, "9223372036854775807"); }
static SHOW(show_nr_open) { return constant(buf, cap, "1048576"); }
static SHOW(show_pipe_max) { return constant(buf, cap, "1048576"); }
static SHOW(show_somaxconn) { return constant(buf, cap, "4096"); }
static SHOW(show_aslr) { return constant(buf, cap, "2"); }
static SHOW(show_cap_last) { return constant(buf, cap, "40"); }
static SHOW(show_ngroups) { return constant(buf, cap, "65536"); }
static SHOW(show_hugepages) { return constant(buf, cap, "0"); }
static SHOW(show_poolsize) { return constant(buf, cap, "256"); }
static SHOW(show_entropy) { return constant(buf, cap, uc_random_ready() ? "256" : "0"); }

/* A random (version 4) UUID, RFC 4122. */
static ssize_t uuid_text(char *buf, size_t cap, const uint8_t raw[16])
{
	struct uc_text t = { buf, cap, 0 };

	for (unsigned i = 0; i < 16; i++) {
		unsigned b = raw[i];

		if (i == 6)
			b = (b & 0x0f) | 0x40;
		if (i == 8)
			b = (b & 0x3f) | 0x80;
		uc_text_printf(&t, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", b);
	}
	uc_text_printf(&t, "\n");
	return (ssize_t)t.len;
}

static SHOW(show_uuid)
{
	uint8_t raw[16];

	uc_random_bytes(raw, sizeof(raw));
	return uuid_text(buf, cap, raw);
}

static SHOW(show_boot_id)
{
	static uint8_t raw[16];
	static bool made;

	if (!made)
		uc_random_bytes(raw, sizeof(raw));
	made = true;
	return uuid_text(buf, cap, raw);
}

static struct uc_pseudo_entry top[] = {
	TEXT_FILE("cpuinfo", show_cpuinfo), TEXT_FILE("meminfo", show_meminfo),
	TEXT_FILE("filesystems", show_filesystems), TEXT_FILE("cmdline", show_cmdline),
};
static struct uc_pseudo_entry sys_kernel[] = {
	TEXT_FILE("ostype", show_ostype),           TEXT_FILE("pid_max", show_pid_max),
	TEXT_FILE("threads-max", show_threads_max), TEXT_FILE("randomize_va_space", show_aslr),
	TEXT_FILE("cap_last_cap", show_cap_last),   TEXT_FILE("ngroups_max", show_ngroups),
};
static struct uc_pseudo_entry sys_random[] = {
	TEXT_FILE("boot_id", show_boot_id),
	TEXT_FILE("uuid", show_uuid),
	TEXT_FILE("entropy_avail", show_entropy),
	TEXT_FILE("poolsize", show_poolsize),
};
static struct uc_pseudo_entry sys_vm[] = {
	TEXT_FILE("overcommit_memory", show_overcommit), TEXT_FILE("max_map_count", show_map_count),
	TEXT_FILE("mmap_min_addr", show_min_addr), TEXT_FILE("nr_hugepages", show_hugepages),
};
static struct uc_pseudo_entry sys_fs[] = {
	TEXT_FILE("file-max", show_file_max),
	TEXT_FILE("nr_open", show_nr_open),
	TEXT_FILE("pipe-max-size", show_pipe_max),
};
static struct uc_pseudo_entry sys_net[] = { TEXT_FILE("somaxconn", show_somaxconn) };

int procfs_add_system(void)
{
	int r = uc_procfs_add("", top, UC_ARRAY_SIZE(top));

	if (r == 0)
		r = uc_procfs_add("sys/kernel", sys_kernel, UC_ARRAY_SIZE(sys_kernel));
	if (r == 0)
		r = uc_procfs_add("sys/kernel/random", sys_random, UC_ARRAY_SIZE(sys_random));
	if (r == 0)
		r = uc_procfs_add("sys/vm", sys_vm, UC_ARRAY_SIZE(sys_vm));
	if (r == 0)
		r = uc_procfs_add("sys/fs", sys_fs, UC_ARRAY_SIZE(sys_fs));
	return r < 0 ? r : uc_procfs_add("sys/net/core", sys_net, UC_ARRAY_SIZE(sys_net));
}
