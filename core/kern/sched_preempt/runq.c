// SPDX-License-Identifier: BSD-3-Clause
/*
 * Pre-emptive run queue: round robin. A thread that has run in the application for a whole slice
 * goes behind all that are ready, so a busy loop keeps nobody from running. Inside the kernel
 * nothing is pre-empted.
 */
#include <uc/runq_fifo.h>

/* Long enough that switching costs little, short enough for a shell's or an interpreter's peers. */
#define SLICE_NS ((uc_nsec)5 * 1000 * 1000)

uc_nsec uc_runq_slice(const struct uc_thread *t)
{
	(void)t;
	return SLICE_NS;
}
