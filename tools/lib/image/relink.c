// SPDX-License-Identifier: BSD-3-Clause
/* A kernel for an image that has more than its own: parts that a run asks for, every call. */
#include <stdlib.h>

#include <unicore/runimage.h>

#include "internal.h"

struct job {
	struct uc_systab tab;
	struct uc_ulibs ulibs;
	struct uc_vec calls, choose, with, without;
};

static int load(const struct uc_run_image *img, const struct uc_relink *r, const char *libdir,
		struct job *j)
{
	char *calls = uc_path_join(img->dir, "calls");
	int rc = uc_systab_installed(libdir, &j->tab);

	if (!rc) rc = uc_ulibs_installed(libdir, &j->ulibs);
	if (!rc && !r->all) rc = uc_calls_load(calls, &j->tab, &j->calls);
	if (!rc)
		uc_ulibs_again(&j->ulibs, r->all ? &img->ulibs_all : &img->ulibs, &j->choose,
			       &j->with, &j->without);
	for (size_t i = 0; i < r->with->n && !rc; i++) uc_vec_add_once(&j->with, r->with->v[i]);
	free(calls);
	return rc;
}

int uc_image_relink(const struct uc_run_image *img, const struct uc_relink *r)
{
	char *libdir = uc_libdir_arch("x86_64");
	struct job j = { .ulibs = { 0 } };
	int rc = load(img, r, libdir, &j);
	struct uc_link l = { .libdir = libdir,
			     .outdir = r->dir,
			     .name = r->name,
			     .calls = r->all ? NULL : &j.calls,
			     .quiet = true,
			     .choice = { .platform = r->platform,
					 .choose = &j.choose,
					 .with = &j.with,
					 .without = &j.without } };

	if (!rc) rc = uc_link_kernel(&l);
	uc_link_free(&l);
	uc_systab_free(&j.tab);
	uc_ulibs_free(&j.ulibs);
	uc_vec_free(&j.calls);
	uc_vec_free(&j.choose);
	uc_vec_free(&j.with);
	uc_vec_free(&j.without);
	free(libdir);
	return rc;
}
