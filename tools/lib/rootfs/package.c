// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>

#include <unicore/package.h>

struct uc_package *uc_packages_add(struct uc_packages *p, const char *name, const char *version)
{
	p->v = uc_room(p->v, p->n, sizeof(*p->v));
	p->v[p->n] =
		(struct uc_package){ .name = uc_xstrdup(name), .version = uc_xstrdup(version) };
	return &p->v[p->n++];
}

const struct uc_package *uc_packages_of(const struct uc_packages *p, const char *path)
{
	size_t at = (size_t)uc_map_get(&p->of, path);

	return at ? &p->v[at - 1] : NULL;
}

void uc_packages_free(struct uc_packages *p)
{
	for (size_t i = 0; i < p->n; i++) {
		free(p->v[i].name);
		free(p->v[i].version);
		free(p->v[i].arch);
		free(p->v[i].source);
		free(p->v[i].file);
		free(p->v[i].sha256);
		uc_vec_free(&p->v[i].licences);
	}
	free(p->v);
	uc_map_free(&p->of);
	*p = (struct uc_packages){ 0 };
}
