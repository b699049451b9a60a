// SPDX-License-Identifier: BSD-3-Clause
/* The order in which an image starts. */
#include <asm/errno.h>
#include <uc/abi/bootparam.h>
#include <uc/arch.h>
#include <uc/boothooks.h>
#include <uc/console.h>
#include <uc/fmt.h>
#include <uc/frame.h>
#include <uc/heap.h>
#include <uc/init.h>
#include <uc/log.h>
#include <uc/plat.h>
#include <uc/proc.h>
#include <uc/random.h>
#include <uc/sched.h>
#include <uc/stdio.h>
#include <uc/string.h>
#include <uc/time.h>
#include <uc/trace.h>
#include "boot.h"

extern const struct uc_initcall uc_initcalls_start[], uc_initcalls_bus[],
	uc_initcalls_fs[], uc_initcalls_end[];
/* Optional µlibs: absent ones resolve to NULL. */
__attribute__((weak)) void uc_ninep_shutdown(void);
__attribute__((weak)) void uc_net_drain(void);
__attribute__((weak)) int uc_vfs_mkdir_p(const char *path, uint32_t mode);
__attribute__((weak)) int uc_hostname_set(const char *name, size_t len);

struct boot_params boot_params;
static bool console_up;

static void log_sink(const char *text, size_t len)
{
	if (!console_up || uc_console_write(UC_MUX_LOG, text, len) < 0)
		uc_plat_early_write(text, len);
}

static void report(char *buf, size_t cap)
{
	struct uc_frame_stats f;
	struct uc_heap_stats h;
	uc_frame_stats(&f);
	uc_heap_stats(&h);
	uc_snprintf(buf, cap,
		    "unsupported_calls=%lu\nframes_total=%lu\nframes_low=%lu\nheap_bytes=%lu\n"
		    "ram_bytes=%lu\n",
		    uc_unsupported_count(), f.total, f.low, h.in_use_bytes, uc_plat_ram_bytes());
}

void boot_stop(unsigned kind, unsigned value)
{
	static bool stopping;
	if (!stopping && console_up) {
		stopping = true;
		char stats[256];
		report(stats, sizeof(stats));
		uc_console_exit(stats, kind, value);
	}
	uc_plat_poweroff(kind, console_up ? value : kind);
}

void uc_upcall_init_exited(int status)
{
	if (uc_ninep_shutdown) uc_ninep_shutdown();
	if (uc_net_drain) uc_net_drain();
	if (status & 0x7f) boot_stop(UC_EXIT_SIGNAL, (unsigned)status & 0x7f);
	boot_stop(UC_EXIT_NORMAL, (unsigned)status >> 8 & 0xff);
}

void uc_panic_hook(void) { boot_stop(UC_EXIT_PANIC, 0); }

static void add_ram(uc_paddr start, uint64_t len, bool firmware_used)
{
	uc_frame_add(start, len, boot_params.ram_zero && !firmware_used);
}

static void init_memory(void)
{
	uc_paddr top = uc_plat_ram_top();
	uint64_t n = uc_frame_table_bytes(top);
	void *table = uc_plat_early_alloc(n);
	if (!table) boot_stop(UC_EXIT_OOM, 0);
	if (!boot_params.ram_zero) memset(table, 0, n);
	uc_frame_init(top, table, n);
	uc_plat_for_each_ram(add_ram);
}

static void run_initcalls(const struct uc_initcall *c, const struct uc_initcall *end)
{
	for (; c < end; c++) {
		int r = c->fn();
		if (r) uc_log(UC_LOG_WARN, "start-up of %s failed: errno %d", c->name, -r);
	}
}

void uc_upcall_console_device(void) { run_initcalls(uc_initcalls_bus, uc_initcalls_fs); }

/* How long a program may run before the host can be heard (signals) without it asking. */
#define DEVICES_LATE 20000000ull /* ns: longer than TCG takes to load a program */

static void devices_late(struct uc_timer *t) { uc_console_need_device(); }

void boot_devices_late(void)
{
	static struct uc_timer late;
	uc_timer_init(&late, devices_late, NULL);
	uc_timer_arm(&late, uc_time_mono() + DEVICES_LATE);
}

