// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_HEAP_H
#define UC_HEAP_H
/*
 * The kernel heap. Interface of interchangeable µlibs (heap_slab, heap_tlsf), chosen by name at
 * link. Context: thread or boot, never blocks. Alignment 16 unless asked otherwise. NULL:
 * exhausted.
 */
#include <uc/types.h>
void *uc_heap_alloc(size_t n) UC_MUST_CHECK;
void *uc_heap_zalloc(size_t n) UC_MUST_CHECK;
void *uc_heap_alloc_aligned(size_t n, size_t align)
	UC_MUST_CHECK; /* align: power of two < 4096; free as usual */
void *uc_heap_realloc(void *p, size_t n) UC_MUST_CHECK; /* on NULL the old block stays valid */
void uc_heap_free(void *p);                             /* NULL is ignored */
struct uc_heap_stats {
	uint64_t in_use_bytes, held_bytes, allocs;
};
void uc_heap_stats(struct uc_heap_stats *out);
static inline void *uc_heap_calloc(size_t n, size_t size)
{
	size_t total;
	if (__builtin_mul_overflow(n, size, &total)) return NULL;
	return uc_heap_zalloc(total);
}
char *uc_heap_strdup(const char *s) UC_MUST_CHECK;
#endif
