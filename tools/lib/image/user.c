// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include <unicore/msg.h>

#include "internal.h"

static bool number(const char *s, uint32_t *out)
{
	char *end;
	unsigned long v = strtoul(s, &end, 10);

	if (*s < '0' || *s > '9' || *end || v >= UINT32_MAX) return false;
	*out = (uint32_t)v;
	return true;
}

char *uc_tree_read(const struct uc_tree *t, const char *path)
{
	char *canon = uc_tree_resolve(t, path);
	const struct uc_node *n = canon ? uc_tree_get(t, canon) : NULL;
	struct uc_buf b = { 0 };

	free(canon);
	if (!n || n->kind != UC_NODE_FILE) return NULL;
	if (!n->host) return uc_xstrdup(n->text);
	return uc_file_read(n->host, 1 << 22, &b) ? NULL : b.p;
}

/* Looks for a line "name:x:ID[:GID]" whose first or third field is `key`. */
static bool find(const struct uc_tree *t, const char *path, const char *key, uint32_t *id,
		 uint32_t *gid)
{
	char *text = uc_tree_read(t, path), *next = text, *line;
	bool found = false;

	while (next && (line = strsep(&next, "\n")) && !found) {
		char *f[4] = { 0 };
		uint32_t v = 0;

		for (int i = 0; i < 4; i++) f[i] = line ? strsep(&line, ":") : NULL;
		if (!f[2] || !number(f[2], &v) || (strcmp(f[0], key) && strcmp(f[2], key)))
			continue;
		found = true;
		*id = v;
		if (gid && f[3]) number(f[3], gid);
	}
	free(text);
	return found;
}

int uc_user_lookup(const struct uc_tree *t, const char *user, const char *where, uint32_t *uid,
		   uint32_t *gid)
{
	char *name = uc_xstrdup(user), *group = strchr(name, ':');
	int rc = 0;

	*uid = *gid = 0;
	if (group) *group++ = 0;
	if (!find(t, "/etc/passwd", name, uid, gid) && !number(name, uid))
		rc = uc_fail(UC_ST_DATA, where ? where : user,
			     "use a number, or add the user to /etc/passwd of the source",
			     "the image has no user `%s`", name);
	if (!rc && group && *group && !find(t, "/etc/group", group, gid, NULL) &&
	    !number(group, gid))
		rc = uc_fail(UC_ST_DATA, where ? where : user, "use a number",
			     "the image has no group `%s`", group);
	free(name);
	return rc;
}
