// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PCI_PRIV_H
#define UC_PCI_PRIV_H
#include <uc/pci.h>
enum {
	PCI_ID = 0x00,
	PCI_COMMAND = 0x04,
	PCI_HEADER_TYPE = 0x0e,
	PCI_BAR0 = 0x10,
	PCI_PRIMARY_BUS = 0x18,
	PCI_SECONDARY_BUS = 0x19,
	PCI_SUBORDINATE_BUS = 0x1a,
	PCI_MEM_BASE = 0x20,
	PCI_PREF_BASE = 0x24,
	PCI_PREF_BASE_HI = 0x28,
	PCI_PREF_LIMIT_HI = 0x2c,
	PCI_HEADER_BRIDGE = 1,
};
/* Places all memory BARs of a device that have no address. */
void uc_pci_assign_all(struct uc_pci_dev *d);
/* Memory assigned between the two calls is what the bridge forwards. */
uc_paddr uc_pci_window_begin(void);
void uc_pci_window_end(struct uc_pci_dev *bridge, uc_paddr start);
#endif
