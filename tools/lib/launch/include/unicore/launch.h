// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_LAUNCH_H
#define UNICORE_LAUNCH_H
/*
 * Runs an image: bundle, virtual machine, relay, report. What `unicore run` is made of, for other
 * programs that start images too.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <unicore/relay.h>
#include <unicore/util.h>
#include <unicore/vmm.h>

enum uc_loglevel_name { UC_LL_ERROR, UC_LL_WARNING, UC_LL_INFO, UC_LL_DEBUG };

struct uc_launch {
	/* what to run */
	enum uc_plat plat;
	const char *kernel, *root;  /* files; kernel: the one for plat; root may be NULL */
	uint64_t root_bytes;        /* size of root as built, for the report; 0: the file's */
	const char *exec;           /* program in the image, or NULL: argv[0] */
	const char *const *argv;    /* NULL-terminated, at least one */
	const char *const *env;     /* NAME=VALUE, NULL-terminated */
	const char *cwd, *hostname; /* NULL: the guest's defaults */
	uint32_t uid, gid;
	/* with what; qemu, machine, accel, gdb, qemu_args and rng are for plat kvm */
	const char *qemu;
	enum uc_machine machine;
	enum uc_accel accel; /* AUTO is decided by uc_launch_run */
	uint64_t memory;
	const struct uc_volume *volumes;
	size_t nvolumes;
	const struct uc_net *net; /* NULL: none */
	const char *gdb;
	const char *const *qemu_args;
	bool rng, sandbox, strict, trace, dry_run;
	bool fresh;        /* not from a prepared start, nor one to be made */
	const char *fault; /* boot parameter of uc/abi/faults.h, or NULL */
	bool show_log;     /* the kernel log as it comes */
	enum uc_loglevel_name log_level;
	double timeout_s;
	/* Of an image with some system calls only: what it is called, and the calls that it was to
	 * have but no µlib implements. A call that it lacks is told. NULL: the image has all. */
	const char *image;
	const struct uc_vec *calls_missing;
};

/* How it went. */
struct uc_outcome {
	int status;       /* what the process should exit with: UC_ST_* or the application's */
	/* "normal", "signal", "panic", "oom", "strict", "boot", "vmm", "timeout", "protocol",
	 * "interrupted"; NULL: the VM was not started */
	const char *kind;
	int signal;       /* kinds "signal" and "interrupted" */
	enum uc_accel accel;
	bool prepared; /* from a prepared start */
	/* of the process: the VMM's, or the kernel's (plat linux) */
	double boot_ms;  /* its start to READY; < 0: READY never came */
	double run_ms;   /* READY to the end; < 0: no READY */
	double total_ms; /* its start to its removal */
	uint64_t kernel_bytes, root_bytes, memory_bytes;
	uint64_t host_peak_bytes; /* its resident set at its largest */
	bool fault_injected;      /* the fault asked for has happened */
	char *stats;              /* key=decimal lines from the guest; never NULL after a run */
};

/* Runs to the end and prints messages about everything but the application's own failure. */
void uc_launch_run(const struct uc_launch *l, struct uc_outcome *out);
void uc_outcome_free(struct uc_outcome *o);
/* One JSON object on one line (docs/schema/run.json). image: how the user called it. */
void uc_outcome_json(const struct uc_outcome *o, const struct uc_launch *l, const char *image,
		     FILE *f);

/* Status, kind and message for a relay result; split off for tests. */
void uc_outcome_judge(struct uc_outcome *o, const struct uc_relay_result *r,
		      const struct uc_launch *l);

#endif
