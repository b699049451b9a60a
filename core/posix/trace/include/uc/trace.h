// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_TRACE_H
#define UC_TRACE_H
/*
 * System-call trace. An optional µlib: these symbols are NULL in an image linked without it.
 * Context: thread of the application; may block while its memory is brought in or the log drains.
 */
#include <uc/types.h>
/* Before the handler runs. A call that does not return is logged here. */
__attribute__((weak)) void uc_trace_enter(uint64_t nr, const uint64_t a[6]);
/* After it: ret is what the application gets, or a restart code (-UC_ERESTARTSYS ...). */
__attribute__((weak)) void uc_trace_leave(uint64_t nr, const uint64_t a[6], long ret);
/* Name of a system call, or NULL. */
__attribute__((weak)) const char *uc_trace_call_name(uint64_t nr);
#endif
