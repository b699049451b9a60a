// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_TRACER_H
#define UNICORE_TRACER_H
/*
 * Runs a program of this machine and notes which system calls it and its children make (ptrace(2)).
 * One call can be kept from the kernel, to see whether the program does as well without it.
 */
#include <stdbool.h>
#include <stdint.h>

#define UC_TRACE_CALLS 1024 /* numbers that are told apart */

enum uc_trace_deny { UC_DENY_NOTHING, UC_DENY_REFUSE, UC_DENY_FAKE };
struct uc_trace_run {
	const char *const *argv; /* argv[0]: the file; NULL-terminated */
	const char *name;        /* what the program is given for argv[0]; NULL: the file */
	bool quiet;              /* no input; output only into the result */
	double timeout_s;        /* 0: none */
	/* Is this file (/proc/PID/exe) one whose calls are wanted? NULL: all are. */
	bool (*wanted)(void *arg, const char *path);
	/* Told of each call that returns, with its result as the kernel gave it; or NULL. */
	void (*returned)(void *arg, int tid, unsigned number, long result);
	void *arg;
	/* Instead of making the call `number`: fail with ENOSYS, or do nothing and return 0. */
	enum uc_trace_deny deny;
	unsigned number;
};
struct uc_trace {
	uint64_t count[UC_TRACE_CALLS];  /* how often each was made */
	uint64_t steady[UC_TRACE_CALLS]; /* … from the first call on that waits for others */
	char *other;  /* a program that it executed and that is not wanted; allocated, or NULL */
	bool foreign; /* calls of another kind (32-bit) were made, too, which are not counted */
	bool timed_out;
	int status;         /* as of a shell: exit status, or 128 + signal */
	uint8_t output[32]; /* SHA-256 of what was written to standard output, if quiet */
};
/* 0, or -errno: it could not be started or traced. */
int uc_trace_program(const struct uc_trace_run *run, struct uc_trace *out);
#endif
