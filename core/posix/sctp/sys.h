// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_SCTP_SYS_H
#define UC_SCTP_SYS_H
/* What of the system is described by headers that exclude those of the C library that usrsctp.h
 * needs. */
#include <uc/types.h>

struct uc_sock;
/* A descriptor for s, which it takes over; flags as of accept4. Or a negative errno. */
int sctp_publish(struct uc_sock *s, unsigned flags);
/* Notes that what (number n) of SCTP is not there. Returns err. */
int sctp_unsupported(int err, const char *what, int n);
#endif
