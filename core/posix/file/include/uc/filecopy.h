// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_FILECOPY_H
#define UC_FILECOPY_H
/* Moving bytes from file to file through a kernel buffer: sendfile, copy_file_range, splice. */
#include <uc/vfs.h>
#define UC_COPY_CHUNK 16384u
/* Copies up to n bytes; positions NULL: the files' own. Bytes that the writer took are what the
 * reader is advanced by. Bytes copied, or -errno if none could be. */
long uc_file_copy(struct uc_file *in, uint64_t *in_pos, struct uc_file *out, uint64_t *out_pos,
		  uint64_t n);
#endif
