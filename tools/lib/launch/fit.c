// SPDX-License-Identifier: BSD-3-Clause
/*
 * The kernel for a run. An image's own has what its program needs by itself; what this run wants
 * besides is linked once and kept.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <unicore/link.h>
#include <unicore/msg.h>
#include <unicore/runimage.h>

#include "kept.h"

/* ---- code that the image's calls were not found for ---- */

bool uc_run_loads_code(const char *setting)
{
	static const char gconv[] = "GCONV_PATH";
	size_t n = strcspn(setting, "=");

	return uc_has_prefix(setting, "LD_") ||
	       (n == sizeof(gconv) - 1 && !memcmp(setting, gconv, n));
}

/* Does the folder of a volume hide one with code, or is it in one? */
static bool over_code(const struct uc_run_image *img, const char *guest)
{
	char *path = uc_path_clean(guest);
	bool over = false;

	for (size_t i = 0; i < img->folders.n && !over; i++)
		over = uc_path_below(path, img->folders.v[i]) ||
		       uc_path_below(img->folders.v[i], path);
	free(path);
	return over;
}

bool uc_run_image_foreign(const struct uc_run_image *img, const struct uc_run_ways *w)
{
	bool foreign = strcmp(w->exec, img->exec) && !img->programs_run;

	for (size_t i = 0; i < w->nenv && !foreign; i++)
		foreign = uc_run_loads_code(w->env[i]);
	for (size_t i = 0; i < w->nvolumes && !foreign; i++)
		foreign = img->programs_run || img->libraries_opened ||
			  over_code(img, w->volumes[i].guest);
	return img->own_code && foreign;
}

/* ---- the kernel ---- */

static void key_list(struct uc_sha256 *k, const struct uc_vec *v)
{
	for (size_t i = 0; i < v->n; i++)
		uc_key_text(k, v->v[i]);
	uc_key_text(k, "");
}

static void make_key(const struct uc_run_image *img, const struct uc_run_kernel *want, char hex[65])
{
	char *arch = uc_libdir_arch("x86_64"), *dir = uc_libdir();
	char *tools = uc_path_join(dir, UC_TOOLS_PROGRAM), *calls = uc_path_join(img->dir, "calls");
	struct uc_sha256 k;

	uc_sha256_init(&k);
	uc_key_text(&k, "kernel");
	uc_key_file(&k, calls);
	key_list(&k, want->all ? &img->ulibs_all : &img->ulibs);
	key_list(&k, want->with);
	uc_sha256_add(&k, &want->all, sizeof(want->all));
	uc_key_tree(&k, arch);
	uc_key_file(&k, tools);
	uc_sha256_hex(&k, hex);
	hex[32] = 0;
	free(calls);
	free(tools);
	free(arch);
	free(dir);
}

/* Into a folder of its own that then gets its place: another run may be doing the same. */
static int make(const struct uc_run_image *img, const struct uc_run_kernel *want, const char *dir)
{
	char *tmp = uc_xasprintf("%s.tmp%ld", dir, (long)getpid());
	int err = uc_mkdirs(tmp, 0700), status = 0;

	if (err < 0)
		status = uc_fail_os(UC_ST_CANTCREAT, tmp, NULL, -err, "cannot create it");
	else
		status = uc_run_link(img, want, tmp);
	if (!status && rename(tmp, dir) && errno != EEXIST && errno != ENOTEMPTY)
		status = uc_fail_os(UC_ST_CANTCREAT, dir, NULL, errno, "cannot put a kernel there");
	uc_rmtree(tmp);
	free(tmp);
	return status;
}

int uc_run_image_kernel(const struct uc_run_image *img, const struct uc_run_kernel *want,
			char **kernel)
{
	const char *name = want->plat == UC_PLAT_LINUX ? "kernel-linux" : "kernel";
	char hex[65], *images, *dir;
	int status = 0;

	if (!want->with->n && !want->all) {
		*kernel = uc_path_join(img->dir, name);
		return 0;
	}
	images = uc_kept_folder();
	if (!images)
		return UC_ST_CANTCREAT;
	make_key(img, want, hex);
	dir = uc_xasprintf("%s/%s-%s", images, hex, uc_plat_names[want->plat]);
	*kernel = uc_path_join(dir, name);
	if (access(*kernel, R_OK) == 0) {
		uc_kept_used(dir);
	} else {
		uc_kept_prune(images, UC_KEPT_IMAGES_SECONDS, UC_KEPT_IMAGES_MOST);
		status = make(img, want, dir);
	}
	if (status) {
		free(*kernel);
		*kernel = NULL;
	}
	free(dir);
	free(images);
	return status;
}
