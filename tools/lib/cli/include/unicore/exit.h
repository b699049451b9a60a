// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_EXIT_H
#define UNICORE_EXIT_H
/*
 * Exit statuses of the unicore commands. Values below 119 follow BSD sysexits(3), 124..127 follow
 * timeout(1) and env(1). With `unicore run` every other status is the application's own; an
 * application may of course also end with one of these numbers (--json tells which it was).
 */

/* name, value, meaning (as printed in the manual) */
#define UC_STATUSES(X)                                                                             \
	X(OK, 0, "Success.")                                                                       \
	X(USAGE, 64, "The command line is wrong.")                                                 \
	X(DATA, 65, "Input data is malformed or not supported.")                                   \
	X(NOINPUT, 66, "An input file or source does not exist or cannot be read.")                \
	X(UNAVAILABLE, 69, "A program, library or service that is needed is missing.")             \
	X(INTERNAL, 70, "Internal error in unicore.")                                              \
	X(OSERR, 71, "The operating system refused a resource.")                                   \
	X(CANTCREAT, 73, "An output file cannot be created or written.")                           \
	X(PANIC, 120, "The guest kernel stopped on an internal error.")                            \
	X(GUEST_OOM, 121, "The guest ran out of memory.")                                          \
	X(BOOT, 122, "The image or its start parameters cannot be used.")                          \
	X(STRICT, 123, "--strict stopped at something that is not implemented.")                   \
	X(TIMEOUT, 124, "The time limit of --timeout passed.")                                     \
	X(VMM, 125, "The virtual machine could not be run or ended unexpectedly.")                 \
	X(CANNOT_EXEC, 126, "The program in the image cannot be executed.")                        \
	X(NOT_FOUND, 127, "The program is not in the image.")

enum uc_status {
#define UC_STATUS_ENUM(name, value, text) UC_ST_##name = value,
	UC_STATUSES(UC_STATUS_ENUM)
#undef UC_STATUS_ENUM
};

#define UC_ST_SIGNAL_BASE 128 /* plus N: ended by signal N */

#endif
