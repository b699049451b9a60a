// SPDX-License-Identifier: BSD-3-Clause
/* A kernel is loaded by its program headers: the table of sections, which strip(1) leaves, goes. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "trim.h"

/* End of what the program headers name. 0: no such file. */
static uint64_t loaded_end(int fd, const Elf64_Ehdr *h)
{
	uint64_t end = h->e_phoff + (uint64_t)h->e_phnum * sizeof(Elf64_Phdr);

	for (unsigned i = 0; i < h->e_phnum; i++) {
		Elf64_Phdr p;

		if (pread(fd, &p, sizeof(p), (off_t)(h->e_phoff + i * sizeof(p))) != sizeof(p))
			return 0;
		if (p.p_offset + p.p_filesz > end) end = p.p_offset + p.p_filesz;
	}
	return end;
}

int uc_elf_trim(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC), rc = 0;
	uint64_t end;
	Elf64_Ehdr h;

	if (fd < 0) return -errno;
	if (pread(fd, &h, sizeof(h), 0) != sizeof(h) || !(end = loaded_end(fd, &h))) rc = -EIO;
	if (!rc) {
		h.e_shoff = 0;
		h.e_shnum = h.e_shstrndx = 0;
		if (pwrite(fd, &h, sizeof(h), 0) != sizeof(h) || ftruncate(fd, (off_t)end))
			rc = errno ? -errno : -EIO;
	}
	close(fd);
	return rc;
}
