// SPDX-License-Identifier: BSD-3-Clause
#ifndef CHECK_H
#define CHECK_H
/*
 * For guest programs that test one behaviour: CHECK notes what does not hold, `return check_done()`
 * ends main with "ok" or "FAILED". A program runs natively and in a guest, and both outputs must be
 * the same, so it prints nothing that may differ (addresses, times, pids).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

static int check_failures;

#define CHECK(cond) \
	do { \
		if (!(cond)) { \
			printf("%s:%d: does not hold: %s (errno %s)\n", __FILE__, __LINE__, #cond, \
			       strerror(errno)); \
			check_failures++; \
		} \
	} while (0)

/* The call returns -1 and sets errno to err. */
#define CHECK_ERR(call, err) \
	do { \
		errno = 0; \
		long r_ = (long)(call); \
		if (r_ != -1 || errno != (err)) { \
			int e_ = errno; \
			printf("%s:%d: %s: %ld", __FILE__, __LINE__, #call, r_); \
			printf(" (%s), expected -1 (%s)\n", strerror(e_), strerror(err)); \
			check_failures++; \
		} \
	} while (0)

static inline int check_done(void)
{
	puts(check_failures ? "FAILED" : "ok");
	return check_failures != 0;
}

#endif
