// SPDX-License-Identifier: BSD-3-Clause
#include <uc/hostfd.h>

void *uc_hostfd_shared(int fd, uint64_t *bytes)
{
	return uc_host_shared(fd, bytes);
}
