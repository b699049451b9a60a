// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_ELF_H
#define UNICORE_ELF_H
/*
 * What a program loader would see in an ELF file: segments, the dynamic section and its symbols.
 * Section headers are not used (they may be stripped). Input is untrusted: every offset is checked
 * against the file, every count is bounded.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <unicore/util.h>

enum uc_elf_result {
	UC_ELF_OK = 0,
	UC_ELF_NOT = 1, /* no ELF magic (a script, data …) */
	UC_ELF_BAD = 2, /* ELF, but truncated or corrupt: `why` says what */
	UC_ELF_IO = 3,  /* cannot be read: `why` is the system's word */
};

struct uc_elf {
	uint8_t bits; /* 32 or 64 */
	bool big_endian;
	uint16_t machine; /* EM_* */
	uint16_t type;    /* ET_* */
	uint8_t osabi;
	bool has_dynamic, has_exec_segment, text_relocations, exec_stack;
	bool flag_pie; /* DF_1_PIE */
	bool nodeflib; /* DF_1_NODEFLIB */
	char *interp, *soname, *rpath, *runpath;
	struct uc_vec needed;
	struct uc_map imported, defined; /* dynamic symbols by name; values are not meaningful */
	uint64_t entry, low_vaddr, high_vaddr; /* of PT_LOAD segments */
	uint64_t load_bytes;                   /* file bytes of PT_LOAD segments */
};

/* Reads a file, or bytes in memory (writable: libelf may convert there). Free *out after
 * UC_ELF_OK. */
enum uc_elf_result uc_elf_read(const char *path, struct uc_elf *out, const char **why);
enum uc_elf_result uc_elf_parse(void *data, size_t n, struct uc_elf *out, const char **why);
void uc_elf_free(struct uc_elf *e);

/* An executable or a library that can be started as a program by the x86-64 guest. */
bool uc_elf_is_native(const struct uc_elf *e);
/* Has an entry point and is meant to be started: ET_EXEC, PIE (interpreter or DF_1_PIE),
 * static-PIE. */
bool uc_elf_is_program(const struct uc_elf *e);
/* "64-bit x86-64 code", "32-bit ARM code", ... for messages. buf of 64 bytes. */
const char *uc_elf_describe(const struct uc_elf *e, char *buf, size_t cap);
#endif
