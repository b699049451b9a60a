// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_MEMIF_H
#define UNICORE_MEMIF_H
/*
 * One end of a memif connection for a kernel that is a process (uc/abi/memif.h): the handshake, and
 * what the kernel gets of it. The peer is not trusted. Source: DPDK's documentation of the memif
 * poll mode driver. Functions return a UC_ST_* status, 0 for success, after a message.
 */
#include <stdbool.h>
#include <stdint.h>

#include <uc/abi/memif.h>

struct uc_memif_opts {
	const char *path; /* of the socket; @NAME: an abstract one */
	bool server;      /* listen and wait for the peer; else it listens */
	uint32_t id;
};
/* Descriptors: -1 or ours, close-on-exec. */
struct uc_memif {
	struct uc_memif_layout layout;
	/* for the kernel */
	int wake_in, wake_out, told;
	int region[UC_MEMIF_REGIONS];
	/* Stay here: the connection; if wake-ups have to be forwarded, the peer's descriptors for
	 * them and the other ends of the kernel's. */
	int control, bell_in, bell_out, in, out;
};
/* Waits for the peer, the server without a limit; signals that are blocked have their default
 * effect meanwhile. */
int uc_memif_open(const struct uc_memif_opts *o, struct uc_memif *m);
/* When the kernel runs: forwards wake-ups in a thread, if that is needed, until the connection
 * ends. Takes over what stays here. */
int uc_memif_serve(struct uc_memif *m);
void uc_memif_close(struct uc_memif *m);
#endif
