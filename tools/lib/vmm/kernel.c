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

/* The entry in Xen's note XEN_ELFNOTE_PHYS32_ENTRY, the first of the segment (kernel.ld). */
static uint32_t pvh_entry(int fd, const Elf64_Phdr *p, size_t n)
{
	struct {
		Elf64_Nhdr h;
		char name[4];
		uint32_t entry;
	} note;

	for (size_t i = 0; i < n; i++)
		if (p[i].p_type == PT_NOTE &&
		    pread(fd, &note, sizeof(note), (off_t)p[i].p_offset) == (ssize_t)sizeof(note) &&
		    note.h.n_type == 18 && note.h.n_descsz >= 4 && !memcmp(note.name, "Xen", 4))
			return note.entry;
	return 0;
}

static const char *inspect(int fd, uint64_t lowest, struct uc_kernel *k)
{
	Elf64_Phdr p[MAX_SEGMENTS];
	Elf64_Ehdr h;
	uint64_t file;
	ssize_t n;

	if (pread(fd, &h, sizeof(h), 0) != (ssize_t)sizeof(h) || !is_kernel(&h))
		return "it is not the kernel of an image";
	n = (ssize_t)(h.e_phnum * sizeof(*p));
	if (h.e_phoff > k->bytes || pread(fd, p, (size_t)n, (off_t)h.e_phoff) != n ||
	    !measure(p, h.e_phnum, lowest, &k->memory_end, &file))
		return "it is damaged, or not the kernel of an image";
	if (file > k->bytes)
		return "it is truncated";
	k->entry = pvh_entry(fd, p, h.e_phnum);
	return lowest && !k->entry ? "it has no PVH entry" : NULL;
}

int uc_kernel_measure(const char *path, bool process, struct uc_kernel *k)
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
	k->bytes = (uint64_t)st.st_size;
	why = inspect(fd, process ? 0 : LOWEST, k);
	close(fd);
	return why ? uc_fail(UC_ST_DATA, path, "build the image again", "%s", why) : 0;
}
