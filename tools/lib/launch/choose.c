// SPDX-License-Identifier: BSD-3-Clause
/* What the user asks of an image, against what the image has. */
#include <stdlib.h>
#include <string.h>

#include <unicore/cli.h>
#include <unicore/exit.h>
#include <unicore/msg.h>
#include <unicore/runimage.h>

/* The text of a name; NULL: there is none. */
static const char *text_of(const struct uc_vec *pairs, const char *name)
{
	for (size_t i = 0; i + 1 < pairs->n; i += 2)
		if (!strcmp(pairs->v[i], name)) return pairs->v[i + 1];
	return NULL;
}

const char *uc_run_image_program(const struct uc_run_image *img, const char *name)
{
	return strchr(name, '/') ? name : text_of(&img->programs, name);
}

/* ---- users: NAME or number, also as in NAME:GROUP ---- */

static bool number(const char *s, uint32_t *out)
{
	uint64_t v;

	if (uc_parse_uint(s, &v) || v >= UINT32_MAX) return false;
	*out = (uint32_t)v;
	return true;
}

/* An entry "UID:GID:HOME", found by name or by its number. */
static const char *entry(const struct uc_run_image *img, const char *name)
{
	const char *found = text_of(&img->users, name);
	size_t n = strlen(name);

	for (size_t i = 1; i < img->users.n && !found; i += 2) {
		const char *e = img->users.v[i];

		if (!strncmp(e, name, n) && e[n] == ':') found = e;
	}
	return found;
}

static bool split_entry(const char *e, uint32_t *uid, uint32_t *gid, const char **home)
{
	const char *a = strchr(e, ':'), *b = a ? strchr(a + 1, ':') : NULL;
	char *u, *g;
	bool ok;

	if (!b) return false;
	u = uc_xstrndup(e, (size_t)(a - e));
	g = uc_xstrndup(a + 1, (size_t)(b - a - 1));
	ok = number(u, uid) && number(g, gid);
	*home = b + 1;
	free(u);
	free(g);
	return ok;
}

static bool find_user(const struct uc_run_image *img, const char *name, struct uc_run_user *out)
{
	const char *e = entry(img, name);

	if (e) return split_entry(e, &out->uid, &out->gid, &out->home);
	out->gid = 0;
	return number(name, &out->uid);
}

static bool find_group(const struct uc_run_image *img, const char *name, uint32_t *gid)
{
	const char *e = text_of(&img->groups, name);

	return number(e ? e : name, gid);
}

int uc_run_image_user(const struct uc_run_image *img, const char *spec, struct uc_run_user *out)
{
	char *name, *group, own[16];
	int rc = 0;

	snprintf(own, sizeof(own), "%u", img->uid);
	name = uc_xstrdup(spec ? spec : own);
	group = strchr(name, ':');
	if (group) *group++ = 0;
	*out = (struct uc_run_user){ .home = "/" };
	if (!find_user(img, name, out))
		rc = uc_fail(UC_ST_USAGE, spec, "write a number, or a user of its /etc/passwd",
			     "the image has no user `%s`", name);
	else if (group && !find_group(img, group, &out->gid))
		rc = uc_fail(UC_ST_USAGE, spec, "write a number, or a group of its /etc/group",
			     "the image has no group `%s`", group);
	if (!spec) out->gid = img->gid;
	if (!out->uid && !text_of(&img->users, "root")) out->home = "/root";
	free(name);
	return rc;
}
