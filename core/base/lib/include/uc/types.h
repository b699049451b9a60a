// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_TYPES_H
#define UC_TYPES_H
/* Basic types and compiler helpers, usable by every layer. Context: any. */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int64_t ssize_t;
typedef int64_t loff_t;
typedef uint64_t uc_paddr;  /* guest physical address */
typedef uintptr_t uc_vaddr; /* virtual address */
typedef uint64_t uc_nsec;   /* nanoseconds; as a deadline: CLOCK_MONOTONIC */
typedef uint64_t uc_uptr;   /* address in the application: never dereference, use uc/user.h */

#define UC_FOREVER   ((uc_nsec)-1) /* deadline: none */
#define UC_PAGE_SHIFT 12
#define UC_PAGE_SIZE  4096ull
#define UC_PAGE_MASK  (~(UC_PAGE_SIZE - 1))
#define UC_PAGE_UP(x)   (((uint64_t)(x) + UC_PAGE_SIZE - 1) & UC_PAGE_MASK)
#define UC_PAGE_DOWN(x) ((uint64_t)(x) & UC_PAGE_MASK)

#define UC_ARRAY_SIZE(a)    (sizeof(a) / sizeof((a)[0]))
#define UC_CONTAINER(p, T, m) ((T *)((char *)(p) - offsetof(T, m)))
#define UC_MIN(a, b) ({ __typeof__(a) a_ = (a); __typeof__(b) b_ = (b); a_ < b_ ? a_ : b_; })
#define UC_MAX(a, b) ({ __typeof__(a) a_ = (a); __typeof__(b) b_ = (b); a_ > b_ ? a_ : b_; })
#define UC_MUST_CHECK __attribute__((warn_unused_result))
#define UC_NORETURN   __attribute__((noreturn))
#define UC_PRINTF(f, a) __attribute__((format(printf, f, a)))
#define UC_UNUSED     __attribute__((unused))
#define UC_LIKELY(x)   __builtin_expect(!!(x), 1)
#define UC_UNLIKELY(x) __builtin_expect(!!(x), 0)
/* For a symbol that the linker script or assembly must see although visibility is hidden. */
#define UC_USED __attribute__((used))

/* Errors travel as negative Linux errno values; pointers may carry one. */
#define UC_IS_ERR(p)  ((uintptr_t)(p) >= (uintptr_t)-4095)
#define UC_PTR_ERR(p) ((long)(intptr_t)(p))
#define UC_ERR_PTR(e) ((void *)(intptr_t)(long)(e))

#endif
