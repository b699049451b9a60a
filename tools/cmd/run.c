// SPDX-License-Identifier: BSD-3-Clause
/* unicore run: starts an image and is its terminal. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <unicore/fault.h>
#include <unicore/launch.h>
#include <unicore/link.h>
#include <unicore/runimage.h>

#include "commands.h"

#define MEMORY_DEFAULT (256ull << 20)

struct run_opts {
	uint64_t memory;
	struct uc_strlist env, volumes, ports, dns, qemu_args;
	const char *workdir, *entrypoint, *hostname, *user, *gdb, *qemu;
	const char *net, *mac, *ip, *ip6, *gateway;
	uint64_t mtu;
	int plat, accel, machine, log_level, verbose;
	double timeout;
	const char *fault;
	bool strict, trace, json, dry_run, quiet, rng, rebuild, sandbox, all_calls, prepared;
};

static const char *const log_levels[] = { "error", "warning", "info", "debug", NULL };

static const struct uc_opt run_table[] = {
	UC_OPT_SIZE('m', "memory", "SIZE", struct run_opts, memory,
		    "guest memory (default: the image's, or 256M)", .min = 1 << 20,
		    .max = 1ull << 40),
	UC_OPT_LIST('e', "env", "NAME=VALUE", UC_HINT_NONE, struct run_opts, env,
		    "set an environment variable; NAME alone passes on yours"),
	UC_OPT_STRING('w', "workdir", "DIR", UC_HINT_NONE, struct run_opts, workdir,
		      "working directory in the guest, made if it does not exist"),
	UC_OPT_LIST(
		'v', "volume", "HOST:GUEST[:ro]", UC_HINT_DIR, struct run_opts, volumes,
		"mount a folder of the host",
		.more = "The guest folder is made if it does not exist. With :ro the guest cannot "
			"write to it."),
	UC_OPT_LIST(
		'p', "publish", "[HOSTIP:]HOST:GUEST[/udp]", UC_HINT_NONE, struct run_opts, ports,
		"lead a port of the host to one of the guest",
		.more = "Stands for --net user, too. Without HOSTIP it listens on every address of "
			"the host."),
	UC_OPT_STRING(
		0, "net", "user|tap[:IFACE]|packet:IFACE|memif:SOCKET|none", UC_HINT_NONE,
		struct run_opts, net,
		"give the guest a network card (default none)",
		.more = "user: connections go out as those of a process of yours (the emulator, or "
			"passt(1) with --plat linux), -p lets some in; needs no rights. tap: the "
			"card is a tap interface of the host, which must exist and be yours, or "
			"which is made (as root). packet: the guest takes part in the packets of "
			"an interface beside the host (--plat linux, as root). "
			"memif:SOCKET[,server][,id=N]: memory shared with a peer such as DPDK, "
			"which listens at SOCKET (@NAME: an abstract one); with server the run "
			"listens and starts when the peer has come (--plat linux)."),
	UC_OPT_STRING(0, "ip", "ADDRESS/BITS", UC_HINT_NONE, struct run_opts, ip,
		      "IPv4 address of the guest on a tap (default: by DHCP)"),
	UC_OPT_STRING(0, "gateway", "ADDRESS", UC_HINT_NONE, struct run_opts, gateway,
		      "its way to other networks"),
	UC_OPT_STRING(0, "ip6", "ADDRESS/BITS", UC_HINT_NONE, struct run_opts, ip6,
		      "IPv6 address, besides those it makes by itself"),
	UC_OPT_LIST(0, "dns", "ADDRESS", UC_HINT_NONE, struct run_opts, dns,
		    "name server, for images without an /etc/resolv.conf"),
	UC_OPT_STRING(0, "mac", "ADDRESS", UC_HINT_NONE, struct run_opts, mac,
		      "hardware address of the network card"),
	UC_OPT_UINT(0, "mtu", "BYTES", struct run_opts, mtu,
		    "largest packet, from 576 to 9000 (default 1500)", .max = 9000),
	UC_OPT_STRING(0, "entrypoint", "PATH", UC_HINT_NONE, struct run_opts, entrypoint,
		      "start another program of the image, without its default arguments"),
	UC_OPT_STRING(0, "user", "USER[:GROUP]", UC_HINT_NONE, struct run_opts, user,
		      "user and group of the program, names of the image or numbers"),
	UC_OPT_STRING(0, "hostname", "NAME", UC_HINT_NONE, struct run_opts, hostname,
		      "host name that the program sees"),
	UC_OPT_SECONDS(0, "timeout", "SECONDS", struct run_opts, timeout,
		       "stop the machine after this time with status 124"),
	UC_OPT_FLAG(0, "strict", struct run_opts, strict,
		    "stop at the first system call, option or ioctl that is not implemented"),
	UC_OPT_FLAG(0, "trace", struct run_opts, trace, "log every system call"),
	UC_OPT_FLAG(0, "all-calls", struct run_opts, all_calls,
		    "run with every system call, not only those that the image was built with"),
	UC_OPT_STRING(0, "fault", "FAULT", UC_HINT_NONE, struct run_opts, fault,
		      "make a system call go wrong, to see whether somebody notices",
		      .more = "FAULT is KIND:CALL[:NTH[:EVERY[:VALUE]]] as in unicore-verify(1), "
			      "which lists the kinds."),
	UC_OPT_ENUM(0, "log-level", log_levels, struct run_opts, log_level,
		    "show the kernel's log up to this level",
		    .more = "Without this option the log is shown only when the machine fails."),
	UC_OPT_FLAG(0, "json", struct run_opts, json,
		    "print a report of the run as one JSON object on stderr at the end"),
	UC_OPT_ENUM(0, "plat", uc_plat_names, struct run_opts, plat,
		    "platform to run on (default kvm)",
		    .more = "kvm is a virtual machine. linux runs the same kernel as a process of "
			    "this host that has locked itself in: natively fast everywhere, "
			    "isolated by "
			    "the host's kernel instead of a hypervisor."),
	UC_OPT_MAYBE(0, "gdb", "PORT", UC_HINT_NONE, struct run_opts, gdb,
		     "wait for a debugger (default port 1234)"),
	UC_OPT_ENUM(0, "accel", uc_accel_names, struct run_opts, accel, "how to run guest code",
		    .more = "auto takes kvm where the processor supports it and a short test shows "
			    "that "
			    "it is fast, else tcg (emulation)."),
	UC_OPT_ENUM(0, "machine", uc_machine_names, struct run_opts, machine,
		    "machine type (default microvm, which starts fastest)"),
	UC_OPT_FLAG(0, "rng", struct run_opts, rng, "give the guest a virtio random number source"),
	UC_OPT_FLAG(0, "rebuild", struct run_opts, rebuild,
		    "build a SOURCE again even if its image is in the cache"),
	UC_OPT_FLAG(
		0, "sandbox", struct run_opts, sandbox,
		"confine the emulator by a system call filter (default; --no-sandbox: not)",
		.flags = UC_OPT_NEGATABLE,
		.more = "With --plat linux: namespaces of its own and an empty root folder for the "
			"process, where the host permits that. Its system call filter is always "
			"there."),
	UC_OPT_FLAG(0, "prepared", struct run_opts, prepared,
		    "start from memory that earlier runs left (default; --no-prepared: not)",
		    .flags = UC_OPT_NEGATABLE,
		    .more = "Where the processor is emulated and the start needs no device, the "
			    "second run of an image with the same arguments, environment and "
			    "memory size keeps the guest's memory as it is before the program's "
			    "first instruction. Later ones go on from there, each at random "
			    "addresses and with secrets of its own. Kept in "
			    "$XDG_RUNTIME_DIR/unicore/start, or start of the cache folder."),
	UC_OPT_STRING(0, "qemu", "PROGRAM", UC_HINT_FILE, struct run_opts, qemu,
		      "emulator to use (default qemu-system-x86_64)"),
	UC_OPT_LIST(0, "qemu-arg", "ARG", UC_HINT_NONE, struct run_opts, qemu_args,
		    "add an argument to the emulator's command line"),
	UC_OPT_FLAG(0, "dry-run", struct run_opts, dry_run,
		    "print the emulator's command line instead of running it"),
	UC_OPT_COUNT(0, "verbose", struct run_opts, verbose,
		     "say more, also what the emulator prints"),
	UC_OPT_FLAG('q', "quiet", struct run_opts, quiet, "print errors only"),
	UC_OPT_END
};

static const struct uc_section run_sections[] = {
	{ "Sources", "IMAGE is a folder made by unicore build. Anything else that unicore build "
		     "takes (a program "
		     "file, deb:PACKAGE, dir:FOLDER, oci:IMAGE, a manifest) is built first; the "
		     "image is kept in "
		     "the cache and used again as long as the source is unchanged." },
	{ "What the kernel has",
	  "An image has the system calls and drivers that its program needs by itself. What else a "
	  "run asks for (a folder of the host, a network card, --trace) is linked when it is first "
	  "asked for and kept in the cache. A kernel with every system call takes the place of one "
	  "whose calls were found by analysis where other code may run: with another program "
	  "(--entrypoint), with -e LD_* or GCONV_PATH, and with a folder of the host if the "
	  "program can start programs or open libraries of its choice, or the folder is mounted "
	  "over one with libraries." },
	{ "Arguments and environment",
	  "ARGS replace the image's default arguments; the program stays, with the arguments of an "
	  "OCI entry point. An OCI image without an entry point takes the program from ARGS as "
	  "well. Everything after "
	  "IMAGE belongs to the program, so that its options need no quoting; a `--` right after "
	  "IMAGE "
	  "is dropped.\n\n"
	  "The program gets the image's environment and what -e adds, not yours. PATH and HOME are "
	  "set "
	  "when the image does not say otherwise, TERM when a standard stream is a terminal." },
	{ "Standard streams and signals", "Standard input, output and error are separate and pass "
					  "every byte unchanged. Input is read only "
					  "when the program reads; a slow reader of the output "
					  "slows the program down. When nobody reads "
					  "the output any more the program gets SIGPIPE.\n\n"
					  "On a terminal the program's settings (raw mode, echo) "
					  "are applied to yours and undone at the "
					  "end; the window size follows. SIGINT, SIGTERM, SIGHUP, "
					  "SIGQUIT, SIGUSR1 and SIGUSR2 are handed "
					  "to the program; Ctrl-Z stops the whole machine. When "
					  "unicore itself is killed, the machine "
					  "ends with it." },
	{ "Network",
	  "Without --net and -p the guest has its loopback interface only. With --net user it has "
	  "the address 10.0.2.15, the host is 10.0.2.2, and what it sends to other networks leaves "
	  "as the host's own traffic. The emulator's port forwarding is slow to accept many "
	  "connections at once; a tap is the fast way. On a tap the guest takes the address of "
	  "--ip, or asks for one by DHCP; IPv6 addresses come by router advertisement." },
	{ "Report",
	  "--json prints one line on stderr: sizes in bytes, times in milliseconds (boot_ms from "
	  "the start "
	  "of the emulator's process to the moment when the program starts), how it ended "
	  "(exit_kind, "
	  "exit_status) and the guest's own counters. docs/schema/run.json describes it." },
	{ "Examples",
	  "  unicore run ./hello\n"
	  "  unicore run -m 64M -v \"$PWD\":/data:ro deb:sqlite3 /data/test.db 'select "
	  "count(*) from t'\n"
	  "  unicore run --json --timeout 10 hello.img\n"
	  "  unicore run -p 8080:80 deb:nginx-light -g 'daemon off; master_process off;'\n"
	  "  unicore run --net tap:tap0 --ip 192.0.2.2/24 --gateway 192.0.2.1 server.img\n"
	  "  unicore run --gdb hello.img" },
	{ NULL, NULL }
};

const struct uc_cmd uc_cmdinfo_run = {
	.name = "run",
	.main = uc_cmd_run,
	.synopsis = "[options] IMAGE|SOURCE [--] [ARGS...]",
	.summary = "run a program in a virtual machine of its own",
	.description =
		"Starts the image in a virtual machine and connects it to this terminal. The exit "
		"status is the program's.",
	.opts = run_table,
	.sections = run_sections,
	.see_also = "unicore(1), unicore-build(1), qemu-system-x86_64(1)",
	.min_args = 1,
	.max_args = UC_ARGS_ANY,
	.stop_after = 1,
	.positional = UC_HINT_FILE,
};

/* Everything a run owns. */
struct run {
	struct run_opts o;
	struct uc_run_image img;
	struct uc_vec argv, env;
	struct uc_volume *volumes;
	struct uc_net net;
	const char *exec;
	char *kernel;
	bool all; /* it has every call */
	struct uc_run_user user;
	char *fault; /* boot parameter */
};

