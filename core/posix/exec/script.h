// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_EXEC_SCRIPT_H
#define UC_EXEC_SCRIPT_H
/* The first line of a script: "#! interpreter [argument]", execve(2). Pure. */
#include <uc/types.h>
#define UC_SCRIPT_LINE 256 /* bytes of a file that are looked at */
struct uc_script { const char *interp, *arg; }; /* into the line; arg NULL: none */
/* buf: the first len bytes of the file, with room for UC_SCRIPT_LINE + 1; on success it is cut up.
 * 0; -ENOEXEC: no script, or no complete interpreter name. */
int uc_script_parse(char *buf, size_t len, struct uc_script *out);
#endif
