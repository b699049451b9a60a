// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_FAULT_H
#define UNICORE_FAULT_H
/* Faults for the µlib `faults` as the user writes them: KIND:CALL[:NTH[:EVERY[:VALUE]]]. */

struct uc_fault_kind {
	const char *name, *text;
};
extern const struct uc_fault_kind
	uc_fault_kinds[]; /* by enum uc_inject_kind; ends with name NULL */

/* Prints; 0 or a status. */
int uc_fault_check_kind(const char *name);
/* The boot parameter for it (uc/abi/faults.h), allocated. Prints; 0 or a status. */
int uc_fault_param(const char *spec, char **param);

#endif