static size_t env_name(const char *e)
{
	return strcspn(e, "=");
}

static bool env_has(const struct uc_vec *env, const char *name, size_t n)
{
	for (size_t i = 0; i < env->n; i++)
		if (env_name(env->v[i]) == n && !memcmp(env->v[i], name, n))
			return true;
	return false;
}

static void env_default(struct uc_vec *env, const char *setting)
{
	if (!env_has(env, setting, env_name(setting)))
		uc_vec_add(env, setting);
}

/* Adds a setting, replacing an earlier one of the same name. */
static void env_set(struct uc_vec *env, const char *setting)
{
	size_t n = env_name(setting);

	for (size_t i = 0; i < env->n; i++) {
		if (env_name(env->v[i]) != n || memcmp(env->v[i], setting, n))
			continue;
		free(env->v[i]);
		env->v[i] = uc_xstrdup(setting);
		return;
	}
	uc_vec_add(env, setting);
}

static int add_user_env(struct run *r)
{
	for (size_t i = 0; i < r->o.env.n; i++) {
		const char *e = r->o.env.items[i], *eq = strchr(e, '=');

		if (eq == e || !*e)
			return uc_fail(UC_ST_USAGE, "--env", "write NAME=VALUE", "%s has no name",
				       e);
		if (eq) {
			env_set(&r->env, e);
			continue;
		}
		const char *value = getenv(e);
		if (!value) {
			uc_note(1, "--env %s: not set here, so not passed on", e);
			continue;
		}
		char *s = uc_xasprintf("%s=%s", e, value);
		env_set(&r->env, s);
		free(s);
	}
	return 0;
}

