// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/contents.h>
#include <unicore/msg.h>

#define CONTENTS_MAX (256u << 20)
#define FORM         "unicore.contents/1"

static bool is_list_of_objects(const json_t *a)
{
	const json_t *o;
	size_t i;

	if (!json_is_array(a))
		return false;
	json_array_foreach(a, i, o) if (!json_is_object(o)) return false;
	return true;
}

/* `by` leads to another object. */
static bool links_ok(const json_t *objects)
{
	const json_t *o, *by;
	size_t i;

	json_array_foreach(objects, i, o)
	{
		by = json_object_get(o, "by");
		if (by && (!json_is_integer(by) || json_integer_value(by) < 0 ||
			   (uint64_t)json_integer_value(by) >= json_array_size(objects)))
			return false;
	}
	return true;
}

static const char *check(const json_t *c)
{
	const char *form = json_string_value(json_object_get(c, "contents"));
	const json_t *objects = json_object_get(json_object_get(c, "kernel"), "objects");

	if (!form || strcmp(form, FORM))
		return "it was written by another version of unicore";
	if (!is_list_of_objects(objects) || !links_ok(objects) ||
	    !is_list_of_objects(json_object_get(c, "files")) ||
	    !is_list_of_objects(json_object_get(c, "packages")) ||
	    !is_list_of_objects(json_object_get(json_object_get(c, "system_calls"), "calls")))
		return "it is damaged";
	return NULL;
}

json_t *uc_contents_decode(const char *text, size_t n, char why[256])
{
	json_error_t e;
	json_t *c = json_loadb(text, n, JSON_REJECT_DUPLICATES, &e);
	const char *bad;

	if (!c) {
		snprintf(why, 256, "line %d: %.200s", e.line, e.text);
		return NULL;
	}
	bad = check(c);
	if (!bad)
		return c;
	snprintf(why, 256, "%s", bad);
	json_decref(c);
	return NULL;
}

json_t *uc_contents_load(const char *dir, int *status)
{
	char *path = uc_path_join(dir, "contents.json"), why[256];
	struct uc_buf b = { 0 };
	json_t *c = NULL;
	int rc = uc_file_read(path, CONTENTS_MAX, &b);

	*status = 0;
	if (rc)
		*status = uc_fail_os(UC_ST_NOINPUT, path, "make an image with `unicore build`", -rc,
				     "cannot read what the image is made of");
	else if (!(c = uc_contents_decode(b.p ? b.p : "", b.n, why)))
		*status = uc_fail(UC_ST_DATA, path, "build the image again", "%s", why);
	uc_buf_free(&b);
	free(path);
	return c;
}
