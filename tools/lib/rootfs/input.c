// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include <unicore/input.h>

static void free_values(struct uc_map *m)
{
	for (size_t i = 0; i < m->n; i++) free(m->e[i].value);
	uc_map_free(m);
}

void uc_input_free(struct uc_input *in)
{
	free(in->root.dir);
	free_values(&in->owners);
	free_values(&in->by_name);
	uc_vec_free(&in->picks);
	uc_packages_free(&in->packages);
	free(in->exec);
	uc_vec_free(&in->argv);
	uc_vec_free(&in->env);
	free(in->cwd);
	free(in->user);
	*in = (struct uc_input){ 0 };
}

static char *search_path(const struct uc_input *in, const char *name)
{
	const char *list = UC_PATH_DEFAULT;

	for (size_t i = 0; i < in->env.n; i++)
		if (uc_has_prefix(in->env.v[i], "PATH=")) list = in->env.v[i] + 5;
	while (*list) {
		size_t n = strcspn(list, ":");
		char *dir = uc_xstrndup(list, n), *path = uc_path_join(n ? dir : "/", name);

		free(dir);
		if (path[0] == '/' && uc_root_has(&in->root, path)) return path;
		free(path);
		list += n + (list[n] == ':');
	}
	return NULL;
}

char *uc_input_program(const struct uc_input *in, const char *name)
{
	if (name[0] == '/') return uc_path_clean(name);
	return strchr(name, '/') ? uc_path_join(in->cwd ? in->cwd : "/", name)
				 : search_path(in, name);
}
