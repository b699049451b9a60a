// SPDX-License-Identifier: BSD-3-Clause
/* Comparing a report with an earlier one. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <unicore/msg.h>

#include "view.h"

static const json_t *member(const json_t *list, const char *key, const char *value)
{
	json_t *e;
	size_t i;

	json_array_foreach(list, i, e) if (!strcmp(uc_json_str(e, key), value)) return e;
	return NULL;
}

static void compare_result(json_t *worse, const char *name, const json_t *was, const json_t *is)
{
	const char *ch;
	json_t *e;

	if (!is) {
		json_array_append_new(worse, json_sprintf("%s: not run on %s", name,
							  uc_json_str(was, "platform")));
		return;
	}
	json_object_foreach(json_object_get(was, "channels"), ch, e)
	{
		const json_t *now = json_object_get(json_object_get(is, "channels"), ch);
		double a = verify_num(e, "agreement"), b = verify_num(now, "agreement");

		if (b < a - 1e-9)
			json_array_append_new(worse,
					      json_sprintf("%s on %s: %s %.2f%% (was %.2f%%)", name,
							   uc_json_str(was, "platform"), ch,
							   100 * b, 100 * a));
	}
}

int uc_verify_baseline(json_t *report, const char *path)
{
	json_t *worse = json_array(), *k, *r, *old;
	json_error_t err;
	size_t i, j;

	if (access(path, F_OK)) {
		json_decref(worse);
		if (json_dump_file(report, path, JSON_INDENT(1)))
			return uc_fail_os(UC_ST_CANTCREAT, path, NULL, errno, "cannot write it");
		uc_note(0, "%s: written; the next run is compared with it", path);
		return 0;
	}
	old = json_load_file(path, 0, &err);
	if (!old || strcmp(uc_json_str(old, "report"), "unicore.verify/1")) {
		int rc = uc_fail(old ? UC_ST_DATA : UC_ST_NOINPUT, path,
				 "make it with unicore verify --json", "%s",
				 old ? "it is not a report of unicore verify" : err.text);

		json_decref(old);
		json_decref(worse);
		return rc;
	}
	json_array_foreach(json_object_get(old, "cases"), i, k)
	{
		const char *name = uc_json_str(k, "name");
		const json_t *now = member(json_object_get(report, "cases"), "name", name);

		json_array_foreach(json_object_get(k, "results"), j, r)
			compare_result(worse, name, r,
				       member(json_object_get(now, "results"), "platform",
					      uc_json_str(r, "platform")));
	}
	json_object_set_new(report, "regressions", worse);
	json_decref(old);
	return 0;
}
