// SPDX-License-Identifier: BSD-3-Clause
/* unicore: finds the subcommand and hands over. */
#include <string.h>

#include "commands.h"

const struct uc_cmd *const uc_commands[] = {
#define UC_COMMAND_ENTRY(n) &uc_cmdinfo_##n,
	UC_COMMANDS(UC_COMMAND_ENTRY)
#undef UC_COMMAND_ENTRY
		NULL
};

static const struct uc_cmd *command_find(const char *name)
{
	for (const struct uc_cmd *const *c = uc_commands; *c; c++)
		if (!strcmp((*c)->name, name))
			return *c;
	return NULL;
}

static int command_unknown(const char *name)
{
	const char *names[sizeof(uc_commands) / sizeof(uc_commands[0])];
	size_t n = 0;

	for (; uc_commands[n]; n++)
		names[n] = uc_commands[n]->name;
	names[n] = NULL;
	const char *near = uc_nearest(name, names);
	if (near)
		return uc_fail(UC_ST_USAGE, name, NULL, "not a unicore command; did you mean `%s`?",
			       near);
	return uc_fail(UC_ST_USAGE, name, "`unicore help` lists the commands",
		       "not a unicore command");
}

int main(int argc, char **argv)
{
	static char *help_args[] = { "help", NULL };
	static char *version_args[] = { "version", NULL };

	if (argc < 2) {
		uc_cmd_help(1, help_args);
		return UC_ST_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return uc_cmd_help(1, help_args);
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V"))
		return uc_cmd_version(1, version_args);
	const struct uc_cmd *c = command_find(argv[1]);
	if (!c)
		return command_unknown(argv[1]);
	return c->main(argc - 1, argv + 1);
}
