// SPDX-License-Identifier: BSD-3-Clause
// sources: ../bpf.c
/* Input: how many instructions, a program, a packet. What the check lets through ends, and loads
 * only from the packet. */
#include <stdlib.h>
#include <string.h>
#include "../bpf.h"

#define PROGRAM_MAX 64u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct sock_filter f[PROGRAM_MAX];
	size_t count, bytes;
	uint8_t *packet;

	if (!n)
		return 0;
	count = data[0] % PROGRAM_MAX;
	bytes = count * sizeof(f[0]);
	if (n - 1 < bytes)
		return 0;
	memcpy(f, data + 1, bytes);
	data += 1 + bytes;
	n -= 1 + bytes;
	if (bpf_check(f, count))
		return 0;
	packet = malloc(n + 1); /* of exactly its size, for the sanitizer */
	memcpy(packet, data, n);
	for (uint32_t net = 0; net <= 14; net += 14) {
		struct bpf_packet p = { .data = packet,
					.frame = packet,
					.len = (uint32_t)n,
					.net = net,
					.protocol = 0x800 };

		bpf_run(f, &p);
	}
	free(packet);
	return 0;
}
