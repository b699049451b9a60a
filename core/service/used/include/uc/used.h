// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_USED_H
#define UC_USED_H
/* Tells the host which files of the image a program looks at. An optional µlib: NULL in an image
 * linked without it. */
#include <uc/types.h>
/* A name of the image was found. path_hash: as in uc/abi/rewrite.h. Context: thread; may block. */
__attribute__((weak)) void uc_used(uint64_t path_hash);
#endif
