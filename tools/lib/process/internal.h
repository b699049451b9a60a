// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_PROCESS_INTERNAL_H
#define UNICORE_PROCESS_INTERNAL_H
#include <stdint.h>
#include <sys/types.h>

#include <unicore/memif.h>
#include <unicore/process.h>

/* Descriptors for the new process, in the order of their numbers there (uc/abi/procfd.h). Only
 * close-on-exec descriptors; all ours. */
struct uc_process_fds {
	int *fd; /* [0] is for UC_PROCFD_TEXT */
	size_t n;
	int kernel;
	int console; /* our end of the console: closed means that we are gone */
	uint64_t ram_bytes;
};

/* Makes the process, and returns when it is the kernel or has failed. Its id, or -errno; *exec_err:
 * an errno if it could not be executed, else 0. No other thread may run. */
pid_t uc_process_spawn(const struct uc_process_fds *fds, bool sandbox, int *exec_err);

/* In the new process: replaces the root by an empty folder, in which nothing can be made, with
 * nothing else mounted; without the right to do so the file system stays. Returns a memory file of
 * ram_bytes whose memory may come in huge pages, if that mount can hold one, else -1.
 * uid and gid: those outside its new user namespace; -1: it has none. */
int uc_process_root(uint64_t ram_bytes, uid_t uid, gid_t gid);

/* ftruncate. A limit on the size of files is not meant for memory: as far as we may, it does not
 * hold for it. */
int uc_process_set_size(int fd, uint64_t size);

/* Serves the folder on its channel in a thread, which ends with the channel. Takes ownership of
 * both descriptors. 0 or -errno. */
int uc_process_serve(int folder_fd, bool ro, int channel);

/* The host's side of a network card. Descriptors -1 or ours, close-on-exec. */
#define UC_PROCESS_CARD_FDS (UC_MEMIF_FD_REGION + UC_MEMIF_REGIONS)
struct uc_process_card {
	int fd[UC_PROCESS_CARD_FDS]; /* for the kernel, in the order of their numbers there */
	size_t n;
	struct uc_memif memif; /* what stays here, if has_memif */
	bool has_memif;
};
/* n NULL: without a network. 0 or a UC_ST_* status after a message. */
int uc_process_net(const struct uc_net *n, struct uc_process_card *card);

#endif
