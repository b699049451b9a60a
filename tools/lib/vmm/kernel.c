// SPDX-License-Identifier: BSD-3-Clause
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <unicore/msg.h>
#include <unicore/vmm.h>

#define MAX_SEGMENTS 16
#define LOWEST       (1u << 20) /* below is not all memory */

static bool is_kernel(const Elf64_Ehdr *h)
{
	return !memcmp(h->e_ident, ELFMAG, SELFMAG) && h->e_ident[EI_CLASS] == ELFCLASS64 &&
	       h->e_ident[EI_DATA] == ELFDATA2LSB && h->e_machine == EM_X86_64 &&
	       h->e_phentsize == sizeof(Elf64_Phdr) && h->e_phnum &&
	       h->e_phnum <= MAX_SEGMENTS;
}

/* End of memory and of the file as the segments say. */
static bool measure(const Elf64_Phdr *p, size_t n, uint64_t lowest, uint64_t *memory,
		    uint64_t *file)
{
	*memory = *file = 0;
	for (size_t i = 0; i < n; i++) {
		uint64_t mem_end, file_end;

		if (p[i].p_type != PT_LOAD) continue;
		if (p[i].p_paddr < lowest) return false;
		if (__builtin_add_overflow(p[i].p_paddr, p[i].p_memsz, &mem_end) ||
		    __builtin_add_overflow(p[i].p_offset, p[i].p_filesz, &file_end))
			return false;
		if (mem_end > *memory) *memory = mem_end;
		if (file_end > *file) *file = file_end;
	}
	return *memory > 0;
}

static const char *inspect(int fd, uint64_t bytes, uint64_t lowest, uint64_t *memory)
{
	Elf64_Phdr p[MAX_SEGMENTS];
	Elf64_Ehdr h;
	uint64_t file;
	ssize_t n;

	if (pread(fd, &h, sizeof(h), 0) != (ssize_t)sizeof(h) || !is_kernel(&h))
		return "it is not the kernel of an image";
	n = (ssize_t)(h.e_phnum * sizeof(*p));
	if (h.e_phoff > bytes || pread(fd, p, (size_t)n, (off_t)h.e_phoff) != n ||
	    !measure(p, h.e_phnum, lowest, memory, &file))
		return "it is damaged, or not the kernel of an image";
	return file > bytes ? "it is truncated" : NULL;
}

int uc_kernel_measure(const char *path, bool process, uint64_t *bytes, uint64_t *memory)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	const char *why = NULL;
	struct stat st;

	if (fd < 0 || fstat(fd, &st)) {
		int err = errno;

		if (fd >= 0) close(fd);
		return uc_fail_os(UC_ST_NOINPUT, path, "build the image again", err,
				  "cannot read the kernel");
	}
	*bytes = (uint64_t)st.st_size;
	why = inspect(fd, *bytes, process ? 0 : LOWEST, memory);
	close(fd);
	return why ? uc_fail(UC_ST_DATA, path, "build the image again", "%s", why) : 0;
}
