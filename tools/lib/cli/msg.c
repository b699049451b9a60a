// SPDX-License-Identifier: BSD-3-Clause
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <unicore/msg.h>

#include "internal.h"

int uc_msg_verbosity;

/* One write per message: several processes may share the terminal. */
static void emit(const char *what, const char *why, const char *fix, const char *kind)
{
	char line[4096];
	int n;

	uc_progress_clear();
	n = snprintf(line, sizeof(line), "unicore: %s%s%s%s%s%s%s\n", kind, what ? what : "",
		     what ? ": " : "", why, fix ? " (" : "", fix ? fix : "", fix ? ")" : "");
	if (n < 0)
		return;
	if ((size_t)n >= sizeof(line)) {
		n = sizeof(line) - 1;
		line[n - 1] = '\n';
	}
	fflush(stdout);
	fwrite(line, 1, (size_t)n, stderr);
	fflush(stderr);
}

int uc_vfail(int status, const char *what, const char *fix, const char *why, va_list ap)
{
	char text[2048];

	vsnprintf(text, sizeof(text), why, ap);
	emit(what, text, fix, "");
	return status;
}

int uc_fail(int status, const char *what, const char *fix, const char *why, ...)
{
	va_list ap;

	va_start(ap, why);
	uc_vfail(status, what, fix, why, ap);
	va_end(ap);
	return status;
}

int uc_fail_os(int status, const char *what, const char *fix, int err, const char *doing)
{
	char reason[256];

	snprintf(reason, sizeof(reason), "%s", strerror(err));
	/* "No such file" reads better inside a sentence in lower case; "I/O error" must stay. */
	if (isupper((unsigned char)reason[0]) && islower((unsigned char)reason[1]))
		reason[0] = (char)tolower((unsigned char)reason[0]);
	return uc_fail(status, what, fix, "%s: %s", doing, reason);
}

void uc_warn(const char *what, const char *why, ...)
{
	char text[2048];
	va_list ap;

	if (uc_msg_verbosity < 0)
		return;
	va_start(ap, why);
	vsnprintf(text, sizeof(text), why, ap);
	va_end(ap);
	emit(what, text, NULL, "warning: ");
}

void uc_note(int level, const char *fmt, ...)
{
	char text[2048];
	va_list ap;

	if (uc_msg_verbosity < level)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	emit(NULL, text, NULL, "");
}
