// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_PROCESS_H
#define UNICORE_PROCESS_H
/*
 * Starts an image's kernel as a process of the host (platform linux; uc/abi/procfd.h): memory as
 * one file, namespaces of its own as far as the host permits, no capabilities, no new privileges,
 * an empty root folder, a process group of its own, and the end when the calling thread ends. The
 * system-call filter is the kernel's own. Shared folders are served by threads of this process,
 * a user network by passt(1), which ends with the kernel.
 */
#include <unicore/vmm.h>

struct uc_process_opts {
	const char *kernel; /* program file */
	const char *root;   /* root image, or NULL */
	uint64_t memory;    /* bytes; rounded up to UC_PROC_RAM_UNIT */
	const struct uc_volume *volumes;
	size_t nvolumes;
	const struct uc_net *net; /* NULL: none */
	bool sandbox; /* namespaces and the empty root; the rest is always there */
};

/*
 * Starts it; vm is then used as after uc_vm_start, except that early_fd has all text and err_fd is
 * -1. Takes ownership of bundle_fd. Signals that must not reach the folders' threads are blocked by
 * the caller before. 0 or a UC_ST_* status after a message.
 */
int uc_process_start(const struct uc_process_opts *o, int bundle_fd, struct uc_vm *vm);

#endif
