// SPDX-License-Identifier: BSD-3-Clause
/* Copyright files of packages (Debian Policy 12.5, copyright-format 1.0). */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <unicore/deb.h>

#define COPYRIGHT_MAX (4u << 20)

bool uc_deb_is_copyright(const char *path)
{
	return !fnmatch("/usr/share/doc/*/copyright", path, FNM_PATHNAME);
}

/* "GPL-2+ or MIT, and BSD-3-clause": each name. What is no name (with exceptions) goes with it. */
static void take_names(char *text, struct uc_vec *out)
{
	char *save, *word;

	for (word = strtok_r(text, " \t,", &save); word; word = strtok_r(NULL, " \t,", &save)) {
		if (!strcasecmp(word, "with"))
			return;
		if (strcasecmp(word, "or") && strcasecmp(word, "and") && strcasecmp(word, "and/or"))
			uc_vec_add_once(out, word);
	}
}

void uc_deb_licences(const char *dir, const char *package, struct uc_vec *out)
{
	char *path = uc_xasprintf("%s/usr/share/doc/%s/copyright", dir, package), *next, *line;
	struct uc_buf b = { 0 };

	/* Before the format was agreed on the text was free. */
	if (!uc_file_read(path, COPYRIGHT_MAX, &b) && b.p && strstr(b.p, "\nLicense:")) {
		next = b.p;
		while ((line = strsep(&next, "\n")))
			if (!strncasecmp(line, "License:", 8))
				take_names(line + 8, out);
	}
	uc_vec_sort(out);
	uc_buf_free(&b);
	free(path);
}
