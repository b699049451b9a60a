// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_ABI_USED_H
#define UC_ABI_USED_H
/* A kernel with the µlib `used` logs each file of the image that is looked up as a line of this
 * mark
 * and the hash of its path (uc/abi/rewrite.h) as 16 hexadecimal digits. */
#define UC_USED_MARK "used: "
#endif
