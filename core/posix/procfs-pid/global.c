// SPDX-License-Identifier: BSD-3-Clause
/* Entries at the top of /proc that need to know about processes or names of the system. */
#include <uc/hostname.h>
#include <uc/string.h>
#include "pid_private.h"

static uc_nsec busy_ns(void)
{
	uc_nsec sum = 0;

	UC_LIST_FOREACH(it, &uc_proc_list)
		sum += uc_proc_cpu_ns(UC_LIST_ENTRY(it, struct uc_proc, all_link));
	return sum;
}

static void count_tasks(unsigned *running, unsigned *all, int *last)
{
	*running = *all = 0;
	*last = 1;
	UC_LIST_FOREACH(it, &uc_proc_list) {
		struct uc_proc *p = UC_LIST_ENTRY(it, struct uc_proc, all_link);

		UC_LIST_FOREACH(ti, &p->tasks) {
			struct uc_task *t = UC_LIST_ENTRY(ti, struct uc_task, link);

			++*all;
			*running += uc_pid_state(t) == 'R';
			*last = UC_MAX(*last, t->tid);
		}
	}
}

static SHOW(show_stat)
{
	struct uc_text t = { buf, cap, 0 };
	uc_nsec up = uc_time_mono(), busy = busy_ns(), idle = up > busy ? up - busy : 0;
	unsigned running, all;
	int last;

	count_tasks(&running, &all, &last);
	for (int i = 0; i < 2; i++)
		uc_text_printf(&t, "%s %lu 0 0 %lu 0 0 0 0 0 0\n", i ? "cpu0" : "cpu ",
			       busy / NS_PER_TICK, idle / NS_PER_TICK);
	uc_text_printf(
		&t, "intr 0\nctxt 0\nbtime %lu\nprocesses %d\nprocs_running %u\nprocs_blocked 0\n",
		(uc_time_real() - up) / 1000000000u, last, running);
	return (ssize_t)t.len;
}

static SHOW(show_uptime)
{
	uc_nsec up = uc_time_mono(), busy = busy_ns(), idle = up > busy ? up - busy : 0;
	struct uc_text t = { buf, cap, 0 };

	uc_text_printf(&t, "%lu.%02lu %lu.%02lu\n", up / 1000000000u, up / 10000000u % 100,
		       idle / 1000000000u, idle / 10000000u % 100);
	return (ssize_t)t.len;
}

/* No averages are kept: they read as zero, the numbers of tasks are those of this moment. */
static SHOW(show_loadavg)
{
	struct uc_text t = { buf, cap, 0 };
	unsigned running, all;
	int last;

	count_tasks(&running, &all, &last);
	uc_text_printf(&t, "0.00 0.00 0.00 %u/%u %d\n", running, all, last);
	return (ssize_t)t.len;
}

static SHOW(show_version)
{
	struct uc_text t = { buf, cap, 0 };

	uc_text_printf(&t, "Linux version " UC_UTS_RELEASE " (unicore) " UC_UTS_VERSION "\n");
	return (ssize_t)t.len;
}

static ssize_t line(char *buf, size_t cap, const char *s)
{
	struct uc_text t = { buf, cap, 0 };

	uc_text_printf(&t, "%s\n", s);
	return (ssize_t)t.len;
}

static SHOW(show_osrelease) { return line(buf, cap, UC_UTS_RELEASE); }
static SHOW(show_os_version) { return line(buf, cap, UC_UTS_VERSION); }
static SHOW(show_hostname) { return line(buf, cap, uc_hostname()); }

static ssize_t store_hostname(const char *text, size_t n, const struct uc_pseudo_key *k)
{
	size_t len = n && text[n - 1] == '\n' ? n - 1 : n;
	int r = uc_hostname_set(text, len);

	return r < 0 ? r : (ssize_t)n;
}

static ssize_t target_mounts(char *buf, size_t cap, const struct uc_pseudo_key *k)
{
	static const char to[] = "self/mounts";
	size_t n = UC_MIN(sizeof(to) - 1, cap);

	memcpy(buf, to, n);
	return (ssize_t)n;
}

static struct uc_pseudo_entry top[] = {
	TEXT_FILE("stat", 0444, show_stat),
	TEXT_FILE("uptime", 0444, show_uptime),
	TEXT_FILE("loadavg", 0444, show_loadavg),
	TEXT_FILE("version", 0444, show_version),
	{ .name = "mounts", .mode = S_IFLNK | 0777, .target = target_mounts },
};
static struct uc_pseudo_entry sys_kernel[] = {
	TEXT_FILE("osrelease", 0444, show_osrelease),
	TEXT_FILE("version", 0444, show_os_version),
	{ .name = "hostname",
	  .mode = S_IFREG | 0644,
	  .show = show_hostname,
	  .store = store_hostname },
};

int uc_pid_add_global(void)
{
	int r = uc_procfs_add("", top, UC_ARRAY_SIZE(top));

	return r < 0 ? r : uc_procfs_add("sys/kernel", sys_kernel, UC_ARRAY_SIZE(sys_kernel));
}
