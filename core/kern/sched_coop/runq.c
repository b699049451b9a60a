// SPDX-License-Identifier: BSD-3-Clause
/*
 * Co-operative run queue: first come, first served. A thread runs until it blocks, yields or ends,
 * so there is no time slice and nothing is ever pre-empted.
 */
#include <uc/runq_fifo.h>

uc_nsec uc_runq_slice(const struct uc_thread *t)
{
	(void)t;
	return 0;
}