/* Buses and their devices now, or once the console needs its device. */
static void start_devices(void)
{
	if (!boot_params.mux || !boot_params.early_mux) {
		uc_upcall_console_device();
		return;
	}
	uc_console_attach_early();
	if (!boot_params.prepare) boot_devices_late();
}

/* Parameters decide how everything after them behaves; without any, defaults give a diagnosis on
 * the console. */
static bool read_params(void)
{
	uint64_t len;
	const void *bundle = uc_plat_bootbundle(&len);
	int r = boot_params_decode(&boot_params, bundle, bundle ? len : 0);
	if (boot_params.prepare && boot_prepare) {
		boot_prepare();
	} else {
		uc_random_host(boot_params.seed);
		if (boot_params.tsc_hz) uc_plat_set_tsc_hz(boot_params.tsc_hz);
	}
	if (boot_params.debug_exit) uc_plat_set_debug_exit((uint16_t)boot_params.debug_exit);
	uc_strict = boot_params.strict;
	uc_log_level = (enum uc_loglevel)boot_params.loglevel;
	return r == 0;
}

static char **list_of(const char *key, const struct boot_list *l)
{
	char **v = uc_heap_alloc((l->n + 1) * sizeof(*v));
	if (v) boot_params_list(l, key, v);
	return v;
}

UC_NORETURN static void start_program(void)
{
	struct boot_params *p = &boot_params;
	char **argv = list_of("arg=", &p->args), **envp = list_of("env=", &p->envs);
	const char *path = p->exec ? p->exec : argv && argv[0] ? argv[0] : NULL;
	if (!argv || !envp || !path) {
		uc_log(UC_LOG_ERROR,
		       "no program to start: the boot parameters have neither exec= nor arg=");
		boot_stop(UC_EXIT_BOOT, 0);
	}
	boot_dispatch_init(p->trace && uc_trace_enter);
	if (p->trace && !uc_trace_enter)
		uc_log(UC_LOG_WARN,
		       "trace=1 is ignored: the image was linked without the trace part");
	if (!p->prepare) uc_console_ready();
	/* Without a call that makes names nothing tells one working directory from another. */
	if (!uc_vfs_mkdir_p) p->cwd = "/";
	else if (strcmp(p->cwd, "/")) uc_vfs_mkdir_p(p->cwd, 0755);
	int r = uc_proc_start_init(path, argv, envp, p->cwd, p->uid, p->gid, p->umask);
	uc_log(UC_LOG_ERROR, "cannot start %s: errno %d", path, -r);
	boot_stop(r == -ENOMEM ? UC_EXIT_OOM : UC_EXIT_BOOT, (unsigned)-r);
}

/* The generator's numbers cost a block of it. */
static uint64_t name_salt(void)
{
	uint64_t salt = boot_params.prepare;
	return salt || uc_arch_hwrandom(&salt) ? salt : uc_random_u64();
}

void uc_upcall_boot(void)
{
	bool have_params = read_params();
	uc_log_set_sink(log_sink);
	init_memory();
	uc_sched_init();
	uc_console_configure(boot_params.mux, boot_params.streams);
	run_initcalls(uc_initcalls_start, uc_initcalls_bus);
	start_devices();
	console_up = true;
	if (!have_params) {
		uc_log(UC_LOG_ERROR, "no boot bundle, or not one of this version: start the image "
				     "with `unicore run`");
		boot_stop(UC_EXIT_BOOT, 0);
	}
	if (boot_params.bad)
		uc_log(UC_LOG_WARN, "boot parameter not understood: %s", boot_params.bad);
	if (uc_hostname_set) uc_hostname_set(boot_params.hostname, strlen(boot_params.hostname));
	uc_vfs_salt = name_salt();
	uc_vfs_invalidate = uc_vm_invalidate;
	int r = uc_proc_prepare_init();
	if (!r) r = boot_mount_root();
	if (!r) {
		run_initcalls(uc_initcalls_fs, uc_initcalls_end);
		boot_mount_volumes();
		r = uc_stdio_setup(uc_proc_init->fds);
	}
	if (r) {
		uc_log(UC_LOG_ERROR, "the system could not be set up: errno %d", -r);
		boot_stop(r == -ENOMEM ? UC_EXIT_OOM : UC_EXIT_BOOT, 0);
	}
	start_program();
}
