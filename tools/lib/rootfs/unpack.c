// SPDX-License-Identifier: BSD-3-Clause
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

#include <unicore/msg.h>
#include <unicore/unpack.h>

#define MAX_DEPTH 256

static int make_folder(struct uc_unpack *u, const char *dir, int depth);

/* Canonical form of a path whose last component may not exist; parents are made. NULL and errno. */
static char *place(struct uc_unpack *u, const char *path, int depth)
{
	char *dir = uc_path_dir(path), *canon = NULL, *out = NULL;
	struct stat st;
	int rc = uc_root_lookup(&u->root, dir, false, NULL, &canon, &st);

	if (rc == -ENOENT && strcmp(dir, "/")) {
		rc = depth < MAX_DEPTH ? make_folder(u, dir, depth + 1) : -ELOOP;
		if (!rc) rc = uc_root_lookup(&u->root, dir, false, NULL, &canon, &st);
	}
	if (!rc && S_ISDIR(st.st_mode)) out = uc_path_join(canon, uc_path_base(path));
	else errno = rc ? -rc : ENOTDIR;
	free(canon);
	free(dir);
	return out;
}

/* Makes a folder that is missing, or the one that a link at its place points to. */
static int make_folder(struct uc_unpack *u, const char *dir, int depth)
{
	char *at = place(u, dir, depth), *host, *target, *up, *full;
	int rc = 0;

	if (!at) return -errno;
	host = uc_root_host(&u->root, at);
	target = uc_readlink_dup(AT_FDCWD, host);
	if (target) {
		up = uc_path_dir(at);
		full = uc_xasprintf("%s/%s", target[0] == '/' ? "" : up, target);
		rc = depth < MAX_DEPTH ? make_folder(u, full, depth + 1) : -ELOOP;
		free(full);
		free(up);
		free(target);
	} else if (mkdir(host, 0755) && errno != EEXIST) {
		rc = -errno;
	}
	free(host);
	free(at);
	return rc;
}

static int copy_data(struct archive *a, int fd)
{
	const void *block;
	la_int64_t off;
	size_t n;
	int rc;

	while ((rc = archive_read_data_block(a, &block, &n, &off)) == ARCHIVE_OK) {
		const char *p = block;

		while (n) {
			ssize_t done = pwrite(fd, p, n, off);

			if (done < 0 && errno == EINTR) continue;
			if (done < 0) return -errno;
			p += done;
			off += done;
			n -= (size_t)done;
		}
	}
	return rc == ARCHIVE_EOF ? 0 : -EBADMSG;
}

static int make_file(struct archive *a, struct archive_entry *e, const char *host, mode_t mode)
{
	int fd, rc;

	if (uc_rmtree(host)) return -EISDIR;
	fd = open(host, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0) return -errno;
	rc = copy_data(a, fd);
	/* Ends in a hole. */
	if (!rc && archive_entry_size_is_set(e) && ftruncate(fd, archive_entry_size(e)))
		rc = -errno;
	if (!rc && fchmod(fd, (mode & 0777) | 0400)) rc = -errno;
	if (close(fd) && !rc) rc = -errno;
	return rc;
}

static int make_dir(const char *host, mode_t mode)
{
	struct stat st;

	if (lstat(host, &st) || !S_ISDIR(st.st_mode)) {
		if (uc_rmtree(host)) return -EISDIR;
		if (mkdir(host, 0700)) return -errno;
	}
	return chmod(host, (mode & 0777) | 0700) ? -errno : 0;
}

static int make_hardlink(struct uc_unpack *u, const char *target, const char *host)
{
	char *clean = uc_path_clean(target), *canon, *from;
	struct stat st;
	int rc = uc_root_lookup(&u->root, clean, true, NULL, &canon, &st);

	free(clean);
	if (rc) return rc;
	from = uc_root_host(&u->root, canon);
	if (S_ISDIR(st.st_mode)) rc = -EISDIR;
	else if (!strcmp(from, host)) rc = 0;
	else if (uc_rmtree(host) || linkat(AT_FDCWD, from, AT_FDCWD, host, 0)) rc = -errno;
	free(from);
	free(canon);
	return rc;
}

static void note_owner(struct uc_unpack *u, const char *path, const char *host,
		       struct archive_entry *e)
{
	struct uc_owner own = { (uint32_t)archive_entry_uid(e), (uint32_t)archive_entry_gid(e),
				archive_entry_perm(e) & 07777 };
	struct uc_owner *old = uc_map_get(&u->owners, path);
	struct stat st;

	if (lstat(host, &st)) return;
	if (S_ISLNK(st.st_mode)) own.mode = st.st_mode & 07777;
	if (!old && !own.uid && !own.gid && own.mode == (st.st_mode & 07777)) return;
	if (!old) *uc_map_put(&u->owners, path) = old = uc_xmalloc(sizeof(*old));
	*old = own;
}

/* ---- whiteouts (OCI image layer specification) ---- */

static int remove_lower(struct uc_unpack *u, const char *path)
{
	char *host;
	int rc = 0;

	if (uc_map_get(&u->made, path)) return 0;
	host = uc_root_host(&u->root, path);
	rc = uc_rmtree(host);
	free(host);
	return rc;
}

