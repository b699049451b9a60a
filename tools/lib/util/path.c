// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include <unicore/util.h>

char *uc_path_join(const char *a, const char *b)
{
	size_t n = strlen(a);

	while (n > 0 && a[n - 1] == '/') n--;
	while (*b == '/') b++;
	return uc_xasprintf("%.*s/%s", (int)n, a, b);
}

char *uc_path_dir(const char *path)
{
	const char *s = strrchr(path, '/');

	if (!s) return uc_xstrdup(".");
	return s == path ? uc_xstrdup("/") : uc_xstrndup(path, (size_t)(s - path));
}

const char *uc_path_base(const char *path)
{
	const char *s = strrchr(path, '/');

	return s ? s + 1 : path;
}

char *uc_path_clean(const char *path)
{
	char *out = uc_xmalloc(strlen(path) + 2);
	size_t n = 0;

	while (*path) {
		size_t len = strcspn(path, "/");

		if (len == 2 && path[0] == '.' && path[1] == '.') {
			while (n > 0 && out[--n] != '/')
				;
		} else if (len && !(len == 1 && path[0] == '.')) {
			out[n++] = '/';
			memcpy(out + n, path, len);
			n += len;
		}
		path += len + (path[len] == '/');
	}
	if (!n) out[n++] = '/';
	out[n] = 0;
	return out;
}

bool uc_has_prefix(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

bool uc_has_suffix(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n >= m && !strcmp(s + n - m, suffix);
}

bool uc_path_below(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	if (n == 1) return path[0] == '/';
	return !strncmp(path, dir, n) && (path[n] == 0 || path[n] == '/');
}

char *uc_tmp_path(const char *name)
{
	const char *tmp = getenv("TMPDIR");

	return uc_path_join(tmp && *tmp ? tmp : "/tmp", name);
}
