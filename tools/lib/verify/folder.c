// SPDX-License-Identifier: BSD-3-Clause
/* The work folder of a run: made afresh, and described afterwards. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <unicore/msg.h>

#include "internal.h"

#define BEFORE 1000000000 /* time of files that were there at the start */

static int put_file(const struct uc_vfile *f, const char *path)
{
	const struct timespec times[2] = { { BEFORE, 0 }, { BEFORE, 0 } };
	mode_t mode = f->mode < 0 ? 0644 : (mode_t)f->mode;
	char *dir = uc_path_dir(path);
	int rc = uc_mkdirs(dir, 0755);

	free(dir);
	if (!rc && f->from) {
		struct stat st;

		if (f->mode < 0 && !stat(f->from, &st))
			mode = st.st_mode & 07777;
		rc = uc_file_copy(f->from, path, mode);
	} else if (!rc) {
		rc = uc_file_write(path, f->text ? f->text : "", f->len, mode);
	}
	if (!rc && (chmod(path, mode) || utimensat(AT_FDCWD, path, times, 0)))
		rc = -errno;
	return rc;
}

int verify_tree_make(const struct uc_vcase *c, const char *dir)
{
	int rc = uc_rmtree(dir);

	if (!rc && mkdir(dir, 0755))
		rc = -errno;
	if (rc)
		return uc_fail_os(UC_ST_CANTCREAT, dir, NULL, -rc, "cannot make a work folder");
	for (size_t i = 0; i < c->nfiles; i++) {
		char *path = uc_path_join(dir, c->files[i].name);

		rc = put_file(&c->files[i], path);
		free(path);
		if (rc)
			return uc_fail_os(UC_ST_NOINPUT,
					  c->files[i].from ? c->files[i].from : c->files[i].name,
					  NULL, -rc, "cannot put it into the work folder");
	}
	return 0;
}

static void put_content(const char *path, struct uc_buf *out)
{
	struct uc_buf b = { 0 };
	int rc = uc_file_read(path, VERIFY_TEXT_MAX, &b);

	if (rc)
		uc_buf_printf(out, "unreadable: %s\n", strerrorname_np(-rc));
	else if (b.n)
		uc_buf_add(out, b.p, b.n);
	if (b.n && b.p[b.n - 1] != '\n')
		uc_buf_str(out, "\n\\ no newline at the end\n");
	uc_buf_free(&b);
}

static int list_dir(const char *dir, const char *name, struct uc_buf *out);

static int list_one(const char *path, const char *name, struct uc_buf *out)
{
	static const char kinds[] = "?pc?d?b?-?l?s???";
	struct stat st;

	if (lstat(path, &st))
		return -errno;
	uc_buf_printf(out, "== %s %c %04o %u:%u", name, kinds[st.st_mode >> 12 & 15],
		      st.st_mode & 07777, st.st_uid, st.st_gid);
	if (!S_ISDIR(st.st_mode))
		uc_buf_printf(out, " links %lu", (unsigned long)st.st_nlink);
	if (S_ISREG(st.st_mode))
		uc_buf_printf(out, " bytes %lu %s", (unsigned long)st.st_size,
			      st.st_mtime == BEFORE ? "as before" : "written");
	if (S_ISLNK(st.st_mode)) {
		char *to = uc_readlink_dup(AT_FDCWD, path);

		uc_buf_printf(out, " -> %s", to ? to : "?");
		free(to);
	}
	uc_buf_str(out, "\n");
	if (S_ISREG(st.st_mode))
		put_content(path, out);
	return S_ISDIR(st.st_mode) ? list_dir(path, name, out) : 0;
}

static int list_dir(const char *dir, const char *name, struct uc_buf *out)
{
	struct uc_vec names = { 0 };
	DIR *d = opendir(dir);
	struct dirent *e;
	int rc = 0;

	if (!d)
		return -errno;
	while ((e = readdir(d)))
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
			uc_vec_add(&names, e->d_name);
	closedir(d);
	uc_vec_sort(&names);
	for (size_t i = 0; i < names.n && !rc; i++) {
		char *path = uc_path_join(dir, names.v[i]);
		char *sub = *name ? uc_path_join(name, names.v[i]) : uc_xstrdup(names.v[i]);

		rc = list_one(path, sub, out);
		free(sub);
		free(path);
	}
	uc_vec_free(&names);
	return rc;
}

int verify_tree_list(const char *dir, struct uc_buf *out)
{
	return list_dir(dir, "", out);
}
