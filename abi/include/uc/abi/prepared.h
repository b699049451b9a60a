// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_ABI_PREPARED_H
#define UC_ABI_PREPARED_H
/*
 * A prepared start: the memory of a guest whose first program is loaded and has not run yet, kept
 * by the host, which starts others from it. Told prepare=SEED (uc/abi/bootparam.h), the guest stops
 * its clock, goes that far, writes this at physical address 0 and powers off. Entered by PVH with
 * such memory the kernel brings up the processor only and goes on from there. Before that the host
 * moves what is random to new places (the ranges below) and gives new contents to what is secret.
 *
 * What must be moved shows when two such memories are compared: with one SEED they are equal but
 * for the addresses of what is moved, which lie at other places in both; the program's by multiples
 * of 2 MiB, so that the tables have the same shape.
 */
#include <stdint.h>

#define UC_PREPARED_MAGIC  0x6472617065725055ull /* "UPrepard" */
#define UC_PREPARED_SPARES 8u

struct uc_prepared {
	uint64_t magic;
	/* The kernel: image and stacks at virt_base; all RAM at direct_base. */
	uint64_t virt_base, virt_end, direct_base, ram_top, image_phys;
	/* Tables, physical: of the kernel and the program, and the ones of PVH's entry, in whose
	 * upper half the kernel is to be seen as in the former. */
	uint64_t kernel_root, program_root, entry_root;
	/* Virtual: state of the random-number generator, any bytes of which nobody knows do; the
	 * value that guards stacks, whose lowest byte is 0. */
	uint64_t random, random_len, guard;
	/* The program: code, heap and how many pages it begins behind where it could, where
	 * mappings begin (downwards), end of the stack, stack pointer. Program and interpreter are
	 * moved by multiples of align. */
	uint64_t start_code, heap, heap_random, mmap_base, stack_top, sp, align;
	/* Some frames for further tables of the program, physical, up to the first 0. At the entry
	 * the kernel gives back what is here: the ones that are left, tables that are not used any
	 * more. */
	uint64_t spares[UC_PREPARED_SPARES];
};
#endif
