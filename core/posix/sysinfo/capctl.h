// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_CAPCTL_H
#define UC_CAPCTL_H
#include <uc/types.h>
/* PR_CAPBSET_*, PR_*_KEEPCAPS, PR_*_SECUREBITS, PR_CAP_AMBIENT; rest: a later argument is not 0. */
long uc_capctl(int op, uint64_t a2, uint64_t a3, bool rest);
#endif
