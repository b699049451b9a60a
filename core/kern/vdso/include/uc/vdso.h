// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_VDSO_H
#define UC_VDSO_H
/*
 * The vDSO, linux-vdso.so.1 (vdso(7)). Mapping it read+execute and the page uc_time_vvar_page()
 * read-only right below it makes it work; its address goes to AT_SYSINFO_EHDR. Both are shared by
 * all processes and never written.
 */
#include <uc/types.h>
/* The ELF image: page-aligned kernel memory and its length, a multiple of the page size. */
void uc_vdso_image(const void **start, size_t *len);
#endif
