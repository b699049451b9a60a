// SPDX-License-Identifier: BSD-3-Clause
/* Memory that others share with this process: mapped before it is locked down, for good. */
#include <asm/mman.h>
#include <asm/unistd.h>
#include <linux/fs.h>
#include <linux/mman.h>
#include "info.h"

#define MAX_SHARED 8

static struct {
	void *at;
	uint64_t bytes;
	int fd;
} shared[MAX_SHARED];
static unsigned nshared;

static bool map(int fd, uint64_t bytes)
{
	uint64_t at = linux_reserve(&linux_info, UC_PAGE_UP(bytes));
	long r = uc_host_call(__NR_mmap, at, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
			      (uint64_t)fd, 0);

	if (r < 0)
		return false;
	shared[nshared].at = (void *)at;
	shared[nshared].bytes = bytes;
	shared[nshared++].fd = fd;
	return true;
}

/* Of all that comes after memory only such files have an end to seek. */
void linux_shared_init(void)
{
	for (int fd = UC_PROCFD_9P; (unsigned)(fd - UC_PROCFD_9P) < uc_host_channels(); fd++) {
		long bytes = UC_HOST3(__NR_lseek, fd, 0, SEEK_END);

		if (bytes > 0 && (nshared == MAX_SHARED || !map(fd, (uint64_t)bytes)))
			linux_die("cannot map the memory that it is to share");
	}
}

void *uc_host_shared(int fd, uint64_t *bytes)
{
	for (unsigned i = 0; i < nshared; i++) {
		if (shared[i].fd == fd) {
			*bytes = shared[i].bytes;
			return shared[i].at;
		}
	}
	return NULL;
}
