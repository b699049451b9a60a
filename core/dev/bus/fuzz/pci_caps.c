// SPDX-License-Identifier: BSD-3-Clause
// sources: ../pci_caps.c
/* Input: configuration space of a hostile function. Every search must end inside it. */
#include <stdlib.h>
#include <string.h>
#include <uc/pci.h>

static uint32_t rd(void *ctx, unsigned off, unsigned width)
{
	uint32_t v = 0;
	if (off + width > 256)
		abort();
	memcpy(&v, (uint8_t *)ctx + off, width);
	return v;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	uint8_t space[256] = { 0 };
	memcpy(space, p, n < sizeof(space) ? n : sizeof(space));
	for (unsigned id = 0; id < 256; id += 9) {
		unsigned at = 0;
		for (unsigned i = 0;
		     i < UC_PCI_CAP_MAX && (at = uc_pci_cap_next(rd, space, id, at)); i++) {
			struct uc_pci_virtio_cap cap;
			if (uc_pci_virtio_cap(rd, space, at, &cap) == 0 && cap.bar > 5)
				abort();
		}
	}
	return 0;
}
