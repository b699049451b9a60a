// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_TIME_INTERNAL_H
#define UC_TIME_INTERNAL_H
/* Shared by the files of this µlib. */
#include <uc/vvar.h>

/* The clock parameters; copied to the vvar page, if there is one, by time_publish(). */
extern struct uc_vvar time_params;
extern struct uc_vvar *time_vvar;
void time_publish(void);
#endif