static int make_env(struct run *r)
{
	const char *term = getenv("TERM");

	for (size_t i = 0; i < r->img.env.n; i++)
		uc_vec_add(&r->env, r->img.env.v[i]);
	int status = add_user_env(r);
	if (status)
		return status;
	env_default(&r->env, "PATH=" UC_PATH_DEFAULT);
	char *home = uc_xasprintf("HOME=%s", r->user.home);

	env_default(&r->env, home);
	free(home);
	if (term && uc_relay_streams()) {
		char *s = uc_xasprintf("TERM=%s", term);

		env_default(&r->env, s);
		free(s);
	}
	return 0;
}

/*
 * As with containers: arguments replace the image's except the leading ones that belong to its
 * entry point; another entry point replaces all of them.
 */
static int make_argv(struct run *r, const struct uc_args *args)
{
	size_t fixed = r->o.entrypoint ? 0 : r->img.argv_fixed, n = r->img.argv.n;
	bool given = args->n > 1 || r->o.entrypoint;
	const char *name;

	if (r->o.entrypoint)
		uc_vec_add(&r->argv, r->o.entrypoint);
	for (size_t i = 0; i < (given ? fixed : n); i++)
		uc_vec_add(&r->argv, r->img.argv.v[i]);
	for (size_t i = 1; i < args->n; i++)
		uc_vec_add(&r->argv, args->v[i]);
	r->exec = r->img.exec;
	if (!given || fixed)
		return 0;
	name = r->argv.v[0];
	r->exec = uc_run_image_program(&r->img, name);
	return r->exec ? 0
		       : uc_fail(UC_ST_NOT_FOUND, name, "write its path in the image",
				 "this program is not in the PATH of the image");
}

