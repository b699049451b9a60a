// SPDX-License-Identifier: BSD-3-Clause
/* unicore size: what an image is made of, by size. */
#include <errno.h>

#include <unicore/contents.h>

#include "commands.h"

struct opts {
	const char *html, *svg;
	bool json;
};

static const struct uc_opt options[] = {
	UC_OPT_STRING(0, "html", "FILE", UC_HINT_FILE, struct opts, html,
		      "write a page with a treemap that needs nothing else"),
	UC_OPT_STRING(0, "svg", "FILE", UC_HINT_FILE, struct opts, svg, "write a treemap"),
	UC_OPT_FLAG(0, "json", struct opts, json, "print the sizes as JSON"), UC_OPT_END
};

static const struct uc_section sections[] = {
	{ "WHAT IS COUNTED", "The kernel by micro-library, object and section, as the linker "
			     "placed them, without what "
			     "takes no room in the file. The root file system by package and file, "
			     "in the sizes of the "
			     "files; on the file system each begins at a block of 4 KiB." },
	{ "EXAMPLES", "  unicore size sort.uc\n"
		      "  unicore size --html sort.html sort.uc" },
	{ NULL, NULL }
};

const struct uc_cmd uc_cmdinfo_size = {
	.name = "size",
	.main = uc_cmd_size,
	.synopsis = "[options] IMAGE",
	.summary = "show what an image is made of, by size",
	.description = "Shows the sizes of the parts of an image, as text, JSON or a treemap.",
	.opts = options,
	.sections = sections,
	.see_also = "unicore(1), unicore-build(1), unicore-why(1)",
	.min_args = 1,
	.max_args = 1,
	.positional = UC_HINT_FILE,
};

static int write_file(const char *path, const struct uc_sizes *s,
		      void (*show)(const struct uc_sizes *s, FILE *f))
{
	FILE *f = fopen(path, "we");

	if (!f)
		return uc_fail_os(UC_ST_CANTCREAT, path, NULL, errno, "cannot create it");
	show(s, f);
	return fclose(f) ? uc_fail_os(UC_ST_CANTCREAT, path, NULL, errno, "cannot write it") : 0;
}

int uc_cmd_size(int argc, char **argv)
{
	struct opts o = { 0 };
	struct uc_sizes s;
	struct uc_args args;
	int st = uc_cli_parse(&uc_cmdinfo_size, argc, argv, &o, &args);
	json_t *c;

	if (st >= 0)
		return st;
	c = uc_contents_load(args.v[0], &st);
	if (!c)
		return st;
	uc_contents_sizes(c, &s);
	if (o.html)
		st = write_file(o.html, &s, uc_sizes_html);
	if (!st && o.svg)
		st = write_file(o.svg, &s, uc_sizes_svg);
	if (!st && o.json)
		uc_sizes_json(&s, stdout);
	else if (!st && !o.html && !o.svg)
		uc_sizes_text(&s, stdout);
	uc_sizes_free(&s);
	json_decref(c);
	return st;
}