static int remove_children(struct uc_unpack *u, const char *dir)
{
	struct uc_vec names = { 0 };
	int rc = uc_root_list(&u->root, dir, &names);

	for (size_t i = 0; i < names.n && !rc; i++) {
		char *path = uc_path_join(dir, names.v[i]), *host = uc_root_host(&u->root, path);
		struct stat st;

		/* A folder that this layer has as well keeps only what is this layer's. */
		if (uc_map_get(&u->made, path) && !lstat(host, &st) && S_ISDIR(st.st_mode))
			rc = remove_children(u, path);
		else rc = remove_lower(u, path);
		free(host);
		free(path);
	}
	uc_vec_free(&names);
	return rc;
}

static int whiteout(struct uc_unpack *u, const char *canon)
{
	const char *base = uc_path_base(canon);
	char *dir = uc_path_dir(canon), *path;
	int rc = 0;

	if (!strcmp(base, ".wh..wh..opq")) {
		rc = remove_children(u, dir);
	} else if (!uc_has_prefix(base, ".wh..wh.")) {
		path = uc_path_join(dir, base + 4);
		if (strcmp(base + 4, ".") && strcmp(base + 4, "..") && base[4])
			rc = remove_lower(u, path);
		free(path);
	}
	free(dir);
	return rc;
}

/* ---- entries ---- */

static int make_entry(struct uc_unpack *u, struct archive *a, struct archive_entry *e,
		      const char *canon)
{
	const char *hard = archive_entry_hardlink(e), *target = archive_entry_symlink(e);
	char *host = uc_root_host(&u->root, canon);
	int rc = 0;

	if (hard) {
		rc = make_hardlink(u, hard, host);
	} else {
		switch (archive_entry_filetype(e)) {
		case AE_IFREG: rc = make_file(a, e, host, archive_entry_perm(e)); break;
		case AE_IFDIR: rc = make_dir(host, archive_entry_perm(e)); break;
		case AE_IFLNK:
			if (!target) rc = -EBADMSG;
			else if (uc_rmtree(host) || symlink(target, host)) rc = -errno;
			break;
		default: /* devices and pipes: the guest has its own /dev */ free(host); return 0;
		}
	}
	if (!rc) {
		note_owner(u, canon, host, e);
		*uc_map_put(&u->made, canon) = u;
		uc_vec_add(&u->paths, canon);
	}
	free(host);
	return rc;
}

/* A folder entry where the root has a link to a folder (merged /usr) leaves the link. */
static bool is_linked_dir(struct uc_unpack *u, struct archive_entry *e, const char *canon)
{
	struct stat st;

	return archive_entry_filetype(e) == AE_IFDIR &&
	       !uc_root_lookup(&u->root, canon, false, NULL, NULL, &st) && S_ISDIR(st.st_mode) &&
	       !uc_root_lookup(&u->root, canon, true, NULL, NULL, &st) && S_ISLNK(st.st_mode);
}

static int unpack_entry(struct uc_unpack *u, struct archive *a, struct archive_entry *e)
{
	const char *name = archive_entry_pathname(e);
	char *clean, *canon;
	int rc = 0;

	if (!name || strchr(name, '\n')) return -EBADMSG;
	clean = uc_path_clean(name);
	if (!strcmp(clean, "/") || (u->skip && u->skip(clean))) {
		free(clean);
		return 0;
	}
	canon = place(u, clean, 0);
	free(clean);
	if (!canon) return -errno;
	if (u->whiteouts && uc_has_prefix(uc_path_base(canon), ".wh.")) rc = whiteout(u, canon);
	else if (!is_linked_dir(u, e, canon)) rc = make_entry(u, a, e, canon);
	free(canon);
	return rc;
}

int uc_unpack_entries(struct uc_unpack *u, struct archive *a, const char *what)
{
	struct archive_entry *e;
	int rc;

	while ((rc = archive_read_next_header(a, &e)) == ARCHIVE_OK || rc == ARCHIVE_WARN) {
		const char *name = archive_entry_pathname(e);

		rc = unpack_entry(u, a, e);
		if (rc == -EBADMSG)
			return uc_fail(UC_ST_DATA, what, "remove it, it will be fetched again",
				       "it is damaged at %s",
				       name ? name : "an entry without a name");
		if (rc) {
			char *at = uc_xasprintf("%s: %s", what, name);

			rc = uc_fail_os(rc == -ENOENT || rc == -ENOTDIR || rc == -EISDIR ||
							rc == -ELOOP
						? UC_ST_DATA
						: UC_ST_CANTCREAT,
					at, NULL, -rc, "cannot unpack it");
			free(at);
			return rc;
		}
	}
	if (rc != ARCHIVE_EOF)
		return uc_fail(UC_ST_DATA, what, "remove it, it will be fetched again",
			       "it is damaged: %s", archive_error_string(a));
	return 0;
}

int uc_unpack_file(struct uc_unpack *u, const char *path)
{
	struct archive *a = archive_read_new();
	int rc;

	archive_read_support_format_tar(a);
	archive_read_support_filter_all(a);
	if (archive_read_open_filename(a, path, 1 << 16) != ARCHIVE_OK)
		rc = uc_fail(UC_ST_DATA, path, NULL, "cannot be read as a tar file: %s",
			     archive_error_string(a));
	else rc = uc_unpack_entries(u, a, path);
	archive_read_free(a);
	return rc;
}

void uc_unpack_next(struct uc_unpack *u)
{
	uc_vec_free(&u->paths);
	uc_map_free(&u->made);
}

void uc_unpack_free(struct uc_unpack *u)
{
	uc_unpack_next(u);
	for (size_t i = 0; i < u->owners.n; i++) free(u->owners.e[i].value);
	uc_map_free(&u->owners);
}
