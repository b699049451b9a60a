// SPDX-License-Identifier: BSD-3-Clause
/* unicore why, unicore why-not: reasons for what is in an image, and for what is not. */
#include <stdlib.h>

#include <unicore/contents.h>

#include "commands.h"

struct opts {
	bool json;
};

static const struct uc_opt options[] = { UC_OPT_FLAG(0, "json", struct opts, json,
						     "print the reasons as one JSON object"),
					 UC_OPT_END };

static const struct uc_section why_sections[] = {
	{ "WHAT IS EXPLAINED",
	  "A file or shared library of the root, by path or name: what needs it, and what needs "
	  "that.\n\n"
	  "A micro-library (posix_file, or file), or one of its objects (posix_file/open.c): the "
	  "references that lead to it, each from the object that makes it, down to the system call "
	  "or driver where they begin.\n\n"
	  "A system call: the policy that it was linked by, and a path through the program's code "
	  "to it if it was found by analysis." },
	{ "EXAMPLES", "  unicore why libc.so.6 sort.uc\n"
		      "  unicore why service_ninep sort.uc\n"
		      "  unicore why openat sort.uc" },
	{ NULL, NULL }
};

const struct uc_cmd uc_cmdinfo_why = {
	.name = "why",
	.main = uc_cmd_why,
	.synopsis = "[options] LIB|FILE|CALL IMAGE",
	.summary = "say why something is in an image",
	.description = "Says why a file, a micro-library or a system call is in an image.",
	.opts = options,
	.sections = why_sections,
	.see_also = "unicore(1), unicore-build(1), unicore-why-not(1), unicore-size(1)",
	.min_args = 2,
	.max_args = 2,
	.positional = UC_HINT_FILE,
};

const struct uc_cmd uc_cmdinfo_why_not = {
	.name = "why-not",
	.main = uc_cmd_why_not,
	.synopsis = "[options] SYSCALL IMAGE",
	.summary = "say why a system call is not in an image",
	.description = "Says why a system call is not in an image, and how to have it there.",
	.opts = options,
	.see_also = "unicore(1), unicore-build(1), unicore-why(1)",
	.min_args = 2,
	.max_args = 2,
	.positional = UC_HINT_FILE,
};

int uc_cmd_why(int argc, char **argv)
{
	struct opts o = { 0 };
	struct uc_args args;
	int st = uc_cli_parse(&uc_cmdinfo_why, argc, argv, &o, &args);
	json_t *c;

	if (st >= 0)
		return st;
	c = uc_contents_load(args.v[1], &st);
	if (c)
		st = uc_contents_why(c, args.v[1], args.v[0], o.json, stdout);
	json_decref(c);
	return st;
}

int uc_cmd_why_not(int argc, char **argv)
{
	struct opts o = { 0 };
	struct uc_systab tab = { .n = 0 };
	struct uc_args args;
	int st = uc_cli_parse(&uc_cmdinfo_why_not, argc, argv, &o, &args);
	json_t *c = NULL;

	if (st < 0) {
		c = uc_contents_load(args.v[1], &st);
		if (c)
			st = uc_systab_installed(NULL, &tab);
		if (c && !st)
			st = uc_contents_why_not(c, &tab, args.v[1], args.v[0], o.json, stdout);
	}
	json_decref(c);
	uc_systab_free(&tab);
	return st;
}
