// SPDX-License-Identifier: BSD-3-Clause
/* What `unicore run` asks of the files of an image without reading its root: programs by name,
 * accounts. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static void put(struct uc_map *m, const char *key, char *value)
{
	void **slot = uc_map_put(m, key);

	if (*slot) free(value);
	else *slot = value;
}

static bool is_program(const struct uc_tree *t, const char *path)
{
	char *canon = uc_tree_resolve(t, path);
	const struct uc_node *n = canon ? uc_tree_get(t, canon) : NULL;

	free(canon);
	return n && n->kind == UC_NODE_FILE && (n->mode & 0111);
}

static void programs_of(const struct uc_tree *t, const char *dir, struct uc_map *out)
{
	char *canon = uc_tree_resolve(t, dir);
	size_t n = canon ? strlen(canon) : 0;

	for (size_t i = 0; n > 1 && i < t->nodes.n; i++) {
		const char *path = t->nodes.e[i].key;

		if (strncmp(path, canon, n) || path[n] != '/' || strchr(path + n + 1, '/') ||
		    uc_map_get(out, path + n + 1) || !is_program(t, path))
			continue;
		put(out, path + n + 1, uc_path_join(dir, path + n + 1));
	}
	free(canon);
}

void uc_image_programs(const struct uc_tree *t, const struct uc_vec *env, struct uc_map *out)
{
	const char *list = UC_PATH_DEFAULT;

	for (size_t i = 0; i < env->n; i++)
		if (uc_has_prefix(env->v[i], "PATH=")) list = env->v[i] + 5;
	while (*list) {
		size_t n = strcspn(list, ":");
		char *dir = uc_xstrndup(list, n);

		if (dir[0] == '/') programs_of(t, dir, out);
		free(dir);
		list += n + (list[n] == ':');
	}
	uc_map_sort(out);
}

/* Fields of the lines of an account file; what has too few is passed over. */
static void each_line(const struct uc_tree *t, const char *path, size_t fields, struct uc_map *out)
{
	char *text = uc_tree_read(t, path), *next = text, *line;

	while (next && (line = strsep(&next, "\n"))) {
		char *f[7] = { 0 };
		size_t n = 0;

		while (line && n < fields) f[n++] = strsep(&line, ":");
		if (n < fields || !f[0][0] || !f[2][0]) continue;
		put(out, f[0],
		    fields == 3 ? uc_xstrdup(f[2]) : uc_xasprintf("%s:%s:%s", f[2], f[3], f[5]));
	}
	free(text);
}

void uc_image_accounts(const struct uc_tree *t, struct uc_map *users, struct uc_map *groups)
{
	each_line(t, "/etc/passwd", 6, users);
	each_line(t, "/etc/group", 3, groups);
}
