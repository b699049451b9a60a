// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <uc/abi/bootparam.h>
#include <uc/abi/procfd.h>
#include <unicore/cli.h>
#include <unicore/launch.h>
#include <unicore/process.h>

#include "internal.h"

#define DEBUG_EXIT_PORT 0x501

/* Where the root file system is for this run. */
struct root_choice {
	bool shared; /* as a device; else in the bundle */
	uint64_t bytes, device_bytes;
};

static int file_bytes(const char *path, const char *what, uint64_t *bytes)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return uc_fail_os(UC_ST_NOINPUT, path, "build the image again", errno, what);
	*bytes = (uint64_t)st.st_size;
	return 0;
}

static int choose_root(const struct uc_launch *l, struct root_choice *c)
{
	*c = (struct root_choice){ 0 };
	if (!l->root)
		return 0;
	int status = file_bytes(l->root, "cannot read the root image", &c->bytes);
	if (status || (l->plat == UC_PLAT_KVM && c->bytes <= UC_ROOT_INLINE_MAX))
		return status;
	c->shared = true;
	if (l->plat == UC_PLAT_LINUX)
		return 0; /* the file itself, of any size */
	int err = uc_root_prepare(l->root, &c->device_bytes);
	if (err)
		uc_note(1,
			"%s: cannot be shared between instances, its size is not a power of two; "
			"copying it",
			l->root);
	c->shared = !err;
	return 0;
}

/* Without what the guest allocates when it starts. */
static int check_memory(const struct uc_launch *l, uint64_t kernel_end, const struct uc_bundle *b,
			const struct root_choice *c)
{
	uint64_t need = uc_bundle_bytes(b, c->shared ? 0 : c->bytes);

	/* A kernel that is a process is not in its own RAM. */
	if (l->plat == UC_PLAT_KVM)
		need += ((kernel_end + 4095) & ~4095ull) + uc_machine_reserved(l->machine);
	if (l->memory >= need)
		return 0;
	return uc_fail(UC_ST_BOOT, "memory", "give more with -m",
		       "%lluK is too small for this image, whose kernel and files alone need %lluK",
		       (unsigned long long)(l->memory >> 10), (unsigned long long)(need >> 10));
}

static enum uc_accel choose_accel(const struct uc_launch *l, const struct uc_host *h)
{
	if (l->accel != UC_ACCEL_AUTO)
		return l->accel;
	return h->kvm ? UC_ACCEL_KVM : UC_ACCEL_TCG;
}

static void add_program(struct uc_bundle *b, const struct uc_launch *l)
{
	if (l->exec)
		uc_bundle_add(b, "exec", "%s", l->exec);
	for (const char *const *a = l->argv; *a; a++)
		uc_bundle_add(b, "arg", "%s", *a);
	for (const char *const *e = l->env; e && *e; e++)
		uc_bundle_add(b, "env", "%s", *e);
	if (l->cwd)
		uc_bundle_add(b, "cwd", "%s", l->cwd);
	if (l->hostname)
		uc_bundle_add(b, "hostname", "%s", l->hostname);
	if (l->uid)
		uc_bundle_add(b, "uid", "%u", l->uid);
	if (l->gid)
		uc_bundle_add(b, "gid", "%u", l->gid);
	for (size_t i = 0; i < l->nvolumes; i++) {
		char tag[32];

		if (l->plat == UC_PLAT_LINUX)
			snprintf(tag, sizeof(tag), "fd%zu", UC_PROCFD_9P + i);
		else
			snprintf(tag, sizeof(tag), "v%zu", i);
		uc_bundle_add(b, "mount", "9p:%s:%s:%s", tag, l->volumes[i].guest,
			      l->volumes[i].ro ? "ro" : "rw");
	}
}

/* Whether the guest's start, or a terminal, needs a device other than the early port. */
static bool needs_devices(const struct uc_launch *l, const struct root_choice *root)
{
	return root->shared || l->nvolumes || l->rng || uc_relay_streams() ||
	       (l->net && l->net->mode != UC_NET_NONE);
}

