// SPDX-License-Identifier: BSD-3-Clause
/* unicore update: makes a lock anew. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include <unicore/build.h>

#include "commands.h"

struct opts {
	const char *lock, *root, *cache;
	bool dry_run, quiet, json;
};

static const struct uc_opt options[] = {
	UC_OPT_STRING(0, "lock", "FILE", UC_HINT_FILE, struct opts, lock,
		      "the lock (default: unicore.lock beside a manifest)"),
	UC_OPT_FLAG('n', "dry-run", struct opts, dry_run, "only say what would change"),
	UC_OPT_STRING(0, "root", "DIR", UC_HINT_DIR, struct opts, root,
		      "take programs and libraries from this file system instead of the host's"),
	UC_OPT_STRING(0, "cache", "DIR", UC_HINT_DIR, struct opts, cache,
		      "keep packages and layers here"),
	UC_OPT_FLAG(0, "json", struct opts, json, "print the changes as a JSON list of texts"),
	UC_OPT_FLAG('q', "quiet", struct opts, quiet, "print errors only"),
	UC_OPT_END
};

static const struct uc_section sections[] = {
	{ "OUTPUT",
	  "One line for each change: + what was added, - what went, ~ what is another now. Nothing "
	  "if the lock is as it should be." },
	{ "EXAMPLES", "  apt-get update; unicore update shop.yaml\n"
		      "  unicore update --dry-run shop.yaml" },
	{ NULL, NULL }
};

const struct uc_cmd uc_cmdinfo_update = {
	.name = "update",
	.main = uc_cmd_update,
	.synopsis = "[options] MANIFEST|SOURCE...",
	.summary = "lock the newest packages",
	.description = "Finds the packages and files that an image of the sources would be made of "
		       "now, and writes them into its lock, which unicore build keeps to.",
	.opts = options,
	.sections = sections,
	.see_also = "unicore(1), unicore-build(1), unicore.lock(5)",
	.min_args = 1,
	.max_args = UC_ARGS_ANY,
	.positional = UC_HINT_FILE,
};

static void print_json(char *text)
{
	json_t *a = json_array();
	char *save, *line;

	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		json_array_append_new(a, json_string(line));
	json_dumpf(a, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(a);
}

int uc_cmd_update(int argc, char **argv)
{
	struct opts o = { 0 };
	struct uc_args args;
	char *text = NULL;
	size_t n = 0;
	FILE *f;
	int st = uc_cli_parse(&uc_cmdinfo_update, argc, argv, &o, &args);

	if (st >= 0)
		return st;
	uc_msg_verbosity = o.quiet ? -1 : 0;
	struct uc_build b = { .lock = o.lock, .root = o.root, .cache = o.cache, .loglevel = -1 };

	for (size_t i = 0; i < args.n; i++)
		uc_vec_add(&b.sources, args.v[i]);
	f = open_memstream(&text, &n);
	if (!f)
		return uc_fail_os(UC_ST_OSERR, "update", NULL, errno, "no memory");
	st = uc_build_update(&b, o.dry_run, f);
	fclose(f);
	if (!st && o.json)
		print_json(text);
	else if (!st && !o.quiet)
		fputs(text, stdout);
	free(text);
	uc_build_free(&b);
	return st;
}
