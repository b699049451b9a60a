// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_LAUNCH_INTERNAL_H
#define UNICORE_LAUNCH_INTERNAL_H
#include <unicore/launch.h>

/* Prints a line of the kernel's log, system calls by name. */
void uc_log_line(const char *line, int n);
/* A line of the log of an image (struct uc_launch) that has not every call: says by name which one
 * the program missed. */
void uc_log_absent(void *launch, const char *line, size_t n);
#endif
