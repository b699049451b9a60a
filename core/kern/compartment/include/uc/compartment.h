// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_COMPARTMENT_H
#define UC_COMPARTMENT_H
/*
 * Compartments: memory that can be used only between enter and leave. Each has a protection key, so
 * entering is a write to a register; what is entered nests. The rights belong to the thread: a
 * switch to another one does not pass them on.
 * docs/design/0025-compartments.md. Functions do not block.
 */
#include <uc/types.h>

enum { UC_COMPARTMENT_NET = 1, UC_COMPARTMENT_MAX = 15 };
typedef uint32_t uc_rights;

/* The rights that there were, for leave. Context: any. */
uc_rights uc_compartment_enter(unsigned compartment);
void uc_compartment_leave(uc_rights before);
/* Leaves all of them; at start-up everything is entered. As enter. */
uc_rights uc_compartment_close(void);
/* Is anything entered? */
bool uc_compartment_inside(void);
/* Turns protection keys on. Boot. 0 or -ENODEV: the processor has none. */
int uc_compartment_start(void);

/* 2^order contiguous frames of the compartment, each with count 1. UC_FRAME_NONE: no memory. */
uc_paddr uc_compartment_frames(unsigned compartment, unsigned order) UC_MUST_CHECK;
/* Drops a reference to a frame of a compartment; the last one gives it back to the machine. */
void uc_compartment_frame_unref(uc_paddr pa);
#endif
