// SPDX-License-Identifier: BSD-3-Clause
#include <uc/filecall.h>
#include <uc/heap.h>
#include <uc/string.h>

/* Entries are gathered in kernel memory: a page fault on the application's buffer must not happen
 * while a file system walks its directory. */
#define GATHER_MAX 8192u

struct gather {
	char *buf;
	size_t cap, used;
	bool legacy; /* struct linux_dirent: type in the last byte */
	bool full;
};

#define HDR64  19u /* d_ino, d_off, d_reclen, d_type of struct linux_dirent64 */
#define HDR_LEGACY 18u

static void put_header(char *p, uint64_t ino, uint64_t off, uint16_t reclen)
{
	memcpy(p, &ino, 8);
	memcpy(p + 8, &off, 8);
	memcpy(p + 16, &reclen, 2);
}

static int gather_one(void *ctx, const char *name, size_t len, uint64_t ino, unsigned dtype,
		      uint64_t next_pos)
{
	struct gather *g = ctx;
	size_t hdr = g->legacy ? HDR_LEGACY : HDR64;
	size_t rec = (hdr + len + 1 + (g->legacy ? 1 : 0) + 7) & ~(size_t)7;
	char *p = g->buf + g->used;

	if (rec > g->cap - g->used) {
		g->full = true;
		return 1;
	}
	memset(p, 0, rec);
	put_header(p, ino, next_pos, (uint16_t)rec);
	memcpy(p + hdr, name, len);
	p[g->legacy ? rec - 1 : 18] = (char)dtype;
	g->used += rec;
	return 0;
}

static long read_dir(struct uc_file *f, uc_uptr ubuf, size_t n, bool legacy)
{
	struct gather g = { .cap = UC_MIN(n, GATHER_MAX), .legacy = legacy };
	uint64_t before = f->pos;
	long r;

	if (!f->inode || (f->inode->mode & S_IFMT) != S_IFDIR)
		return -ENOTDIR;
	g.buf = uc_heap_alloc(g.cap ? g.cap : 1);
	if (!g.buf)
		return -ENOMEM;
	r = uc_file_readdir(f, gather_one, &g);
	if (g.used > 0) {
		r = (long)g.used;
		if (uc_user_write(ubuf, g.buf, g.used) < 0) {
			f->pos = before;
			r = -EFAULT;
		}
	} else if (r >= 0) {
		r = g.full ? -EINVAL : 0;
	}
	uc_heap_free(g.buf);
	return r;
}

static long getdents(unsigned fd, uc_uptr buf, unsigned n, bool legacy)
{
	struct uc_file *f = uc_fget((int)fd);
	long r;

	if (!f)
		return -EBADF;
	r = read_dir(f, buf, n, legacy);
	uc_file_unref(f);
	return r;
}

long uc_sys_getdents64(unsigned fd, uc_uptr buf, unsigned n)
{
	return getdents(fd, buf, n, false);
}

long uc_sys_getdents(unsigned fd, uc_uptr buf, unsigned n)
{
	return getdents(fd, buf, n, true);
}
