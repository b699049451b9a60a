// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <uc/string.h>
#include <uc/user.h>
#include <uc/vfs.h>

void uc_iter_kernel(struct uc_iter *it, struct uc_iovec *storage, void *buf, size_t n)
{
	*storage = (struct uc_iovec){ (uint64_t)(uintptr_t)buf, n };
	*it = (struct uc_iter){ .iov = storage, .niov = 1, .left = n, .kernel = true };
}

/* Bytes that can be moved in one piece at *base; 0 at the end. */
static size_t iter_piece(struct uc_iter *it, size_t want, uint64_t *base)
{
	if (want > it->left)
		want = it->left;
	while (want && it->niov && it->skip >= it->iov->len) {
		it->iov++;
		it->niov--;
		it->skip = 0;
	}
	if (!want || !it->niov)
		return 0;
	*base = it->iov->base + it->skip;
	return UC_MIN(want, it->iov->len - it->skip);
}

static void iter_advance(struct uc_iter *it, size_t n)
{
	it->skip += n;
	it->left -= n;
}

static size_t move_put(const struct uc_iter *it, uint64_t base, const void *src, size_t n)
{
	if (!it->kernel)
		return uc_user_write_some(base, src, n);
	memcpy((void *)(uintptr_t)base, src, n);
	return n;
}

static size_t move_get(const struct uc_iter *it, uint64_t base, void *dst, size_t n)
{
	if (!it->kernel)
		return uc_user_read_some(dst, base, n);
	memcpy(dst, (const void *)(uintptr_t)base, n);
	return n;
}

/* At most to the next page boundary, so that a fault loses nothing that was possible before it. */
static size_t move_zero(const struct uc_iter *it, uint64_t base, size_t *n)
{
	if (it->kernel) {
		memset((void *)(uintptr_t)base, 0, *n);
		return *n;
	}
	*n = UC_MIN(*n, UC_PAGE_SIZE - (base & ~UC_PAGE_MASK));
	return uc_user_zero(base, *n) ? 0 : *n;
}

ssize_t uc_iter_put(struct uc_iter *it, const void *src, size_t n)
{
	size_t done = 0, piece;
	uint64_t base;
	while ((piece = iter_piece(it, n - done, &base))) {
		size_t got = move_put(it, base, (const char *)src + done, piece);
		iter_advance(it, got);
		done += got;
		if (got < piece)
			return done ? (ssize_t)done : -EFAULT;
	}
	return (ssize_t)done;
}

ssize_t uc_iter_get(struct uc_iter *it, void *dst, size_t n)
{
	size_t done = 0, piece;
	uint64_t base;
	while ((piece = iter_piece(it, n - done, &base))) {
		size_t got = move_get(it, base, (char *)dst + done, piece);
		iter_advance(it, got);
		done += got;
		if (got < piece)
			return done ? (ssize_t)done : -EFAULT;
	}
	return (ssize_t)done;
}

ssize_t uc_iter_put_zero(struct uc_iter *it, size_t n)
{
	size_t done = 0, piece;
	uint64_t base;
	while ((piece = iter_piece(it, n - done, &base))) {
		size_t got = move_zero(it, base, &piece);
		iter_advance(it, got);
		done += got;
		if (got < piece)
			return done ? (ssize_t)done : -EFAULT;
	}
	return (ssize_t)done;
}
