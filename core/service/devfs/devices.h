// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_DEVFS_DEVICES_H
#define UC_DEVFS_DEVICES_H
/* null, zero, full, random and urandom. */
void uc_devfs_add_memory_devices(void);
#endif
