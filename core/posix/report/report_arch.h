// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_REPORT_ARCH_H
#define UC_REPORT_ARCH_H
/* What the report must know about the processor. */
#include <uc/arch.h>
void report_registers(const struct uc_regs *r);
uint64_t report_frame_pointer(const struct uc_regs *r);
#define REPORT_CALL_BYTES 7 /* longest call instruction that report_ends_in_call recognises */
/* Do the bytes before a return address look like a call? b: the REPORT_CALL_BYTES before it. */
bool report_ends_in_call(const uint8_t *b);
#endif
