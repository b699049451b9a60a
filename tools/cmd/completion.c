// SPDX-License-Identifier: BSD-3-Clause
/* unicore completion: scripts for the shells, from the same tables as the commands. */
#include "commands.h"

#include <string.h>

static const struct uc_opt completion_table[] = { UC_OPT_END };

const struct uc_cmd uc_cmdinfo_completion = {
	.name = "completion",
	.main = uc_cmd_completion,
	.synopsis = "bash|zsh|fish",
	.summary = "print a shell completion script",
	.description = "Prints a script that completes unicore commands in the named shell.\n\n"
		       "  eval \"$(unicore completion bash)\"\n"
		       "  unicore completion zsh > ~/.zfunc/_unicore\n"
		       "  unicore completion fish > ~/.config/fish/completions/unicore.fish",
	.opts = completion_table,
	.min_args = 1,
	.max_args = 1,
};

int uc_cmd_completion(int argc, char **argv)
{
	struct uc_args args;
	int st = uc_cli_parse(&uc_cmdinfo_completion, argc, argv, NULL, &args);

	if (st >= 0)
		return st;
	if (!strcmp(args.v[0], "bash"))
		uc_cli_complete_bash(uc_commands, stdout);
	else if (!strcmp(args.v[0], "zsh"))
		uc_cli_complete_zsh(uc_commands, stdout);
	else if (!strcmp(args.v[0], "fish"))
		uc_cli_complete_fish(uc_commands, stdout);
	else
		return uc_fail(UC_ST_USAGE, args.v[0], "choose bash, zsh or fish",
			       "no completion for this shell");
	return UC_ST_OK;
}
