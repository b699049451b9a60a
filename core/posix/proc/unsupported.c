// SPDX-License-Identifier: BSD-3-Clause
/* Register of what was asked for and is not implemented. */
#include <uc/fmt.h>
#include <uc/log.h>
#include <uc/proc.h>

#define NAMED_MAX 32u /* distinct things that are named; later ones are only counted */

bool uc_strict;
static uint64_t total;
static uint32_t named[NAMED_MAX];
static unsigned nnamed;

/* FNV-1a */
static uint32_t hash(const char *s)
{
	uint32_t h = 2166136261u;

	for (; *s; s++)
		h = (h ^ (uint8_t)*s) * 16777619u;
	return h;
}

static bool first_time(const char *what)
{
	uint32_t h = hash(what);

	for (unsigned i = 0; i < nnamed; i++) {
		if (named[i] == h)
			return false;
	}
	if (nnamed == NAMED_MAX)
		return false;
	named[nnamed++] = h;
	return true;
}

uint64_t uc_unsupported_count(void)
{
	return total;
}

long uc_unsupported(long err, const char *fmt, ...)
{
	char what[128];
	va_list ap;

	va_start(ap, fmt);
	uc_vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	total++;
	if (first_time(what) || uc_strict)
		uc_log(uc_strict ? UC_LOG_ERROR : UC_LOG_WARN, "not implemented: %s (errno %ld)",
		       what, -err);
	if (uc_strict)
		uc_upcall_strict_stop();
	return err;
}
