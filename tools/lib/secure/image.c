// SPDX-License-Identifier: BSD-3-Clause
/* An image with the kernels of another, bit for bit, and the program that looks around as its
 * own. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <unicore/build.h>
#include <unicore/link.h>
#include <unicore/msg.h>

#include "internal.h"

/* A root file system that holds nothing but the program. */
static int make_root(const char *work, const char *out)
{
	char *program = uc_libfile(NULL, "probe");
	char *stage = uc_path_join(work, "stage"), *to = uc_path_join(stage, SECURE_PROGRAM);
	struct uc_build b = { .out = out, .root = stage, .keep_lock = true, .loglevel = -1 };
	struct uc_build_report rep = { 0 };
	int verbosity = uc_msg_verbosity, err = uc_mkdirs(stage, 0755), rc;

	if (!err)
		err = uc_file_copy(program, to, 0755);
	rc = err ? uc_fail_os(UC_ST_CANTCREAT, program, NULL, -err, "cannot copy it") : 0;
	uc_vec_add(&b.sources, SECURE_PROGRAM);
	uc_msg_verbosity = -1;
	if (!rc)
		rc = uc_build_image(&b, &rep);
	uc_msg_verbosity = verbosity;
	uc_build_free(&b);
	uc_build_report_free(&rep);
	free(program);
	free(stage);
	free(to);
	return rc;
}

static int copy_kernel(const char *from, const char *dir, const char *name)
{
	char *to = uc_path_join(dir, name);
	int err = unlink(to) ? -errno : uc_file_copy(from, to, 0755), rc = 0;

	if (err)
		rc = uc_fail_os(UC_ST_CANTCREAT, to, NULL, -err, "cannot copy the kernel there");
	free(to);
	return rc;
}

/* The digest is of the kernel that is replaced. */
static int drop_digest(const char *dir)
{
	char *path = uc_path_join(dir, "image.json");
	json_t *doc = json_load_file(path, 0, NULL);
	int rc = 0;

	json_object_del(doc, "digest");
	if (!doc || json_dump_file(doc, path, JSON_INDENT(1)))
		rc = uc_fail(UC_ST_CANTCREAT, path, NULL, "cannot change it");
	json_decref(doc);
	free(path);
	return rc;
}

int secure_image(const struct uc_run_image *img, const char *work, char **out)
{
	char *dir = uc_path_join(work, "image");
	int rc = make_root(work, dir);

	if (!rc)
		rc = copy_kernel(img->kernel, dir, "kernel");
	if (!rc && img->kernel_linux)
		rc = copy_kernel(img->kernel_linux, dir, "kernel-linux");
	if (!rc)
		rc = drop_digest(dir);
	*out = dir;
	return rc;
}
