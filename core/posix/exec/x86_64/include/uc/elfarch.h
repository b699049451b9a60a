// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_ELFARCH_H
#define UC_ELFARCH_H
/* What the program loader must know about this architecture. */
#include <linux/elf-em.h>
#define UC_ELF_MACHINE EM_X86_64
#endif
