// SPDX-License-Identifier: BSD-3-Clause
#include <uc/x86int.h>

void x86_set_tls(uint64_t base) { x86_wrmsr(X86_MSR_FS_BASE, base); }

uint64_t x86_tls(void) { return x86_rdmsr(X86_MSR_FS_BASE); }
