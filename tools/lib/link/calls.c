// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include <unicore/link.h>
#include <unicore/msg.h>

static int unknown_call(const char *path, unsigned line, const char *name,
			const struct uc_systab *tab)
{
	const char *near = uc_systab_nearest(tab, name);
	char *what = line ? uc_xasprintf("%s:%u", path, line) : uc_xstrdup(path);
	char *fix = near ? uc_xasprintf("did you mean `%s`?", near) : NULL;
	int rc = uc_fail(UC_ST_DATA, what, fix ? fix : "use the names of syscalls(2)",
			 "Linux has no system call `%s`", name);

	free(what);
	free(fix);
	return rc;
}

int uc_calls_check(const char *path, const struct uc_vec *names, const struct uc_systab *tab,
		   struct uc_vec *out)
{
	*out = (struct uc_vec){ 0 };
	for (size_t i = 0; i < names->n; i++) {
		if (uc_systab_number(tab, names->v[i]) < 0) {
			uc_vec_free(out);
			return unknown_call(path, 0, names->v[i], tab);
		}
		uc_vec_add_once(out, names->v[i]);
	}
	return 0;
}

static bool is_part(const struct uc_systab *tab, const char *text)
{
	struct uc_vec parts = { 0 };
	bool yes;

	if (*text != UC_NO_PART) return false;
	uc_parts_needed(tab, NULL, &parts);
	yes = uc_vec_has(&parts, text + 1);
	uc_vec_free(&parts);
	return yes;
}

int uc_calls_load(const char *path, const struct uc_systab *tab, struct uc_vec *out)
{
	struct uc_buf b;
	unsigned line = 0;
	char *next;
	int rc = uc_file_read(path, 1 << 20, &b);

	*out = (struct uc_vec){ 0 };
	if (rc) return uc_fail_os(UC_ST_NOINPUT, path, NULL, -rc, "cannot read the list of calls");
	next = b.p;
	while (!rc && next && *next) {
		char *text = strsep(&next, "\n");

		line++;
		text[strcspn(text, "#")] = 0;
		text += strspn(text, " \t");
		text[strcspn(text, " \t\r")] = 0;
		if (!*text) continue;
		if (is_part(tab, text)) uc_vec_add_once(out, text);
		else if (uc_systab_number(tab, text) < 0) rc = unknown_call(path, line, text, tab);
		else uc_vec_add_once(out, text);
	}
	uc_buf_free(&b);
	if (rc) uc_vec_free(out);
	return rc;
}
