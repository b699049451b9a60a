// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_PROCESS_INTERNAL_H
#define UNICORE_PROCESS_INTERNAL_H
#include <sys/types.h>

#include <unicore/process.h>

/* Descriptors for the new process, in the order of their numbers there (uc/abi/procfd.h). Only
 * close-on-exec descriptors; all ours. */
struct uc_process_fds {
	int *fd; /* [0] is for UC_PROCFD_TEXT */
	size_t n;
	int kernel;
	int console; /* our end of the console: closed means that we are gone */
	int report;  /* where to write an errno if it cannot be executed; closed by execution */
};

/* Makes the process. Its id, or -errno. */
pid_t uc_process_spawn(const struct uc_process_fds *fds, bool sandbox);

/* Serves the folder on its channel in a thread, which ends with the channel. Takes ownership of
 * both descriptors. 0 or -errno. */
int uc_process_serve(int folder_fd, bool ro, int channel);

#endif
