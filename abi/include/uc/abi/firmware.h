// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_ABI_FIRMWARE_H
#define UC_ABI_FIRMWARE_H
/*
 * The ROM of a machine that `unicore run` makes on QEMU's microvm. The VMM has put the kernel and
 * the boot bundle into memory, so nothing is left to do but to enter the kernel as PVH says. The
 * ROM's first part is written by the tool: the entry and the structures of PVH, at the offsets
 * below; its last UC_FIRMWARE_CODE bytes are core/plat/kvm/firmware, with the reset vector.
 * Also included by assembly.
 */
#define UC_FIRMWARE_SIZE 0x10000
#define UC_FIRMWARE_CODE 0x100
#define UC_FIRMWARE_PHYS 0xf0000 /* where the ROM is seen below 1 MiB */
/* Offsets in the ROM. */
#define UC_FIRMWARE_ENTRY      0    /* 32 bits: physical address of the kernel's PVH entry */
#define UC_FIRMWARE_START_INFO 0x10 /* struct hvm_start_info */
#define UC_FIRMWARE_TABLES     0x80 /* what it refers to */
#endif
