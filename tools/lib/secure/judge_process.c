// SPDX-License-Identifier: BSD-3-Clause
/* What the host says of the process that the machine is: the kernel's, or the emulator's. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static enum secure_verdict field_is(const struct secure_case *c, const char *field,
				    unsigned long want, struct uc_buf *why)
{
	const char *v = secure_line(&secure_last_boot(c)->status, field, 0);

	if (!v) {
		uc_buf_str(why, "the host does not show it");
		return SECURE_NONE;
	}
	uc_buf_printf(why, "%s %s", field, v);
	return strtoul(v, NULL, 16) == want ? SECURE_PASS : SECURE_FAIL;
}

enum secure_verdict secure_judge_filter(const struct secure_case *c, struct uc_buf *why)
{
	return field_is(c, "Seccomp", 2, why);
}

enum secure_verdict secure_judge_privileges(const struct secure_case *c, struct uc_buf *why)
{
	return field_is(c, "NoNewPrivs", 1, why);
}

enum secure_verdict secure_judge_capabilities(const struct secure_case *c, struct uc_buf *why)
{
	static const char *const sets[] = { "CapEff", "CapPrm", "CapInh", "CapAmb" };
	enum secure_verdict v = SECURE_PASS;

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]) && v == SECURE_PASS; i++) {
		if (i)
			uc_buf_str(why, ", ");
		v = field_is(c, sets[i], 0, why);
	}
	return v;
}

enum secure_verdict secure_judge_namespaces(const struct secure_case *c, struct uc_buf *why)
{
	static const char *const kinds[] = { "mnt", "pid", "net", "ipc", "uts" };
	const struct uc_vec *f = &secure_last_boot(c)->facts;

	if (!secure_line(f, "own", 0) && !secure_line(f, "shared", 0)) {
		uc_buf_str(why, "the host does not show them");
		return SECURE_NONE;
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		char *key = uc_xasprintf("own %s", kinds[i]);
		bool own = uc_vec_has(f, key);

		free(key);
		if (!own) {
			uc_buf_printf(why, "it shares %s", kinds[i]);
			return SECURE_FAIL;
		}
	}
	uc_buf_str(why, "mounts, processes, network, IPC and names of its own");
	return SECURE_PASS;
}

enum secure_verdict secure_judge_core(const struct secure_case *c, struct uc_buf *why)
{
	const char *v = secure_line(&secure_last_boot(c)->facts, "core", 0);

	if (!v) {
		uc_buf_str(why, "the host does not show it");
		return SECURE_NONE;
	}
	uc_buf_printf(why, "largest core file: %s",
		      secure_sabotaged(c, "core-dumps") ? "unlimited" : v);
	return strcmp(v, "0") || secure_sabotaged(c, "core-dumps") ? SECURE_FAIL : SECURE_PASS;
}

/* Those of uc/abi/procfd.h, without shared folders and network. */
enum secure_verdict secure_judge_files(const struct secure_case *c, struct uc_buf *why)
{
	const struct uc_vec *f = &secure_last_boot(c)->facts;
	unsigned long n = 0;
	const char *v;
	bool bad = false;

	if (!uc_vec_has(f, "folder fd")) {
		uc_buf_str(why, "the host does not show them");
		return SECURE_NONE;
	}
	for (; (v = secure_line(f, "fd", n)); n++)
		bad |= strtoul(v, NULL, 10) > 6;
	uc_buf_printf(why, "%lu open", n);
	return bad || n > 7 ? SECURE_FAIL : SECURE_PASS;
}

enum secure_verdict secure_judge_root(const struct secure_case *c, struct uc_buf *why)
{
	const struct uc_vec *f = &secure_last_boot(c)->facts;

	if (!uc_vec_has(f, "folder root")) {
		uc_buf_str(why, "the host does not show it");
		return SECURE_NONE;
	}
	if (secure_line(f, "root", 0)) {
		uc_buf_printf(why, "/%s is in reach", secure_line(f, "root", 0));
		return SECURE_FAIL;
	}
	uc_buf_str(why, "no file of the host has a name there");
	return SECURE_PASS;
}
