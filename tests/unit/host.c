// SPDX-License-Identifier: BSD-3-Clause
/*
 * What core sources need from their neighbours when a unit test or fuzz target runs them on the
 * host. Everything is weak: a test that compiles the real thing, or its own fake, wins.
 * Physical addresses are host pointers, so frames can be used as memory.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <uc/frame.h>
#include <uc/heap.h>
#include <uc/log.h>
#include <uc/random.h>
#include <uc/sched.h>

#define WEAK __attribute__((weak))

WEAK enum uc_loglevel uc_log_level = UC_LOG_ERROR;

/* ---- formatting, log ---- */
WEAK int uc_vsnprintf(char *buf, size_t cap, const char *fmt, va_list ap)
{
	return vsnprintf(buf, cap, fmt, ap);
}

WEAK int uc_snprintf(char *buf, size_t cap, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(buf, cap, fmt, ap);
	va_end(ap);
	return n;
}

WEAK size_t uc_strlcpy(char *d, const char *s, size_t cap)
{
	size_t n = strlen(s);
	if (cap > 0) {
		size_t k = n < cap ? n : cap - 1;
		memcpy(d, s, k);
		d[k] = 0;
	}
	return n;
}

WEAK void uc_log(enum uc_loglevel level, const char *fmt, ...)
{
	if (level > uc_log_level) {
		return;
	}
	va_list ap;
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

WEAK void uc_panic(const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	abort();
}

WEAK long uc_unsupported(long err, const char *fmt, ...)
{
	(void)fmt;
	return err;
}

/* ---- memory ---- */
WEAK void *uc_heap_alloc(size_t n)
{
	return malloc(n ? n : 1);
}

WEAK void *uc_heap_zalloc(size_t n)
{
	return calloc(1, n ? n : 1);
}

WEAK void *uc_heap_alloc_aligned(size_t n, size_t align)
{
	void *p = NULL;
	if (align < sizeof(void *)) {
		align = sizeof(void *);
	}
	return posix_memalign(&p, align, n ? n : 1) == 0 ? p : NULL;
}

WEAK void *uc_heap_realloc(void *p, size_t n)
{
	return realloc(p, n ? n : 1);
}

WEAK void uc_heap_free(void *p)
{
	free(p);
}

WEAK char *uc_heap_strdup(const char *s)
{
	return strdup(s);
}

WEAK uc_paddr uc_frame_alloc_order(unsigned order)
{
	size_t n = UC_PAGE_SIZE << order;
	return (uc_paddr)(uintptr_t)aligned_alloc(n, n);
}

WEAK void uc_cpu_device_fence(void) {}
WEAK void *uc_arch_kstack_map(uc_paddr pa)
{
	return uc_phys_to_virt(pa);
}
WEAK uc_paddr uc_arch_kstack_unmap(void *stack)
{
	return uc_virt_to_phys(stack);
}

WEAK uc_paddr uc_frame_alloc(void)
{
	return uc_frame_alloc_order(0);
}

WEAK uc_paddr uc_frame_alloc_order_zero(unsigned order)
{
	uc_paddr pa = uc_frame_alloc_order(order);
	if (pa != UC_FRAME_NONE) {
		memset((void *)(uintptr_t)pa, 0, UC_PAGE_SIZE << order);
	}
	return pa;
}

WEAK uc_paddr uc_frame_alloc_zero(void)
{
	return uc_frame_alloc_order_zero(0);
}

/* Frames handed out here have one owner: tests that share frames compile the real allocator. */
WEAK void uc_frame_unref(uc_paddr pa)
{
	free((void *)(uintptr_t)pa);
}

WEAK void uc_frame_unref_order(uc_paddr pa, unsigned order)
{
	(void)order;
	free((void *)(uintptr_t)pa);
}

WEAK void *uc_phys_to_virt(uc_paddr pa)
{
	return (void *)(uintptr_t)pa;
}

WEAK uc_paddr uc_virt_to_phys(const void *va)
{
	return (uc_paddr)(uintptr_t)va;
}

/* ---- one thread, a repeatable random generator, the host's clock ---- */
WEAK struct uc_thread *uc_thread_current(void)
{
	static struct uc_thread self;
	return &self;
}

WEAK void uc_mutex_lock(struct uc_mutex *m)
{
	if (m->owner != NULL) {
		uc_panic("recursive lock");
	}
	m->owner = uc_thread_current();
}

WEAK void uc_mutex_unlock(struct uc_mutex *m)
{
	if (m->owner != uc_thread_current()) {
		uc_panic("unlock by another thread");
	}
	m->owner = NULL;
}

/* xorshift64* */
WEAK uint64_t uc_random_u64(void)
{
	static uint64_t state = 0x9e3779b97f4a7c15ull;
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1dull;
}

WEAK uint64_t uc_random_below(uint64_t bound)
{
	return uc_random_u64() % bound;
}

WEAK void uc_random_bytes(void *buf, size_t n)
{
	unsigned char *p = buf;
	while (n-- > 0) {
		*p++ = (unsigned char)uc_random_u64();
	}
}

WEAK uc_nsec uc_time_mono(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uc_nsec)ts.tv_sec * 1000000000u + (uc_nsec)ts.tv_nsec;
}
