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

void uc_key_text(struct uc_sha256 *k, const char *s)
{
	uc_sha256_add(k, s, strlen(s) + 1);
}

void uc_key_inode(struct uc_sha256 *k, const struct stat *st)
{
	const uint64_t v[] = { st->st_dev,
			       st->st_ino,
			       (uint64_t)st->st_size,
			       st->st_mode,
			       (uint64_t)st->st_mtim.tv_sec,
			       (uint64_t)st->st_mtim.tv_nsec };

	uc_sha256_add(k, v, sizeof(v));
}

static void key_stat(struct uc_sha256 *k, const char *path, const struct stat *st)
{
	uc_key_text(k, path);
	uc_key_inode(k, st);
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

struct kept {
	struct timespec used;
	bool folder;
	char *path;
};

/* Last used first. */
static int by_use(const void *a, const void *b)
{
	const struct timespec *x = &((const struct kept *)a)->used,
			      *y = &((const struct kept *)b)->used;

	if (x->tv_sec != y->tv_sec)
		return x->tv_sec > y->tv_sec ? -1 : 1;
	return x->tv_nsec > y->tv_nsec ? -1 : x->tv_nsec < y->tv_nsec;
}

void uc_kept_prune(const char *folder, time_t seconds, size_t most)
{
	DIR *d = opendir(folder);
	struct kept *v = NULL;
	size_t n = 0;

	for (struct dirent *e; d && (e = readdir(d));) {
		struct stat st;

		if (e->d_name[0] == '.' ||
		    fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		v = uc_room(v, n, sizeof(*v));
		v[n++] = (struct kept){ st.st_mtim, S_ISDIR(st.st_mode),
					uc_path_join(folder, e->d_name) };
	}
	if (d)
		closedir(d);
	if (n)
		qsort(v, n, sizeof(*v), by_use);
	for (size_t i = 0; i < n; i++) {
		bool old = seconds && time(NULL) - v[i].used.tv_sec >= seconds;

		if (old || (most && i >= most)) {
			if (v[i].folder)
				uc_rmtree(v[i].path);
			else
				unlink(v[i].path);
		}
		free(v[i].path);
	}
	free(v);
}

void uc_kept_used(const char *path)
{
	utimensat(AT_FDCWD, path, NULL, 0);
}