static int make_volumes(struct run *r)
{
	r->volumes = uc_xzalloc((r->o.volumes.n + 1) * sizeof(*r->volumes));
	for (size_t i = 0; i < r->o.volumes.n; i++) {
		int status = uc_volume_parse(r->o.volumes.items[i], &r->volumes[i]);

		if (status)
			return status;
	}
	return 0;
}

static int make_net(struct run *r)
{
	const struct run_opts *o = &r->o;
	int status;
	const struct uc_net_spec s = {
		.net = o->net,
		.mac = o->mac,
		.ip = o->ip,
		.ip6 = o->ip6,
		.gateway = o->gateway,
		.ports = (const char *const *)o->ports.items,
		.nports = o->ports.n,
		.dns = (const char *const *)o->dns.items,
		.ndns = o->dns.n,
		.mtu = o->mtu,
	};

	status = uc_net_parse(&s, &r->net);
	if (status || !uc_net_is_of_process(&r->net) || o->plat == UC_PLAT_LINUX)
		return status;
	return uc_fail(UC_ST_USAGE, o->net, "use a tap", "is for --plat linux only");
}

static int find_image(struct run *r, const char *source)
{
	char *dir = NULL;
	int status = 0;

	if (uc_is_image(source))
		dir = uc_xstrdup(source);
	else
		status = uc_run_source(source, r->o.entrypoint, r->o.rebuild, &dir);
	if (!status)
		status = uc_run_image_load(dir, &r->img);
	free(dir);
	return status;
}

