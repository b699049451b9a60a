// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <uc/filecopy.h>
#include <uc/heap.h>
#include <uc/part.h>

UC_NEEDS_PART(stdin);

static ssize_t write_all(struct uc_file *out, void *buf, size_t n, uint64_t *pos)
{
	struct uc_iovec one;
	struct uc_iter it;
	size_t done = 0;
	ssize_t r = 0;

	while (done < n) {
		uc_iter_kernel(&it, &one, (char *)buf + done, n - done);
		r = uc_file_write(out, &it, pos);
		if (r <= 0)
			break;
		done += (size_t)r;
	}
	return done ? (ssize_t)done : r;
}

long uc_file_copy(struct uc_file *in, uint64_t *in_pos, struct uc_file *out, uint64_t *out_pos,
		  uint64_t n)
{
	size_t cap = UC_MIN(n, (uint64_t)UC_COPY_CHUNK);
	char *buf = uc_heap_alloc(cap ? cap : 1);
	struct uc_iovec one;
	struct uc_iter it;
	uint64_t done = 0;
	ssize_t r = 0, w = 0;

	if (!buf)
		return -ENOMEM;
	while (done < n) {
		uint64_t pos = in_pos ? *in_pos : in->pos;

		uc_iter_kernel(&it, &one, buf, UC_MIN(n - done, (uint64_t)cap));
		r = w = uc_file_read(in, &it, &pos);
		if (r <= 0)
			break;
		w = write_all(out, buf, (size_t)r, out_pos);
		if (w <= 0)
			break;
		*(in_pos ? in_pos : &in->pos) += (uint64_t)w;
		done += (uint64_t)w;
		if (w < r)
			break;
	}
	uc_heap_free(buf);
	return done ? (long)done : w;
}
