// SPDX-License-Identifier: BSD-3-Clause
/* unicore run: starts an image and is its terminal. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <unicore/launch.h>
#include <unicore/runimage.h>

#include "commands.h"

#define MEMORY_DEFAULT (256ull << 20)

struct run_opts {
	uint64_t memory;
	struct uc_strlist env, volumes, qemu_args;
	const char *workdir, *entrypoint, *hostname, *user, *gdb, *qemu;
	int accel, machine, log_level, verbose;
	double timeout;
	bool strict, trace, json, dry_run, quiet, rng, rebuild;
};

static const char *const log_levels[] = { "error", "warning", "info", "debug", NULL };

static const struct uc_opt run_table[] = {
	UC_OPT_SIZE('m', "memory", "SIZE", struct run_opts, memory,
		    "guest memory (default: the image's, or 256M)", .min = 1 << 20,
		    .max = 1ull << 40),
	UC_OPT_LIST('e', "env", "NAME=VALUE", UC_HINT_NONE, struct run_opts, env,
		    "set an environment variable; NAME alone passes on yours"),
	UC_OPT_STRING('w', "workdir", "DIR", UC_HINT_NONE, struct run_opts, workdir,
		      "working directory in the guest"),
	UC_OPT_LIST('v', "volume", "HOST:GUEST[:ro]", UC_HINT_DIR, struct run_opts, volumes,
		    "mount a folder of the host",
		    .more = "The guest folder is made if it does not exist. With :ro the guest cannot "
			    "write to it."),
	UC_OPT_STRING(0, "entrypoint", "PATH", UC_HINT_NONE, struct run_opts, entrypoint,
		      "start another program of the image"),
	UC_OPT_STRING(0, "user", "UID[:GID]", UC_HINT_NONE, struct run_opts, user,
		      "user and group id of the program"),
	UC_OPT_STRING(0, "hostname", "NAME", UC_HINT_NONE, struct run_opts, hostname,
		      "host name that the program sees"),
	UC_OPT_SECONDS(0, "timeout", "SECONDS", struct run_opts, timeout,
		       "stop the machine after this time with status 124"),
	UC_OPT_FLAG(0, "strict", struct run_opts, strict,
		    "stop at the first system call, option or ioctl that is not implemented"),
	UC_OPT_FLAG(0, "trace", struct run_opts, trace, "log every system call"),
	UC_OPT_ENUM(0, "log-level", log_levels, struct run_opts, log_level,
		    "show the kernel's log up to this level",
		    .more = "Without this option the log is shown only when the machine fails."),
	UC_OPT_FLAG(0, "json", struct run_opts, json,
		    "print a report of the run as one JSON object on stderr at the end"),
	UC_OPT_MAYBE(0, "gdb", "PORT", UC_HINT_NONE, struct run_opts, gdb,
		     "wait for a debugger (default port 1234)"),
	UC_OPT_ENUM(0, "accel", uc_accel_names_table, struct run_opts, accel,
		    "how to run guest code",
		    .more = "auto takes kvm where the processor supports it and a short test shows that "
			    "it is fast, else tcg (emulation)."),
	UC_OPT_ENUM(0, "machine", uc_machine_names_table, struct run_opts, machine,
		    "machine type (default microvm, which starts fastest)"),
	UC_OPT_FLAG(0, "rng", struct run_opts, rng, "give the guest a virtio random number source"),
	UC_OPT_FLAG(0, "rebuild", struct run_opts, rebuild,
		    "build a SOURCE again even if its image is in the cache"),
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
