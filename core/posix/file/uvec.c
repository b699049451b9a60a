// SPDX-License-Identifier: BSD-3-Clause
#include <uc/filecall.h>
#include <uc/heap.h>

static int check(struct uc_uvec *v, struct uc_iovec *iov, unsigned n)
{
	uint64_t total = 0;

	for (unsigned i = 0; i < n; i++) {
		if ((int64_t)iov[i].len < 0)
			return -EINVAL;
		if (!uc_user_ok(iov[i].base, iov[i].len))
			return -EFAULT;
		if (iov[i].len > UC_RW_MAX - total)
			iov[i].len = UC_RW_MAX - total;
		total += iov[i].len;
	}
	v->it = (struct uc_iter){ .iov = iov, .niov = n, .left = total };
	return 0;
}

int uc_uvec_get(struct uc_uvec *v, uc_uptr uiov, uint64_t n)
{
	struct uc_iovec *iov = v->fast;
	int r;

	v->heap = NULL;
	if (n > UC_IOV_MAX)
		return -EINVAL;
	if (n > UC_IOV_FAST) {
		iov = v->heap = uc_heap_alloc(n * sizeof(*iov));
		if (!iov)
			return -ENOMEM;
	}
	r = uc_user_read(iov, uiov, n * sizeof(*iov));
	if (r == 0)
		r = check(v, iov, (unsigned)n);
	if (r < 0)
		uc_uvec_put(v);
	return r;
}

void uc_uvec_put(struct uc_uvec *v)
{
	uc_heap_free(v->heap);
}
