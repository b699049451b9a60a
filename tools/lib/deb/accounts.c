// SPDX-License-Identifier: BSD-3-Clause
/* System users and groups that packages make when they are installed. Numbers are given in order
 * of the names, so that the same packages give the same image. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/deb.h>
#include <unicore/msg.h>
#include <unicore/tree.h>

#define FIRST_ID 100u /* Debian Policy 9.2.2: 100-999 are given dynamically */

/* Number of a name in passwd or group text. */
static bool id_of(const char *text, const char *name, uint32_t *id)
{
	size_t n = strlen(name);

	for (const char *p = text; p && *p; p = strchr(p, '\n'), p = p ? p + 1 : NULL)
		if (!strncmp(p, name, n) && !strncmp(p + n, ":x:", 3)) {
			*id = (uint32_t)strtoul(p + n + 3, NULL, 10);
			return true;
		}
	return false;
}

static void make_groups(struct uc_deb_effects *fx, struct uc_buf *group)
{
	uint32_t next = FIRST_ID + 1, id;

	uc_buf_str(group, uc_skeleton_group);
	uc_vec_sort(&fx->groups);
	for (size_t i = 0; i < fx->groups.n; i++)
		if (!id_of(group->p, fx->groups.v[i], &id))
			uc_buf_printf(group, "%s:x:%u:\n", fx->groups.v[i], next++);
}

static void make_users(struct uc_deb_effects *fx, const char *group, struct uc_buf *passwd)
{
	uint32_t next = FIRST_ID + 1, id, gid;

	uc_buf_str(passwd, uc_skeleton_passwd);
	uc_map_sort(&fx->users);
	for (size_t i = 0; i < fx->users.n; i++) {
		const char *name = fx->users.e[i].key;

		if (id_of(passwd->p, name, &id)) continue;
		if (!id_of(group, name, &gid)) gid = 65534;
		uc_buf_printf(passwd, "%s:x:%u:%u::%s:/usr/sbin/nologin\n", name, next++, gid,
			      (char *)fx->users.e[i].value);
	}
}

static bool owner_ids(const char *spec, const char *passwd, const char *group, struct uc_owner *own)
{
	char *user = uc_xstrdup(spec), *g = user + strcspn(user, ":.");
	bool ok;

	if (*g) *g++ = 0;
	ok = (!*user || id_of(passwd, user, &own->uid)) && (!*g || id_of(group, g, &own->gid));
	free(user);
	return ok;
}

static void set_owner(const struct uc_root *root, const char *path, const char *spec,
		      const char *passwd, const char *group, struct uc_map *owners)
{
	struct uc_owner own = { 0 }, *old;
	struct stat st;
	char *canon;

	if (uc_root_lookup(root, path, false, NULL, &canon, &st)) return;
	old = uc_map_get(owners, canon);
	own.mode = old ? old->mode : st.st_mode & 07777;
	if (owner_ids(spec, passwd, group, &own)) {
		if (!old) *uc_map_put(owners, canon) = old = uc_xmalloc(sizeof(*old));
		*old = own;
	}
	free(canon);
}

static struct uc_deb *first_wanted(struct uc_debs *debs)
{
	for (size_t i = 0; i < debs->n; i++)
		if (debs->v[i].wanted) return &debs->v[i];
	return debs->v;
}

static int write_file(const char *dir, const char *path, const struct uc_buf *b,
		      struct uc_debs *debs)
{
	char *host = uc_xasprintf("%s%s", dir, path), *parent = uc_path_dir(host);
	int rc = uc_mkdirs(parent, 0755);

	if (!rc) rc = uc_file_write(host, b->p, b->n, 0644);
	if (rc) rc = uc_fail_os(UC_ST_CANTCREAT, host, "use --cache DIR", -rc, "cannot write it");
	if (!rc) uc_vec_add(&first_wanted(debs)->paths, path);
	free(parent);
	free(host);
	return rc;
}

/* Folders that do not come with a package. */
static void make_dirs(const struct uc_root *root, struct uc_vec *dirs, struct uc_deb *d)
{
	uc_vec_sort(dirs);
	for (size_t i = 0; i < dirs->n; i++) {
		char *parent = uc_path_dir(dirs->v[i]), *canon, *at, *host;

		/* Below a link that leads nowhere yet (/var/run) the running system makes it. */
		if (!uc_root_lookup(root, dirs->v[i], false, NULL, NULL, NULL)) {
			free(parent);
			continue;
		}
		if (!uc_root_lookup(root, parent, false, NULL, &canon, NULL)) {
			at = uc_path_join(canon, uc_path_base(dirs->v[i]));
			host = uc_root_host(root, at);
			if (!mkdir(host, 0755)) uc_vec_add(&d->paths, at);
			free(host);
			free(at);
			free(canon);
		}
		free(parent);
	}
}

int uc_deb_accounts(const char *dir, struct uc_deb_effects *fx, struct uc_debs *debs,
		    struct uc_map *owners)
{
	struct uc_root root = { .dir = (char *)dir };
	struct uc_buf passwd = { 0 }, group = { 0 };
	int rc;

	make_groups(fx, &group);
	make_users(fx, group.p, &passwd);
	make_dirs(&root, &fx->dirs, first_wanted(debs));
	uc_map_sort(&fx->chowns);
	for (size_t i = 0; i < fx->chowns.n; i++)
		set_owner(&root, fx->chowns.e[i].key, fx->chowns.e[i].value, passwd.p, group.p,
			  owners);
	rc = write_file(dir, "/etc/passwd", &passwd, debs);
	if (!rc) rc = write_file(dir, "/etc/group", &group, debs);
	uc_buf_free(&passwd);
	uc_buf_free(&group);
	return rc;
}