/* What belongs to a virtual machine is not left out silently. */
static int check_plat(const struct run_opts *o)
{
	const char *wrong = o->accel != UC_ACCEL_AUTO          ? "--accel"
			    : o->machine != UC_MACHINE_MICROVM ? "--machine"
			    : o->gdb                           ? "--gdb"
			    : o->qemu                          ? "--qemu"
			    : o->qemu_args.n                   ? "--qemu-arg"
			    : o->rng                           ? "--rng"
							       : NULL;
	if (o->plat == UC_PLAT_KVM || !wrong)
		return 0;
	return uc_fail(UC_ST_USAGE, wrong, NULL, "is for --plat kvm only");
}

static int check_kernel(const struct run *r, const char *source)
{
	if (r->o.plat == UC_PLAT_KVM || r->img.kernel_linux)
		return 0;
	return uc_fail(UC_ST_DATA, source, "build it again",
		       "was built without the linux platform");
}

static bool has_compartment(const struct run *r)
{
	for (size_t i = 0; i < r->img.ulibs.n; i++)
		if (uc_has_prefix(r->img.ulibs.v[i], UC_COMPARTMENT))
			return true;
	return false;
}

/* Nor is a defence left out. */
static int check_compartment(const struct run *r, const char *source)
{
	if (r->o.plat == UC_PLAT_KVM || !has_compartment(r))
		return 0;
	return uc_fail(UC_ST_DATA, source, "build it without --compartment for that",
		       "has a compartment, which there is on --plat kvm only");
}

/* Parts of the kernel that this run needs and the image's own lacks. */
static void find_parts(const struct run *r, struct uc_vec *with)
{
	bool kvm = r->o.plat == UC_PLAT_KVM, pc = kvm && r->o.machine != UC_MACHINE_MICROVM;
	bool shared = kvm && r->img.root_bytes > UC_ROOT_INLINE_MAX;
	bool net = r->net.mode != UC_NET_NONE;
	const struct {
		bool wanted;
		const char *ulib;
	} needs[] = {
		{ r->o.volumes.n, "ninep" },
		{ pc || shared, "bus" },
		{ pc, "virtio_pci" },
		{ kvm && r->o.rng, "virtio_rng" },
		{ net, "inet" },
		{ net, "virtio_net" },
		{ r->o.trace, "trace" },
		{ r->o.fault, "faults" },
	};

	for (size_t i = 0; i < sizeof(needs) / sizeof(*needs) && r->img.ulibs.n; i++)
		if (needs[i].wanted && !uc_vec_has(&r->img.ulibs, needs[i].ulib))
			uc_vec_add(with, needs[i].ulib);
	/* The list is that of the machine's kernel. */
	if (uc_vec_has(with, "virtio_net"))
		uc_vec_add(with, "host_net");
}

static int find_kernel(struct run *r)
{
	const struct uc_run_ways ways = { .exec = r->exec,
					  .volumes = r->volumes,
					  .nvolumes = r->o.volumes.n,
					  .env = (const char *const *)r->o.env.items,
					  .nenv = r->o.env.n };
	struct uc_vec with = { 0 };
	int status;

	r->all = r->img.few_calls && r->img.ulibs_all.n &&
		 (r->o.all_calls || uc_run_image_foreign(&r->img, &ways));
	find_parts(r, &with);
	status = uc_run_image_kernel(&r->img,
				     &(struct uc_run_kernel){ (enum uc_plat)r->o.plat, &with,
							      r->all },
				     &r->kernel);
	uc_vec_free(&with);
	return status;
}

static int check_workdir(const struct run *r)
{
	const char *dir = r->o.workdir;

	return !dir || dir[0] == '/' ? 0
				     : uc_fail(UC_ST_USAGE, dir, "write an absolute path",
					       "not usable as a working directory");
}

static int prepare(struct run *r, const struct uc_args *args)
{
	int status = check_plat(&r->o);

	if (!status)
		status = check_workdir(r);
	if (!status)
		status = make_net(r);
	if (!status && r->o.fault)
		status = uc_fault_param(r->o.fault, &r->fault);
	if (!status)
		status = find_image(r, args->v[0]);
	if (!status)
		status = check_kernel(r, args->v[0]);
	if (!status)
		status = check_compartment(r, args->v[0]);
	if (!status)
		status = uc_run_image_user(&r->img, r->o.user, &r->user);
	if (!status)
		status = make_env(r);
	if (!status)
		status = make_volumes(r);
	if (!status)
		status = make_argv(r, args);
	if (!status)
		status = find_kernel(r);
	return status;
}

