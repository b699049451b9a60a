// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_RING0_H
#define UC_RING0_H
#include <uc/x86int.h>
enum { X86_CS = 8, VECTOR_BYTES = 16 };
void ring0_load_gdt(void *gdtr);
extern char ring0_vectors[];
#endif
