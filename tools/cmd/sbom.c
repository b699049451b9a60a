// SPDX-License-Identifier: BSD-3-Clause
/* unicore sbom: the bill of materials of an image. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <unicore/build.h>
#include <unicore/contents.h>
#include <unicore/runimage.h>

#include "commands.h"

struct opts {
	const char *output;
};

static const struct uc_opt options[] = { UC_OPT_STRING('o', "output", "FILE", UC_HINT_FILE,
						       struct opts, output,
						       "write it there (default: standard output)"),
					 UC_OPT_END };

static const struct uc_section sections[] = {
	{ "WHAT IS IN IT",
	  "The document is SPDX 2.3 in JSON. The image is a package that contains the kernel, with "
	  "the external libraries that are linked into it, and those packages of the distribution "
	  "of "
	  "which it has files: versions, package URLs, checksums of the package files where they "
	  "were downloaded, licences as the packages' copyright files name them. Every file of the "
	  "root file system is listed with SHA-1 and SHA-256 of its content in the image, and "
	  "belongs to its package, or to the image itself.\n\n"
	  "Licences that SPDX has no name for are LicenseRef-debian-NAME; NOASSERTION stands where "
	  "a "
	  "copyright file is free text. The same image gives the same document; its date is that "
	  "of "
	  "the image's files, SOURCE_DATE_EPOCH or 2000-01-01." },
	{ "EXAMPLES", "  unicore sbom sort.uc >sort.spdx.json" },
	{ NULL, NULL }
};

const struct uc_cmd uc_cmdinfo_sbom = {
	.name = "sbom",
	.main = uc_cmd_sbom,
	.synopsis = "[options] IMAGE",
	.summary = "print the bill of materials of an image (SPDX)",
	.description = "Prints which packages, versions, licences and files an image is made of.",
	.opts = options,
	.sections = sections,
	.see_also = "unicore(1), unicore-build(1), unicore-size(1)",
	.min_args = 1,
	.max_args = 1,
	.positional = UC_HINT_FILE,
};

/* A folder of its own for the files. */
static int unpack(const struct uc_run_image *img, char **dir)
{
	char *top = uc_tmp_path("unicore-sbom.XXXXXX");
	int st = 0;

	if (!mkdtemp(top))
		st = uc_fail_os(UC_ST_CANTCREAT, top, "set TMPDIR", errno, "cannot create it");
	*dir = top;
	uc_cleanup_push(top);
	if (!st) {
		char *root = uc_path_join(top, "root");

		st = uc_erofs_extract(img->root, root);
		free(root);
	}
	return st;
}

static int write_out(const json_t *doc, const char *path)
{
	FILE *f = path ? fopen(path, "we") : stdout;

	if (!f)
		return uc_fail_os(UC_ST_CANTCREAT, path, NULL, errno, "cannot create it");
	json_dumpf(doc, f, JSON_INDENT(1) | JSON_SORT_KEYS);
	fputc('\n', f);
	if (fflush(f) || (path && fclose(f)))
		return uc_fail_os(UC_ST_CANTCREAT, path ? path : "standard output", NULL, errno,
				  "cannot write it");
	return 0;
}

int uc_cmd_sbom(int argc, char **argv)
{
	struct opts o = { 0 };
	struct uc_run_image img;
	struct uc_args args;
	char *top = NULL, *root, *libdir = uc_libdir_arch("x86_64");
	json_t *c = NULL, *doc = NULL;
	int st = uc_cli_parse(&uc_cmdinfo_sbom, argc, argv, &o, &args);

	if (st < 0 && !(st = uc_run_image_load(args.v[0], &img))) {
		c = uc_contents_load(args.v[0], &st);
		if (c)
			st = unpack(&img, &top);
		if (top && !st) {
			root = uc_path_join(top, "root");
			const struct uc_spdx s = { .digest = img.digest ? img.digest : "",
						   .root = root,
						   .libdir = libdir,
						   .version = UNICORE_VERSION,
						   .created = uc_image_mtime() };

			doc = uc_contents_spdx(c, &s, &st);
			free(root);
		}
		if (doc)
			st = write_out(doc, o.output);
		if (top) {
			uc_rmtree(top);
			uc_cleanup_pop();
		}
		uc_run_image_free(&img);
	}
	json_decref(doc);
	json_decref(c);
	free(top);
	free(libdir);
	return st;
}
