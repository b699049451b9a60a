// SPDX-License-Identifier: BSD-3-Clause
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <unicore/exit.h>
#include <unicore/msg.h>
#include <unicore/vmm.h>

#include "kept.h"

#define KEEP_SECONDS (14 * 24 * 3600)

void uc_key_text(struct uc_sha256 *k, const char *s)
{
	uc_sha256_add(k, s, strlen(s) + 1);
}

static void key_stat(struct uc_sha256 *k, const char *path, const struct stat *st)
{
	const uint64_t v[] = { st->st_dev,
			       st->st_ino,
			       (uint64_t)st->st_size,
			       st->st_mode,
			       (uint64_t)st->st_mtim.tv_sec,
			       (uint64_t)st->st_mtim.tv_nsec };

	uc_key_text(k, path);
	uc_sha256_add(k, v, sizeof(v));
}

void uc_key_file(struct uc_sha256 *k, const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0)
		key_stat(k, path, &st);
}

static struct uc_sha256 *walk_key; /* nftw has no argument for its callback */

static int walk(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)ftw;
	if (type != FTW_NS)
		key_stat(walk_key, path, st);
	return 0;
}

void uc_key_tree(struct uc_sha256 *k, const char *dir)
{
	if (!dir)
		return;
	walk_key = k;
	nftw(dir, walk, 32, FTW_PHYS);
}

char *uc_kept_folder(void)
{
	char *cache = uc_cache_dir(), *images = cache ? uc_path_join(cache, "images") : NULL;

	free(cache);
	if (images && uc_mkdirs(images, 0700) >= 0)
		return images;
	free(images);
	uc_fail(UC_ST_CANTCREAT, "cache", "set XDG_CACHE_HOME to a folder you own",
		"there is no folder to keep images in");
	return NULL;
}

void uc_kept_prune(const char *images)
{
	DIR *d = opendir(images);
	struct dirent *e;
	struct stat st;

	if (!d)
		return;
	while ((e = readdir(d))) {
		if (e->d_name[0] == '.' ||
		    fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
		    time(NULL) - st.st_mtime < KEEP_SECONDS)
			continue;
		char *path = uc_path_join(images, e->d_name);

		if (S_ISDIR(st.st_mode))
			uc_rmtree(path);
		else
			unlink(path);
		free(path);
	}
	closedir(d);
}

void uc_kept_used(const char *path)
{
	utimensat(AT_FDCWD, path, NULL, 0);
}
