// SPDX-License-Identifier: BSD-3-Clause
/*
 * Images of sources, kept in CACHE/images/KEY. The key covers everything that is cheap to look at
 * and tells of a change: the source as written, its files' identities, the dynamic linker's and
 * the package manager's databases, this program and the micro-libraries. The files that went into
 * an image of a program are listed in it and looked at again. A manifest may name anything, so it
 * is built every time. Kernels of other images that a run asks for (fit.c) are beside them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <unicore/build.h>
#include <unicore/link.h>
#include <unicore/msg.h>
#include <unicore/runimage.h>

#include "kept.h"

static void key_source(struct uc_sha256 *k, const char *source)
{
	char *path = realpath(source, NULL);

	if (path) {
		uc_key_file(k, path);
		free(path);
		return;
	}
	uc_key_text(k, source);
	if (uc_has_prefix(source, "dir:"))
		uc_key_tree(k, source + 4);
	if (uc_has_prefix(source, "oci:")) {
		char *layout = uc_xstrndup(source + 4, strcspn(source + 4, ":"));
		char *index = uc_path_join(layout, "index.json");

		uc_key_file(k, index);
		free(index);
		free(layout);
	}
}

static void make_key(const char *source, const char *exec, char hex[65])
{
	struct uc_sha256 k;
	char *libdir = uc_libdir_arch("x86_64"), *cwd = getcwd(NULL, 0);

	uc_sha256_init(&k);
	key_source(&k, source);
	uc_key_text(&k, exec ? exec : "");
	if (cwd && source[0] != '/' && !uc_has_prefix(source, "deb:"))
		uc_key_text(&k, cwd);
	uc_key_file(&k, "/etc/ld.so.cache");
	uc_key_file(&k, "/var/lib/dpkg/status");
	uc_key_file(&k, "/var/lib/apt/lists");
	uc_key_file(&k, "/proc/self/exe");
	uc_key_tree(&k, libdir);
	free(cwd);
	free(libdir);
	uc_sha256_hex(&k, hex);
	hex[32] = 0;
}

/* Packages and layers never change under their names; folders are in the key. */
static bool is_path(const char *source)
{
	return !uc_has_prefix(source, "deb:") && !uc_has_prefix(source, "oci:") &&
	       !uc_has_prefix(source, "dir:");
}

static bool is_fresh(const char *source, const char *dir)
{
	char *list = uc_path_join(dir, "inputs");
	bool fresh = uc_is_image(dir) && (!is_path(source) || uc_inputs_unchanged(list));

	free(list);
	return fresh;
}

static int build(const char *source, const char *exec, const char *dir)
{
	struct uc_build b = { .out = dir,
			      .exec = exec,
			      .loglevel = -1,
			      .inputs = is_path(source),
			      .keep_lock = true };
	struct uc_build_report rep = { 0 };

	uc_vec_add(&b.sources, source);
	int status = uc_build_image(&b, &rep);
	if (!status)
		uc_build_report_free(&rep);
	uc_build_free(&b);
	return status;
}

/* One builder of an image at a time; the others then find it made. */
static int build_locked(const char *source, const char *exec, bool rebuild, const char *images,
			const char *dir)
{
	char *lock = uc_xasprintf("%s.lock", dir);
	int fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600), status = 0;

	if (fd < 0) {
		status = uc_fail_os(UC_ST_CANTCREAT, lock, "set XDG_CACHE_HOME to a folder you own",
				    errno, "cannot create it");
	} else {
		while (flock(fd, LOCK_EX) < 0 && errno == EINTR)
			;
		if (rebuild || !is_fresh(source, dir)) {
			uc_kept_prune(images, UC_KEPT_IMAGES_SECONDS, UC_KEPT_IMAGES_MOST);
			status = build(source, exec, dir);
		}
		close(fd);
	}
	free(lock);
	return status;
}

/* A file that is not there, said before a build starts and in terms of `run`. */
static int check_source(const char *source)
{
	struct stat st;

	if (stat(source, &st) == 0) {
		if (S_ISDIR(st.st_mode))
			return uc_fail(UC_ST_DATA, source,
				       "write dir:FOLDER to run a program of a root file system",
				       "is a folder, but no image: it has no image.json");
		return 0;
	}
	if (errno != ENOENT && errno != ENOTDIR)
		return uc_fail_os(UC_ST_NOINPUT, source, NULL, errno, "cannot look at it");
	if (strchr(source, ':') && source[0] != '/' && source[0] != '.')
		return 0; /* deb:, oci:, dir: */
	return uc_fail(UC_ST_NOINPUT, source,
		       "name an image, a program file, deb:PACKAGE, dir:FOLDER or oci:LAYOUT",
		       "there is no such file");
}

int uc_run_source(const char *source, const char *exec, bool rebuild, char **out)
{
	char hex[65];
	int status = check_source(source);

	if (status)
		return status;
	char *images = uc_kept_folder();
	if (!images)
		return UC_ST_CANTCREAT;
	/* The others always say themselves what to start. */
	if (!uc_has_prefix(source, "dir:") && !uc_has_prefix(source, "oci:"))
		exec = NULL;
	make_key(source, exec, hex);
	char *dir = uc_path_join(images, hex);
	rebuild |= uc_has_suffix(source, ".yaml");
	if (rebuild || !is_fresh(source, dir))
		status = build_locked(source, exec, rebuild, images, dir);
	else
		uc_kept_used(dir);
	free(images);
	if (status)
		free(dir);
	else
		*out = dir;
	return status;
}

int uc_run_link(const struct uc_run_image *img, const struct uc_run_kernel *want, const char *dir)
{
	bool process = want->plat == UC_PLAT_LINUX;
	const struct uc_relink r = { .platform = process ? UC_PLATFORM_LINUX : UC_PLATFORM_KVM,
				     .dir = dir,
				     .name = process ? "kernel-linux" : "kernel",
				     .with = want->with,
				     .all = want->all };

	return uc_image_relink(img, &r);
}
