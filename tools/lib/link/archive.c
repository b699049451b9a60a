// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <fcntl.h>
#include <libelf.h>
#include <string.h>
#include <unistd.h>

#include <unicore/link.h>

int uc_archive_names(const char *archive, const char *prefix, struct uc_map *names)
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
		if (sym[i].as_name && uc_has_prefix(sym[i].as_name, prefix))
			*uc_map_put(names, sym[i].as_name + strlen(prefix)) = names;
out:
	elf_end(e);
	close(fd);
	return rc;
}
