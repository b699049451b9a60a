// SPDX-License-Identifier: BSD-3-Clause
/* unicore help: overview, help of a command, manual pages. */
#include <string.h>

#include "commands.h"

struct help_opts {
	bool man;
};

static const struct uc_opt help_table[] = {
	UC_OPT_FLAG(0, "man", struct help_opts, man,
		    "print the manual page in roff (view with `man -l -`)"),
	UC_OPT_END
};

const struct uc_cmd uc_cmdinfo_help = {
	.name = "help",
	.main = uc_cmd_help,
	.synopsis = "[--man] [COMMAND]",
	.summary = "show help about unicore or a command",
	.description = "Without COMMAND lists the commands. With --man prints the manual page.",
	.opts = help_table,
	.max_args = 1,
	.positional = UC_HINT_COMMAND,
};

static void overview(FILE *f)
{
	fputs("unicore runs one Linux program in a virtual machine of its own, without a Linux "
	      "kernel.\n\n"
	      "usage: unicore COMMAND [options] ...\n\ncommands:\n",
	      f);
	for (const struct uc_cmd *const *c = uc_commands; *c; c++)
		fprintf(f, "  %-12s %s\n", (*c)->name, (*c)->summary);
	fputs("\n`unicore COMMAND --help` explains a command.\n", f);
}

static const struct uc_cmd *find(const char *name)
{
	for (const struct uc_cmd *const *c = uc_commands; *c; c++)
		if (!strcmp((*c)->name, name))
			return *c;
	return NULL;
}

int uc_cmd_help(int argc, char **argv)
{
	struct help_opts o = { 0 };
	struct uc_args args;
	int st = uc_cli_parse(&uc_cmdinfo_help, argc, argv, &o, &args);

	if (st >= 0)
		return st;
	if (!args.n) {
		if (o.man)
			uc_cli_man_main(uc_commands, stdout);
		else
			overview(stdout);
		return UC_ST_OK;
	}
	const struct uc_cmd *c = find(args.v[0]);
	if (!c)
		return uc_fail(UC_ST_USAGE, args.v[0], "`unicore help` lists the commands",
			       "not a unicore command");
	if (o.man)
		uc_cli_man(c, stdout);
	else
		uc_cli_help(c, stdout);
	return UC_ST_OK;
}
