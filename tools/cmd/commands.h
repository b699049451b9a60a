// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_COMMANDS_H
#define UNICORE_COMMANDS_H
/*
 * The subcommands: name N has its description uc_cmdinfo_N (whose .main is uc_cmd_N) in
 * tools/cmd/N.c. A new command is one line here and its file.
 */
#include <unicore/cli.h>

#define UC_COMMANDS(X)                                                                             \
	X(build)                                                                                   \
	X(deps)                                                                                    \
	X(verify)                                                                                  \
	X(run)                                                                                     \
	X(why)                                                                                     \
	X(why_not)                                                                                 \
	X(size)                                                                                    \
	X(sbom)                                                                                    \
	X(shrink)                                                                                  \
	X(update)                                                                                  \
	X(completion)                                                                              \
	X(help)                                                                                    \
	X(version)

#define UC_COMMAND_DECLARE(n)                                                                      \
	int uc_cmd_##n(int argc, char **argv);                                                     \
	extern const struct uc_cmd uc_cmdinfo_##n;
UC_COMMANDS(UC_COMMAND_DECLARE)
#undef UC_COMMAND_DECLARE

extern const struct uc_cmd *const uc_commands[]; /* NULL-terminated */

#define UNICORE_VERSION "0.1.0"

#endif
