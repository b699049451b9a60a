// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_LAUNCH_INTERNAL_H
#define UNICORE_LAUNCH_INTERNAL_H
#include <unicore/launch.h>

/* Prints a line of the kernel's log, system calls by name. */
void uc_log_line(const char *line, int n);
struct uc_log_hearing {
	const struct uc_launch *l;
	struct uc_outcome *out;
};
/* Takes a line of the log (arg: struct uc_log_hearing): notes a fault that was injected, and says
 * by name which call the program missed in an image that has not every one. */
void uc_log_heard(void *arg, const char *line, size_t n);
/*
 * Finds the prepared start that an earlier run with the same image, parameters and emulator left
 * behind, makes it at the second such run, and puts memory for this one into *fd
 * (unicore/prepared.h). False: there is none, start as usual. root: in the bundle, or NULL.
 */
bool launch_prepared(const struct uc_vm_opts *vo, const struct uc_bundle *b, const char *root,
		     int *fd);
#endif
