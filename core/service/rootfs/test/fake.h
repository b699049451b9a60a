// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_FS_TEST_FAKE_H
#define UC_FS_TEST_FAKE_H
/*
 * What the file systems need from below, for hosted tests: counted frames in host memory, a clock
 * that counts how often it was asked, credentials the test sets, a fixture that finds leaks.
 */
#include <asm/errno.h> /* Linux's own headers first: the C library's would hide parts of them */
#include <linux/fs.h>
#include <uc/frame.h>
#include <uc/heap.h>
#include <uc/rootfs.h>
#include <uc/time.h>
#include <uc/user.h>
#include <uc/vfs.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t fake_uid, fake_gid;
static unsigned fake_clock_asked, fake_live_frames, fake_frames_limit = 100000;
static uint64_t fake_fsize = UINT64_MAX;
static struct uc_fdtable *fake_fds;

/* The heap fails once after this many allocations; 0: never. */
static unsigned fake_heap_countdown;
static bool fake_heap_fails(void) { return fake_heap_countdown && --fake_heap_countdown == 0; }
void *uc_heap_alloc(size_t n) { return fake_heap_fails() ? NULL : malloc(n); }
void *uc_heap_zalloc(size_t n) { return fake_heap_fails() ? NULL : calloc(1, n); }
char *uc_heap_strdup(const char *s) { return fake_heap_fails() ? NULL : strdup(s); }

/* A frame is followed by a page that holds its reference count. */
static uint32_t *fake_count(uc_paddr pa) { return (uint32_t *)(uintptr_t)(pa + UC_PAGE_SIZE); }
uc_paddr uc_frame_alloc(void)
{
	void *p = aligned_alloc(UC_PAGE_SIZE, 2 * UC_PAGE_SIZE);
	memset(p, 0xa5, UC_PAGE_SIZE);
	*fake_count((uc_paddr)(uintptr_t)p) = 1;
	fake_live_frames++;
	return (uc_paddr)(uintptr_t)p;
}
uc_paddr uc_frame_alloc_zero(void)
{
	uc_paddr pa = uc_frame_alloc();
	memset((void *)(uintptr_t)pa, 0, UC_PAGE_SIZE);
	return pa;
}
void uc_frame_ref(uc_paddr pa) { ++*fake_count(pa); }
void uc_frame_unref(uc_paddr pa)
{
	if (--*fake_count(pa))
		return;
	fake_live_frames--;
	free((void *)(uintptr_t)pa);
}
void uc_frame_stats(struct uc_frame_stats *out)
{
	*out = (struct uc_frame_stats){ .total = 1024,
					.free = fake_live_frames < fake_frames_limit ? 1024 : 0 };
}
void *uc_phys_to_virt(uc_paddr pa) { return (void *)(uintptr_t)pa; }
uc_nsec uc_time_real(void)
{
	fake_clock_asked++;
	return 1800000000000000000ull + fake_clock_asked;
}
void uc_mutex_lock(struct uc_mutex *m) { assert_null(m->owner); m->owner = (void *)1; }
void uc_mutex_unlock(struct uc_mutex *m) { assert_non_null(m->owner); m->owner = NULL; }
extern const char uc_part_invalidate;
const char uc_part_invalidate; /* kern/vm (uc/part.h) */
void uc_upcall_creds(uint32_t *uid, uint32_t *gid) { *uid = fake_uid; *gid = fake_gid; }
bool uc_upcall_in_group(uint32_t gid) { return false; }
int uc_upcall_check_fsize(uint64_t end) { return end > fake_fsize ? -EFBIG : 0; }
int64_t uc_upcall_fsize_room(uint64_t pos, uint64_t n)
{
	return pos >= fake_fsize ? -EFBIG : (int64_t)UC_MIN(n, fake_fsize - pos);
}
struct uc_fdtable *uc_upcall_fdtable(void) { return fake_fds; }
/* "Application" memory is host memory; address ~0 down to ~0xffff faults. */
size_t uc_user_read_some(void *dst, uc_uptr src, size_t n)
{
	if (src >= (uc_uptr)-0x10000)
		return 0;
	memcpy(dst, (void *)(uintptr_t)src, n);
	return n;
}
size_t uc_user_write_some(uc_uptr dst, const void *src, size_t n)
{
	if (dst >= (uc_uptr)-0x10000)
		return 0;
	memcpy((void *)(uintptr_t)dst, src, n);
	return n;
}
int uc_user_zero(uc_uptr dst, size_t n)
{
	memset((void *)(uintptr_t)dst, 0, n);
	return 0;
}
int uc_parse_u64(const char *s, unsigned base, uint64_t *out)
{
	char *end;
	*out = strtoull(s, &end, (int)base);
	return *s && !*end ? 0 : -EINVAL;
}

static void *fake_image;
static uint64_t fake_image_len;
static inline void fake_load_image(const char *path)
{
	FILE *f = fopen(path, "rb");
	assert_non_null(f);
	fseek(f, 0, SEEK_END);
	fake_image_len = (uint64_t)ftell(f);
	rewind(f);
	fake_image = aligned_alloc(UC_PAGE_SIZE, UC_PAGE_UP(fake_image_len));
	assert_int_equal(fread(fake_image, 1, fake_image_len, f), fake_image_len);
	fclose(f);
}
static inline uint8_t fake_pattern(uint64_t i) { return (uint8_t)(i * 7 + (i >> 8)); }
#endif
