// SPDX-License-Identifier: BSD-3-Clause
/* What files of the image tell. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* Starts of gadgets for each 1024 bytes of text; ours have GADGETS_MEASURED. */
#define GADGETS_MAX  120
#define CANARIES_MIN 8 /* for each 64 KiB of text */

enum secure_verdict secure_judge_segments(const struct secure_case *c, struct uc_buf *why)
{
	bool bad = c->kernel.wx || secure_sabotaged(c, "kernel-segments");

	uc_buf_str(why, bad ? "a segment of the kernel is writable and executable"
			    : "no segment of the kernel is writable and executable");
	return bad ? SECURE_FAIL : SECURE_PASS;
}

enum secure_verdict secure_judge_stripped(const struct secure_case *c, struct uc_buf *why)
{
	bool bad = c->kernel.symbols || secure_sabotaged(c, "kernel-stripped");

	uc_buf_str(why, bad ? "the kernel's file has a symbol table" : "no symbols");
	return bad ? SECURE_FAIL : SECURE_PASS;
}

/* One byte in eight becomes a return. */
static size_t gadgets_everywhere(const uint8_t *text, size_t n)
{
	uint8_t *copy = memcpy(uc_xmalloc(n), text, n);
	size_t count;

	for (size_t i = 0; i < n; i += 8)
		copy[i] = 0xc3;
	count = secure_gadgets(copy, n);
	free(copy);
	return count;
}

enum secure_verdict secure_judge_gadgets(const struct secure_case *c, struct uc_buf *why)
{
	const struct secure_kernel *k = &c->kernel;
	size_t n = secure_sabotaged(c, "kernel-gadgets") ? gadgets_everywhere(k->text, k->text_len)
							 : secure_gadgets(k->text, k->text_len);
	size_t density = n * 1024 / k->text_len;

	uc_buf_printf(why, "%zu in %zu bytes of text, %zu for each KiB (limit %d)", n, k->text_len,
		      density, GADGETS_MAX);
	return density > GADGETS_MAX ? SECURE_FAIL : SECURE_PASS;
}

enum secure_verdict secure_judge_protector(const struct secure_case *c, struct uc_buf *why)
{
	const struct secure_kernel *k = &c->kernel;
	size_t n =
		secure_sabotaged(c, "kernel-protector") ? 0 : secure_canaries(k->text, k->text_len);

	uc_buf_printf(why, "%zu loads and checks of the canary", n);
	return n < CANARIES_MIN * (1 + k->text_len / 65536) ? SECURE_FAIL : SECURE_PASS;
}

static bool is_shell(const char *path)
{
	static const char *const names[] = { "sh",  "bash", "dash", "zsh",  "ksh",   "mksh",
					     "ash", "csh",  "tcsh", "fish", "rbash", "busybox" };
	const char *base = uc_path_base(path);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(base, names[i]))
			return true;
	return false;
}

/* Why a file is there (tools/lib/rootfs) if nobody asked for it. */
static bool is_by_itself(const char *reason)
{
	static const char *const reasons[] = { "rule ", "loads ", "needed by ", "may be opened ",
					       "every image " };

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (uc_has_prefix(reason, reasons[i]))
			return true;
	return false;
}

enum secure_verdict secure_judge_shell(const struct secure_case *c, struct uc_buf *why)
{
	bool bad = false;

	if (!c->files.n) {
		uc_buf_str(why, "the image has no list of its contents");
		return SECURE_NONE;
	}
	for (size_t i = 0; i < c->files.n; i++) {
		const char *reason = strchr(c->files.v[i], '\n') + 1;
		char *path = uc_xstrndup(c->files.v[i], (size_t)(reason - 1 - c->files.v[i]));

		if (is_shell(path)) {
			uc_buf_printf(why, "%s%s (%s)", why->n ? ", " : "", path, reason);
			bad |= is_by_itself(reason);
		}
		free(path);
	}
	if (!why->n)
		uc_buf_printf(why, "none among %zu files", c->files.n);
	return bad ? SECURE_FAIL : SECURE_PASS;
}
