// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_VMM_HOST_H
#define UNICORE_VMM_HOST_H
/* Measurements that depend on the host's processor. */
#include <stdbool.h>
#include <stdint.h>
/* The processor's constant-rate cycle counter in Hz, measured against the clock; 0: none. Takes
 * 20 ms. */
uint64_t uc_host_measure_tsc(void);
/* /dev/kvm runs a loop at a speed that only hardware reaches. */
bool uc_host_probe_kvm(void);
#endif
