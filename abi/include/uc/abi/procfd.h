// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_ABI_PROCFD_H
#define UC_ABI_PROCFD_H
/*
 * The kernel as a process (platform linux): what it finds open when it is executed, by number.
 * Nothing else is open. Arguments: one, "unicore"; no environment. Boot parameters
 * (uc/abi/bootparam.h) as on kvm, without exit=, with ram=zero, and with
 * mount=9p:fdN:GUESTPATH:ro|rw where N is the descriptor of that folder's channel.
 */
#define UC_PROCFD_KERNEL  0 /* the file that was executed, read-only; 1 is /dev/null */
#define UC_PROCFD_TEXT    2 /* write: early and panic text */
#define UC_PROCFD_BUNDLE  3 /* the boot bundle, without a root image in it */
#define UC_PROCFD_ROOT    4 /* the root image, read-only; /dev/null if there is none */
#define UC_PROCFD_CONSOLE 5 /* stream socket: uc/abi/mux.h */
#define UC_PROCFD_RAM     6 /* memory file, its size the guest's memory: a multiple of 2 MiB */
#define UC_PROCFD_9P      7 /* and the following: stream sockets, 9P2000.L, one a folder;
			     * then the network card (netdev=), if there is one: one descriptor,
			     * or those of uc/abi/memif.h */

#define UC_PROC_RAM_UNIT (2u << 20)
/* From this size on, memory is wanted in huge pages: fewer and cheaper faults, up to 2 MiB more
 * than is used. */
#define UC_PROC_HUGE_RAM (96u << 20)

#endif
