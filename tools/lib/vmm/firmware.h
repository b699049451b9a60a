// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_VMM_FIRMWARE_H
#define UC_VMM_FIRMWARE_H
#include <stdint.h>

struct uc_firmware {
	uint32_t entry;	 /* physical address of the kernel's PVH entry */
	uint64_t memory; /* of the machine, bytes */
	uint64_t bundle_bytes;
	const char *cmdline;
};
/* Physical address of a bundle of that size, at the end of memory below 4 GiB. 0: it does not
 * fit. */
uint64_t uc_microvm_bundle_at(uint64_t memory, uint64_t bundle_bytes);
/* Makes the ROM in a file without a name. Prints; 0 or a status, the descriptor through *fd. */
int uc_firmware_seal(const struct uc_firmware *f, int *fd);
#endif