/* Kept starts (prepare.c) save what an emulated processor takes; they have nothing to tell, nothing
 * to be traced, and no device. */
static bool may_prepare(const struct uc_launch *l, const struct uc_vm_opts *vo,
			const struct root_choice *root)
{
	return !l->fresh && l->plat == UC_PLAT_KVM && vo->accel == UC_ACCEL_TCG &&
	       vo->machine == UC_MACHINE_MICROVM && !needs_devices(l, root) && !l->gdb &&
	       !l->trace && !l->fault && !(l->qemu_args && *l->qemu_args) &&
	       l->log_level <= UC_LL_WARNING;
}

static void add_machine(struct uc_bundle *b, const struct uc_launch *l, const struct uc_host *h,
			const struct root_choice *root)
{
	uc_bundle_add(b, "con", "mux");
	if (l->plat == UC_PLAT_KVM && !needs_devices(l, root))
		uc_bundle_add(b, "early", "mux");
	if (l->plat == UC_PLAT_KVM)
		uc_bundle_add(b, "exit", "debug:%d", DEBUG_EXIT_PORT);
	uc_bundle_add(b, "streams", "%u", uc_relay_streams());
	uc_bundle_add(b, "loglevel", "%d", (int)l->log_level);
	/* QEMU passes the host's counter through under both accelerators. */
	if (h->tsc_hz)
		uc_bundle_add(b, "tsc_hz", "%llu", (unsigned long long)h->tsc_hz);
	if (l->plat == UC_PLAT_LINUX || l->machine == UC_MACHINE_MICROVM)
		uc_bundle_add(b, "ram", "zero");
	if (l->net && l->net->mode != UC_NET_NONE) {
		char *config = uc_net_config(l->net);

		uc_bundle_add(b, "net", "%s", config);
		free(config);
		if (l->plat == UC_PLAT_LINUX) {
			config = uc_net_process_device(l->net, UC_PROCFD_9P + (int)l->nvolumes);
			uc_bundle_add(b, "netdev", "%s", config);
			free(config);
		}
	}
	if (l->strict)
		uc_bundle_add(b, "strict", "1");
	if (l->trace)
		uc_bundle_add(b, "trace", "1");
	if (l->fault)
		uc_bundle_add(b, "fault", "%s", l->fault);
}

static void shell_word(const char *w)
{
	if (*w && !w[strspn(w, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
			       "-_=./,:+@%")]) {
		fputs(w, stdout);
		return;
	}
	putchar('\'');
	for (; *w; w++)
		fputs(*w == '\'' ? "'\\''" : (char[]){ *w, 0 }, stdout);
	putchar('\'');
}

static void dry_run(const struct uc_launch *l, const struct uc_vm_opts *vo)
{
	const struct uc_vm_fds fds = { 3, 4, 5, 6, 7 };
	struct uc_vec argv = { 0 };

	if (l->plat == UC_PLAT_LINUX)
		uc_vec_add(&argv, l->kernel);
	else
		uc_vm_argv(vo, &fds, &argv);
	for (size_t i = 0; i < argv.n; i++) {
		if (i)
			putchar(' ');
		shell_word(argv.v[i]);
	}
	putchar('\n');
	uc_vec_free(&argv);
}

static double ms_since(uint64_t from, uint64_t to)
{
	return (double)(to - from) / 1e6;
}

static int start(const struct uc_launch *l, const struct uc_vm_opts *vo, int bundle_fd,
		 struct uc_vm *vm)
{
	if (l->plat == UC_PLAT_KVM)
		return uc_vm_start(vo, bundle_fd, uc_relay_child_signals, vm);
	const struct uc_process_opts po = {
		.kernel = vo->kernel,
		.root = vo->root,
		.memory = vo->memory,
		.volumes = vo->volumes,
		.nvolumes = vo->nvolumes,
		.net = vo->net,
		.sandbox = vo->sandbox,
	};
	return uc_process_start(&po, bundle_fd, vm);
}

