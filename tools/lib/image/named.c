// SPDX-License-Identifier: BSD-3-Clause
/* Files that the code of an image names, that the sources have, and that the image lacks. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <unicore/json.h>
#include <unicore/msg.h>

#include "internal.h"

/* The kernel makes what is there, or a run does. */
static bool is_made(const char *path)
{
	static const char *const folders[] = { "/dev/", "/proc/", "/sys/", "/run/", "/tmp/" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		if (uc_has_prefix(path, folders[i]))
			return true;
	return false;
}

/* What libraries open are mostly settings that they do without, and what the C library executes is
 * the shell for scripts. */
static bool is_dispensable(const json_t *use, bool executed)
{
	const char *code = uc_path_base(uc_json_str(use, "file"));

	return uc_has_prefix(code, "libc.") || (!executed && strstr(code, ".so"));
}

static bool is_source(const struct uc_input *in, size_t nin, const char *path, bool executed)
{
	bool there = false;

	for (size_t i = 0; i < nin && !there; i++) {
		char *host = in[i].root.dir ? uc_root_host(&in[i].root, path) : NULL;
		char *real = host ? realpath(host, NULL) : NULL;
		struct stat st;

		there = real && !is_made(real) && !stat(real, &st) && S_ISREG(st.st_mode) &&
			(!executed || st.st_mode & 0111);
		free(real);
		free(host);
	}
	return there;
}

void uc_image_warn_named(const struct uc_tree *tree, const struct uc_input *in, size_t nin,
			 const json_t *report)
{
	json_t *use;
	size_t i;

	json_array_foreach(json_object_get(report, "named_files"), i, use)
	{
		const char *path = uc_json_str(use, "path");
		bool executed = !strcmp(uc_json_str(use, "use"), "execute");
		char *known = uc_tree_resolve(tree, path);

		if (!known && !is_made(path) && !is_dispensable(use, executed) &&
		    is_source(in, nin, path, executed))
			uc_warn(path,
				"%s may %s it (at %s), but the image lacks it: name it as one more "
				"source, or --add it",
				uc_json_str(use, "file"), executed ? "execute" : "open",
				uc_json_str(use, "at"));
		free(known);
	}
}