static const char *emulator(const struct run *r)
{
	const char *env = getenv("UNICORE_QEMU");

	if (r->o.qemu)
		return r->o.qemu;
	return env && *env ? env : "qemu-system-x86_64";
}

static enum uc_loglevel_name log_level(const struct run *r)
{
	if (r->o.log_level >= 0)
		return (enum uc_loglevel_name)r->o.log_level;
	if (r->o.verbose)
		return r->o.verbose > 1 ? UC_LL_DEBUG : UC_LL_INFO;
	return r->img.loglevel >= 0 ? (enum uc_loglevel_name)r->img.loglevel : UC_LL_WARNING;
}

/* A kernel that fails for no reason of its own. */
static int blame_damage(const struct run *r, const struct uc_outcome *out, const char *source)
{
	static const char *const kinds[] = { "panic", "boot", "vmm", "protocol" };
	bool odd = false;

	for (size_t i = 0; out->kind && i < sizeof(kinds) / sizeof(*kinds); i++)
		odd |= !strcmp(out->kind, kinds[i]);
	if (!odd || r->o.plat != UC_PLAT_KVM || uc_run_image_intact(&r->img))
		return out->status;
	return uc_fail(UC_ST_DATA, source, "build the image again",
		       "the image is damaged: its files do not match its digest");
}

static int launch(struct run *r, const char *source)
{
	const struct run_opts *o = &r->o;
	bool shown = o->log_level >= 0 || o->trace || o->verbose;
	/* list items are not NULL-terminated */
	const char **qemu_args = uc_xzalloc((o->qemu_args.n + 1) * sizeof(*qemu_args));
	struct uc_outcome out;

	for (size_t i = 0; i < o->qemu_args.n; i++)
		qemu_args[i] = o->qemu_args.items[i];
	const struct uc_launch l = {
		.plat = (enum uc_plat)o->plat,
		.kernel = r->kernel,
		.root = r->img.root,
		.root_bytes = r->img.root_bytes,
		.exec = r->exec,
		.argv = (const char *const *)r->argv.v,
		.env = (const char *const *)r->env.v,
		.cwd = o->workdir ? o->workdir : r->img.cwd,
		.hostname = o->hostname ? o->hostname : r->img.hostname,
		.uid = r->user.uid,
		.gid = r->user.gid,
		.qemu = emulator(r),
		.machine = (enum uc_machine)o->machine,
		.accel = (enum uc_accel)o->accel,
		.memory = o->memory       ? o->memory
			  : r->img.memory ? r->img.memory
					  : MEMORY_DEFAULT,
		.volumes = r->volumes,
		.nvolumes = o->volumes.n,
		.net = &r->net,
		.gdb = o->gdb ? (*o->gdb ? o->gdb : "1234") : NULL,
		.qemu_args = qemu_args,
		.rng = o->rng,
		.sandbox = o->sandbox,
		/* What is kept of a start is memory, not registers that turn keys on. */
		.fresh = !o->prepared || has_compartment(r),
		.strict = o->strict,
		.trace = o->trace,
		.fault = r->fault,
		.dry_run = o->dry_run,
		.show_log = shown,
		.log_level = log_level(r),
		.timeout_s = o->timeout,
		.image = r->img.few_calls && !r->all ? source : NULL,
		.calls_missing = &r->img.calls_missing,
	};
	uc_launch_run(&l, &out);
	if (o->json && !o->dry_run)
		uc_outcome_json(&out, &l, source, stderr);
	int status = blame_damage(r, &out, source);
	uc_outcome_free(&out);
	free(qemu_args);
	return status;
}

static void run_free(struct run *r)
{
	for (size_t i = 0; r->volumes && i < r->o.volumes.n; i++)
		uc_volume_free(&r->volumes[i]);
	free(r->volumes);
	free(r->fault);
	uc_net_free(&r->net);
	free(r->kernel);
	uc_vec_free(&r->argv);
	uc_vec_free(&r->env);
	uc_run_image_free(&r->img);
}

int uc_cmd_run(int argc, char **argv)
{
	struct run r = { .o = { .log_level = -1, .sandbox = true, .prepared = true } };
	struct uc_args args;
	int status = uc_cli_parse(&uc_cmdinfo_run, argc, argv, &r.o, &args);

	if (status >= 0)
		return status;
	uc_msg_verbosity = r.o.quiet ? -1 : r.o.verbose;
	status = prepare(&r, &args);
	if (!status)
		status = launch(&r, args.v[0]);
	run_free(&r);
	return status;
}
