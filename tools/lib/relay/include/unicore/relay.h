// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_RELAY_H
#define UNICORE_RELAY_H
/*
 * Connects the process's standard streams, terminal and signals to a running guest until the guest
 * ends. Single-threaded; blocks in uc_relay_run; one relay per process (signals are process-wide).
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <uc/abi/mux.h>

struct uc_relay_opts {
	int con_fd;       /* byte channel to the guest: a non-blocking stream socket */
	int early_fd;     /* non-blocking; early and panic text of the kernel, or -1 */
	int vmm_err_fd;   /* non-blocking; what the VMM prints, or -1 */
	pid_t vmm_pid;    /* child to watch, or 0 */
	double timeout_s; /* 0: none */
	bool show_log;    /* print the kernel log as it comes; else only kept for the end */
	bool show_vmm;    /* print the VMM's messages as they come */
	/* NULL, or is given each line of the kernel log, shown or not */
	void (*hear_log)(void *arg, const char *line, size_t n);
	void *hear_arg;
};

enum uc_relay_end {
	UC_END_EXIT, /* the guest said how it ended: exit */
	UC_END_VMM,  /* the VMM ended without that: vmm_status */
	UC_END_TIMEOUT,
	UC_END_PROTOCOL, /* the guest sent garbage: why */
	UC_END_SIGNAL,   /* a signal before the application ran, or a second one while output was
	                     stuck: signal */
};

struct uc_relay_result {
	enum uc_relay_end end;
	struct uc_mux_exit exit;
	int signal;
	int vmm_status;    /* wait status, valid if vmm_gone */
	bool vmm_gone;     /* it ended; still to be waited for */
	const char *why;   /* static text */
	uint64_t ready_ns; /* CLOCK_MONOTONIC of READY and of the end; 0: READY never came */
	uint64_t end_ns;
	int output_error; /* errno of a failed write to stdout or stderr other than EPIPE */
	/* allocated texts, NUL-terminated, possibly empty */
	char *stats;    /* key=decimal lines */
	char *log;      /* the last of the kernel log that was not shown */
	char *vmm_text; /* the last of what the VMM printed, if not shown */
};

/* Blocks the signals that the relay forwards, so that none is lost while the VM starts. */
void uc_relay_prepare(void);
/* For the child between fork and exec: default signal handling again. */
void uc_relay_child_signals(void);
/* Runs until the guest ends; the VMM may still run then (the caller ends it). Restores the
 * terminal. */
void uc_relay_run(const struct uc_relay_opts *o, struct uc_relay_result *r);
void uc_relay_result_free(struct uc_relay_result *r);
/* Which standard streams are terminals: OR of UC_STREAM_* (uc/abi/bootparam.h). */
unsigned uc_relay_streams(void);

#endif
