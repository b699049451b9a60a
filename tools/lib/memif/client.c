// SPDX-License-Identifier: BSD-3-Clause
/* The memory that a client offers: two rings, then a buffer for each of their descriptors. */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "wire.h"

#define PAGE 4096u

static void make_ring(char *memory, const struct uc_memif_place *p, uint32_t buffers)
{
	struct uc_memif_ring *r = (struct uc_memif_ring *)(memory + p->offset);

	r->cookie = UC_MEMIF_COOKIE;
	for (uint32_t i = 0; i < 1u << p->log2; i++)
		r->desc[i] = (struct uc_memif_desc){ .length = UC_MEMIF_BUFFER,
						     .offset = buffers + i * UC_MEMIF_BUFFER };
}

static int fill(int fd, size_t bytes, const struct uc_memif_layout *l, uint32_t buffers)
{
	char *p = ftruncate(fd, (off_t)bytes) < 0
			  ? MAP_FAILED
			  : mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (p == MAP_FAILED)
		return -1;
	for (unsigned i = 0; i < 2; i++)
		make_ring(p, &l->ring[i], buffers + i * (UC_MEMIF_BUFFER << l->ring[i].log2));
	munmap(p, bytes);
	return fcntl(fd, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
}

int memif_make_memory(unsigned log2, struct uc_memif_layout *l)
{
	uint32_t ring = (uint32_t)UC_MEMIF_RING_BYTES(log2);
	uint32_t buffers = (2 * ring + PAGE - 1) / PAGE * PAGE;
	int fd = memfd_create("memif", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	*l = (struct uc_memif_layout){ .client = 1, .nregions = 1 };
	l->ring[UC_MEMIF_TO_SERVER].log2 = l->ring[UC_MEMIF_TO_CLIENT].log2 = (uint8_t)log2;
	l->ring[UC_MEMIF_TO_CLIENT].offset = ring;
	if (fd >= 0 && fill(fd, buffers + 2 * (UC_MEMIF_BUFFER << log2), l, buffers) < 0) {
		int err = errno;

		close(fd);
		return -err;
	}
	return fd < 0 ? -errno : fd;
}
