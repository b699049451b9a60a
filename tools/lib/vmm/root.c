// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include <unicore/vmm.h>

int uc_root_prepare(const char *path, uint64_t *size)
{
	struct stat st;
	uint64_t want = 1 << 20;

	if (stat(path, &st) < 0)
		return -errno;
	while (want < (uint64_t)st.st_size)
		want <<= 1;
	*size = want;
	if ((uint64_t)st.st_size == want)
		return 0;
	return truncate(path, (off_t)want) < 0 ? -errno : 0;
}
