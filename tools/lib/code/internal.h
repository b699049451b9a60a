// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_CODE_INTERNAL_H
#define UNICORE_CODE_INTERNAL_H
#include <elf.h>

#include <unicore/code.h>

/* The dynamic section's entries that are used here; 0: absent. */
struct uc_code_dynamic {
	uint64_t symtab, strtab, strsz, hash, gnu_hash, versym, verneed, verdef;
	uint64_t verneednum, verdefnum, rela, relasz, relr, relrsz, jmprel, pltrelsz;
	uint64_t init, fini, init_array, init_arraysz, fini_array, fini_arraysz, preinit_array,
		preinit_arraysz;
};

void uc_code_sort(struct uc_code_vec *v);                      /* and once each */
size_t uc_code_lower(const struct uc_code_vec *v, uint64_t a); /* first element >= a */
uint64_t uc_code_word(const uint8_t *p, unsigned bytes);       /* little-endian */

void uc_code_read_symbols(struct uc_code *c, const struct uc_code_dynamic *d);
void uc_code_read_labels(struct uc_code *c);
void uc_code_read_relocs(struct uc_code *c, const struct uc_code_dynamic *d);
void uc_code_read_unwind(struct uc_code *c, const Elf64_Phdr *eh_frame_hdr);
/* Addresses where exceptions continue in the function with this LSDA. */
void uc_code_landing_pads(const struct uc_code *c, const struct uc_code_fde *f,
			  struct uc_code_vec *out);
/* A section header by index, checked against the file; NULL: there is none. */
bool uc_code_section(const struct uc_code *c, unsigned i, Elf64_Shdr *out, const char **name);
unsigned uc_code_sections(const struct uc_code *c);
#endif
