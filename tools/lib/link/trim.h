// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_LINK_TRIM_H
#define UC_LINK_TRIM_H
/* Takes the table of sections from a 64-bit ELF file that ld(1) has just written, and whatever
 * follows the last byte that a program header names. 0 or -errno. */
int uc_elf_trim(const char *path);
#endif
