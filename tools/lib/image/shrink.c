// SPDX-License-Identifier: BSD-3-Clause
/* An image made of another: the same with a kernel that tells what is used, or with fewer files. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <unicore/msg.h>
#include <unicore/runimage.h>

#include "internal.h"

static const char *const parts[] = { "kernel", "kernel.debug", "kernel-linux",
				     "kernel-linux.debug", "calls" };

static int copy_part(const char *from_dir, const char *name, const char *to_dir)
{
	char *from = uc_path_join(from_dir, name), *to = uc_path_join(to_dir, name);
	bool program = uc_has_prefix(name, "kernel");
	int rc = access(from, F_OK) ? 0 : uc_file_copy(from, to, program ? 0755 : 0644);

	if (rc) rc = uc_fail_os(UC_ST_CANTCREAT, to, NULL, -rc, "cannot copy it");
	free(from);
	free(to);
	return rc;
}

/* ---- the probe ---- */

int uc_shrink_probe(const struct uc_run_image *img, const char *dir)
{
	struct uc_vec with = { 0 };
	struct uc_relink r = {
		.platform = UC_PLATFORM_KVM, .dir = dir, .name = "kernel", .with = &with
	};
	char *root = realpath(img->root, NULL), *link = uc_path_join(dir, "root.erofs");
	int rc;

	uc_vec_add(&with, "used");
	rc = uc_image_relink(img, &r);
	r.platform = UC_PLATFORM_LINUX;
	r.name = "kernel-linux";
	if (!rc && img->kernel_linux) rc = uc_image_relink(img, &r);
	if (!rc) rc = copy_part(img->dir, "image.json", dir);
	if (!rc && (!root || symlink(root, link)))
		rc = uc_fail_os(UC_ST_CANTCREAT, link, NULL, errno, "cannot create it");
	uc_vec_free(&with);
	free(root);
	free(link);
	return rc;
}

/* ---- without some files ---- */

static int remove_files(const char *root, const struct uc_vec *paths)
{
	int rc = 0;

	for (size_t i = 0; i < paths->n && !rc; i++) {
		char *host = uc_path_join(root, paths->v[i]);

		if (unlink(host))
			rc = uc_fail_os(UC_ST_DATA, paths->v[i], "build the image again", errno,
					"cannot remove it");
		free(host);
	}
	return rc;
}

static int make_root(const struct uc_run_image *img, const struct uc_vec *paths, const char *dir,
		     uint64_t *bytes)
{
	char *scratch = uc_path_join(dir, ".root"), *erofs = uc_path_join(dir, "root.erofs");
	struct uc_buf seed = { 0 };
	int rc = uc_erofs_extract(img->root, scratch);

	uc_buf_printf(&seed, "%s\n", img->digest ? img->digest : "");
	for (size_t i = 0; i < paths->n; i++) uc_buf_printf(&seed, "%s\n", paths->v[i]);
	if (!rc) rc = remove_files(scratch, paths);
	if (!rc) rc = uc_erofs_again(scratch, seed.p, erofs);
	if (!rc) rc = uc_image_finish_root(erofs, bytes);
	uc_rmtree(scratch);
	uc_buf_free(&seed);
	free(scratch);
	free(erofs);
	return rc;
}

static void drop_entries(json_t *contents, const struct uc_vec *paths)
{
	json_t *files = json_object_get(contents, "files");
	struct uc_map gone = { 0 };

	for (size_t i = 0; i < paths->n; i++) *uc_map_put(&gone, paths->v[i]) = files;
	for (size_t i = json_array_size(files); i-- > 0;) {
		const char *path = json_string_value(
			json_object_get(json_array_get(files, i), "path"));

		if (path && uc_map_get(&gone, path)) json_array_remove(files, i);
	}
	uc_map_free(&gone);
}

static json_int_t count(const json_t *contents, const char *kind)
{
	const json_t *o;
	json_int_t n = 0;
	size_t i;

	json_array_foreach(json_object_get(contents, "files"), i, o)
	{
		const char *k = json_string_value(json_object_get(o, "kind"));

		n += k && !strcmp(k, kind);
	}
	return n;
}

static int describe(const struct uc_run_image *img, const json_t *contents, uint64_t root_bytes,
		    const char *dir)
{
	char *from = uc_path_join(img->dir, "image.json"), *to = uc_path_join(dir, "image.json");
	char *digest = uc_image_digest(dir);
	json_t *o = json_load_file(from, 0, NULL);
	json_int_t kernel = json_integer_value(json_object_get(o, "kernel_bytes"));
	int rc = digest ? 0 : UC_ST_OSERR;

	if (!o && !rc) rc = uc_fail(UC_ST_DATA, from, NULL, "cannot be read");
	if (!rc) {
		json_object_set_new(o, "digest", json_string(digest));
		json_object_set_new(o, "root_bytes", json_integer((json_int_t)root_bytes));
		json_object_set_new(o, "image_bytes",
				    json_integer(kernel + (json_int_t)root_bytes));
		json_object_set_new(o, "files", json_integer(count(contents, "file")));
		json_object_set_new(o, "links", json_integer(count(contents, "link")));
		rc = uc_json_write(json_incref(o), to);
	}
	json_decref(o);
	free(digest);
	free(from);
	free(to);
	return rc;
}

int uc_shrink_make(const struct uc_run_image *img, json_t *contents, const struct uc_vec *paths,
		   const char *dir)
{
	char *list = uc_path_join(dir, "contents.json");
	uint64_t bytes = 0;
	int rc = 0;

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts) && !rc; i++)
		rc = copy_part(img->dir, parts[i], dir);
	if (!rc) rc = make_root(img, paths, dir, &bytes);
	if (!rc) drop_entries(contents, paths);
	if (!rc) rc = describe(img, contents, bytes, dir);
	if (!rc) rc = uc_json_write(json_incref(contents), list);
	free(list);
	return rc;
}