static void run_vm(const struct uc_launch *l, const struct uc_vm_opts *vo, int bundle_fd,
		   struct uc_outcome *out)
{
	struct uc_log_hearing h = { l, out };
	struct uc_vm vm;
	struct uc_relay_result r;

	uc_relay_prepare();
	out->status = start(l, vo, bundle_fd, &vm);
	if (out->status)
		return;
	if (l->gdb)
		fprintf(stderr,
			"unicore: waiting for a debugger: gdb %s.debug -ex 'target remote "
			"127.0.0.1:%s'\n",
			l->kernel, l->gdb);
	const struct uc_relay_opts ro = {
		.con_fd = vm.con_fd,
		.early_fd = vm.early_fd,
		.vmm_err_fd = vm.err_fd,
		.vmm_pid = vm.pid,
		.timeout_s = l->timeout_s,
		.show_log = l->show_log,
		.show_vmm = uc_msg_verbosity > 0,
		.hear_log = uc_log_heard,
		.hear_arg = &h,
	};
	uc_relay_run(&ro, &r);
	uc_vm_stop(&vm);
	out->host_peak_bytes = vm.peak_bytes;
	out->total_ms = ms_since(vm.start_ns, uc_now_ns());
	if (r.ready_ns) {
		out->boot_ms = ms_since(vm.start_ns, r.ready_ns);
		out->run_ms = ms_since(r.ready_ns, r.end_ns);
	}
	uc_outcome_judge(out, &r, l);
	out->stats = r.stats;
	r.stats = NULL;
	uc_relay_result_free(&r);
}

void uc_launch_run(const struct uc_launch *l, struct uc_outcome *out)
{
	struct uc_bundle bundle = { 0 };
	struct root_choice root;
	struct uc_host host;
	struct uc_kernel kernel = { 0 };
	int fd = -1;

	*out = (struct uc_outcome){
		.boot_ms = -1, .run_ms = -1, .total_ms = -1, .memory_bytes = l->memory
	};
	out->status = uc_kernel_measure(l->kernel, l->plat == UC_PLAT_LINUX, &kernel);
	out->kernel_bytes = kernel.bytes;
	if (!out->status)
		out->status = choose_root(l, &root);
	if (out->status)
		return;
	out->root_bytes = l->root_bytes ? l->root_bytes : root.bytes;
	uc_host_get(&host);
	add_program(&bundle, l);
	add_machine(&bundle, l, &host, &root);
	out->status = check_memory(l, kernel.memory_end, &bundle, &root);
	if (out->status) {
		uc_bundle_free(&bundle);
		return;
	}
	if (l->plat == UC_PLAT_KVM)
		out->accel = choose_accel(l, &host);
	const struct uc_vm_opts vo = {
		.qemu = l->qemu,
		.machine = l->machine,
		.accel = out->accel,
		.memory = l->memory,
		.kernel = l->kernel,
		.entry = kernel.entry,
		.bundle_bytes = uc_bundle_bytes(&bundle, root.shared ? 0 : root.bytes),
		.root = root.shared ? l->root : NULL,
		.root_size = root.device_bytes,
		.volumes = l->volumes,
		.nvolumes = l->nvolumes,
		.net = l->net,
		.rng = l->rng,
		.sandbox = l->sandbox,
		.gdb = l->gdb,
		.extra = l->qemu_args,
	};
	if (l->dry_run) {
		dry_run(l, &vo);
		uc_bundle_free(&bundle);
		return;
	}
	struct uc_vm_opts prepared = vo;

	if (may_prepare(l, &vo, &root))
		prepared.prepared = launch_prepared(&vo, &bundle, l->root, &fd);
	out->prepared = prepared.prepared;
	if (!prepared.prepared)
		out->status = uc_bundle_seal(&bundle, root.shared ? NULL : l->root, &fd);
	uc_bundle_free(&bundle);
	if (!out->status)
		run_vm(l, &prepared, fd, out);
}

void uc_outcome_free(struct uc_outcome *o)
{
	free(o->stats);
	o->stats = NULL;
}
