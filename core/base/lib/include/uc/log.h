// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_LOG_H
#define UC_LOG_H
/* Kernel log. Text goes line by line to the sink bound by core/boot (console µlib or early port).
 * Context: any, never blocks. Lines over 480 bytes are truncated. */
#include <uc/types.h>
enum uc_loglevel { UC_LOG_ERROR, UC_LOG_WARN, UC_LOG_INFO, UC_LOG_DEBUG };
extern enum uc_loglevel uc_log_level; /* lines above it are dropped */
void uc_log(enum uc_loglevel level, const char *fmt, ...) UC_PRINTF(2, 3);
/* Replaces the sink (default: none, text is kept in a small ring that a new sink drains). */
void uc_log_set_sink(void (*sink)(const char *text, size_t len));
/* Internal error: reports and powers off with UC_EXIT_PANIC. */
UC_NORETURN void uc_panic(const char *fmt, ...) UC_PRINTF(1, 2);
/* What uc_panic calls after logging: bound by core/boot. */
UC_NORETURN void uc_panic_hook(void);
/* A bug in the kernel, never bad input. The message names the invariant. */
#define UC_ASSERT(cond, invariant)                                                                 \
	do {                                                                                       \
		if (UC_UNLIKELY(!(cond)))                                                          \
			uc_panic("%s:%d: invariant broken: %s", __FILE_NAME__, __LINE__,           \
				 invariant);                                                       \
	} while (0)
#endif
