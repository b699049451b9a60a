// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <fcntl.h>
#include <libelf.h>
#include <string.h>
#include <unistd.h>

#include <unicore/link.h>

#define HANDLER "uc_sys_"

int uc_archive_calls(const char *archive, struct uc_map *calls)
{
	int fd = open(archive, O_RDONLY | O_CLOEXEC), rc = 0;
	size_t n = 0;
	Elf_Arsym *sym;
	Elf *e;

	if (fd < 0) return -errno;
	elf_version(EV_CURRENT);
	e = elf_begin(fd, ELF_C_READ, NULL);
	if (!e || elf_kind(e) != ELF_K_AR) {
		rc = -EINVAL;
		goto out;
	}
	sym = elf_getarsym(e, &n);
	for (size_t i = 0; sym && i < n; i++)
		if (sym[i].as_name && uc_has_prefix(sym[i].as_name, HANDLER))
			*uc_map_put(calls, sym[i].as_name + strlen(HANDLER)) = calls;
out:
	elf_end(e);
	close(fd);
	return rc;
}
