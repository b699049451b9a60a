// SPDX-License-Identifier: BSD-3-Clause
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <unicore/elf.h>

enum uc_elf_result uc_elf_read(const char *path, struct uc_elf *out, const char **why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	enum uc_elf_result r;
	struct stat st;
	void *map;

	*out = (struct uc_elf){ 0 };
	*why = "it is not an ELF file";
	if (fd < 0 || fstat(fd, &st)) {
		*why = strerror(errno);
		if (fd >= 0) close(fd);
		return UC_ELF_IO;
	}
	if (!S_ISREG(st.st_mode) || !st.st_size) {
		close(fd);
		return UC_ELF_NOT;
	}
	/* Private and writable: libelf may convert in place. */
	map = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	close(fd);
	if (map == MAP_FAILED) {
		*why = strerror(errno);
		return UC_ELF_IO;
	}
	r = uc_elf_parse(map, (size_t)st.st_size, out, why);
	munmap(map, (size_t)st.st_size);
	return r;
}

void uc_elf_free(struct uc_elf *e)
{
	free(e->interp);
	free(e->soname);
	free(e->rpath);
	free(e->runpath);
	uc_vec_free(&e->needed);
	uc_map_free(&e->imported);
	uc_map_free(&e->defined);
	*e = (struct uc_elf){ 0 };
}

bool uc_elf_is_native(const struct uc_elf *e)
{
	return e->bits == 64 && !e->big_endian && e->machine == EM_X86_64 &&
	       (e->osabi == ELFOSABI_NONE || e->osabi == ELFOSABI_GNU);
}

bool uc_elf_is_program(const struct uc_elf *e)
{
	if (e->type == ET_EXEC) return true;
	return e->type == ET_DYN && e->entry && (e->interp || e->flag_pie || !e->soname);
}

static const char *machine_name(uint16_t machine)
{
	switch (machine) {
	case EM_386: return "x86";
	case EM_X86_64: return "x86-64";
	case EM_ARM: return "ARM";
	case EM_AARCH64: return "AArch64";
	case EM_RISCV: return "RISC-V";
	case EM_PPC64: return "POWER";
	case EM_S390: return "S/390";
	case EM_MIPS: return "MIPS";
	case EM_BPF: return "BPF";
	default: return NULL;
	}
}

const char *uc_elf_describe(const struct uc_elf *e, char *buf, size_t cap)
{
	const char *name = machine_name(e->machine);

	if (name)
		snprintf(buf, cap, "%u-bit %s%s code", e->bits, e->big_endian ? "big-endian " : "",
			 name);
	else snprintf(buf, cap, "%u-bit code for machine type %u", e->bits, e->machine);
	return buf;
}
