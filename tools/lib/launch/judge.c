// SPDX-License-Identifier: BSD-3-Clause
/* What the end of a run means: exit status, name, and what to tell the user. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <unicore/launch.h>
#include <unicore/msg.h>
#include <unicore/util.h>

#include "internal.h"

/* The log that was held back explains what happened. */
static void print_log(const struct uc_relay_result *r)
{
	const char *p = r->log ? r->log : "";

	while (*p) {
		int n = (int)strcspn(p, "\n");

		uc_log_line(p, n);
		p += n + (p[n] == '\n');
	}
}

static const char *program(const struct uc_launch *l)
{
	return l->exec ? l->exec : l->argv[0];
}

static int judge_boot(const struct uc_relay_result *r, const struct uc_launch *l)
{
	int err = (int)r->exit.value;

	switch (err) {
	case ENOENT:
	case ENOTDIR:
		return uc_fail(UC_ST_NOT_FOUND, program(l),
			       "name a program that is in the image with --entrypoint",
			       "not found in the image");
	case EACCES:
	case EPERM:
	case ENOEXEC:
	case EISDIR:
	case ELIBBAD:
	case ELOOP:
	case EINVAL:
		return uc_fail_os(UC_ST_CANNOT_EXEC, program(l), NULL, err,
				  "cannot be executed in the image");
	case ENOMEM:
		return uc_fail(UC_ST_GUEST_OOM, program(l), "give it more with -m",
			       "does not fit into the guest's memory");
	case 0:
		return uc_fail(UC_ST_BOOT, "image", "the lines above say why",
			       "the kernel cannot start with it");
	default:
		return uc_fail_os(UC_ST_BOOT, program(l), "the lines above say why", err,
				  "cannot be started");
	}
}

static bool is_fault(int sig)
{
	return sig == SIGSEGV || sig == SIGBUS || sig == SIGILL || sig == SIGFPE || sig == SIGTRAP;
}

static void judge_exit(struct uc_outcome *o, const struct uc_relay_result *r,
		       const struct uc_launch *l)
{
	char mem[32];

	switch ((enum uc_exit_kind)r->exit.kind) {
	case UC_EXIT_NORMAL:
		o->kind = "normal";
		o->status = (int)(r->exit.value & 0xff);
		return;
	case UC_EXIT_SIGNAL:
		o->kind = "signal";
		o->signal = (int)(r->exit.value & 0x7f);
		o->status = UC_ST_SIGNAL_BASE + o->signal;
		if (is_fault(o->signal))
			print_log(r); /* the kernel's report of the fault */
		return;
	case UC_EXIT_OOM:
		print_log(r);
		o->kind = "oom";
		snprintf(mem, sizeof(mem), "%llu KiB", (unsigned long long)(l->memory >> 10));
		o->status = uc_fail(UC_ST_GUEST_OOM, program(l), "give it more with -m",
				    "the guest's %s of memory are used up", mem);
		return;
	case UC_EXIT_STRICT:
		print_log(r);
		o->kind = "strict";
		o->status = uc_fail(UC_ST_STRICT, program(l),
				    "run without --strict to go on with an error",
				    "asked for something that is not implemented");
		return;
	case UC_EXIT_BOOT:
		print_log(r);
		o->kind = "boot";
		o->status = judge_boot(r, l);
		return;
	case UC_EXIT_PANIC:
		break;
	}
	print_log(r);
	o->kind = "panic";
	o->status = uc_fail(UC_ST_PANIC, "kernel", "please report this with the lines above",
			    "stopped on an internal error");
}

/* Last line of the VMM's own messages without its "qemu-system-x86_64: " prefix. */
static void last_line(const char *text, char *out, size_t cap)
{
	size_t n = strlen(text);

	while (n && text[n - 1] == '\n')
		n--;
	size_t start = n;
	while (start && text[start - 1] != '\n')
		start--;
	snprintf(out, cap, "%.*s", (int)(n - start), text + start);
	char *colon = strstr(out, ": ");
	if (colon && !strncmp(out, "qemu", 4))
		memmove(out, colon + 2, strlen(colon + 2) + 1);
}

static int judge_vmm(const struct uc_relay_result *r, const struct uc_launch *l)
{
	const char *what = l->plat == UC_PLAT_KVM ? l->qemu : "kernel process";
	char why[512], how[128];

	print_log(r);
	if (r->vmm_text && r->vmm_text[0]) {
		last_line(r->vmm_text, why, sizeof(why));
		return uc_fail(UC_ST_VMM, l->qemu, "`unicore run --dry-run` shows its command line",
			       "%s", why);
	}
	if (r->vmm_gone && WIFEXITED(r->vmm_status) && WEXITSTATUS(r->vmm_status) == 0)
		return uc_fail(UC_ST_VMM, "virtual machine", "--log-level debug shows more",
			       "the guest reset itself without a reason");
	if (!r->vmm_gone)
		return uc_fail(UC_ST_VMM, "virtual machine", NULL, "its console was closed");
	if (l->plat == UC_PLAT_LINUX && WIFSIGNALED(r->vmm_status) &&
	    WTERMSIG(r->vmm_status) == SIGSYS)
		return uc_fail(UC_ST_VMM, what, NULL,
			       "ended by its filter: it asked the host for what no kernel needs");
	return uc_fail(UC_ST_VMM, what, "--log-level debug shows more",
		       "ended without a word from the guest: %s",
		       uc_wait_text(r->vmm_status, how, sizeof(how)));
}

/* A guest that stops before its console works says why by the VMM's exit status (boot_stop). */
static bool early_exit(const struct uc_relay_result *r, struct uc_relay_result *said)
{
	int code = r->vmm_gone && WIFEXITED(r->vmm_status) ? WEXITSTATUS(r->vmm_status) : 0;
	int kind = code >> 1;

	if (!(code & 1) || kind < UC_EXIT_PANIC || kind > UC_EXIT_BOOT) return false;
	*said = *r;
	said->exit.kind = (uint32_t)kind;
	said->exit.value = 0;
	return true;
}

void uc_outcome_judge(struct uc_outcome *o, const struct uc_relay_result *r,
		      const struct uc_launch *l)
{
	struct uc_relay_result said;

	o->signal = 0;
	if (r->end == UC_END_VMM && early_exit(r, &said)) {
		judge_exit(o, &said, l);
		return;
	}
	switch (r->end) {
	case UC_END_EXIT:
		judge_exit(o, r, l);
		break;
	case UC_END_VMM:
		o->kind = "vmm";
		o->status = judge_vmm(r, l);
		break;
	case UC_END_TIMEOUT:
		o->kind = "timeout";
		o->status = uc_fail(UC_ST_TIMEOUT, program(l), "allow more with --timeout",
				    "stopped after %g seconds", l->timeout_s);
		break;
	case UC_END_PROTOCOL:
		print_log(r);
		o->kind = "protocol";
		o->status = uc_fail(UC_ST_VMM, "console",
				    "build the image again with this version of unicore",
				    "the guest sent invalid data: %s", r->why);
		break;
	case UC_END_SIGNAL:
		o->kind = "interrupted";
		o->signal = r->signal;
		o->status = UC_ST_SIGNAL_BASE + r->signal;
		break;
	}
	if (r->output_error && !o->status)
		o->status = uc_fail_os(UC_ST_CANTCREAT, "standard output", NULL, r->output_error,
				       "cannot write it");
}
