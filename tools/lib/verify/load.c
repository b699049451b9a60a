// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>

#include <unicore/msg.h>
#include <unicore/verify.h>

#define FILE_MAX (16u << 20)

/* Names in the file are relative to its folder. */
static void relate(struct uc_vcases *c, const char *path)
{
	char *dir = uc_path_dir(path);

	for (size_t i = 0; i < c->n; i++)
		for (size_t j = 0; j < c->v[i].nfiles; j++) {
			struct uc_vfile *f = &c->v[i].files[j];
			char *from = f->from;

			if (!from || from[0] == '/')
				continue;
			f->from = uc_path_join(dir, from);
			free(from);
		}
	free(dir);
}

int uc_vcases_load(const char *path, struct uc_vcases *out)
{
	struct uc_manifest_error err;
	struct uc_buf b = { 0 };
	int rc = uc_file_read(path, FILE_MAX, &b);

	if (rc)
		return uc_fail_os(UC_ST_NOINPUT, path, NULL, -rc, "cannot read it");
	if (uc_vcases_parse(b.p, b.n, out, &err)) {
		char *where = uc_xasprintf("%s:%u:%u", path, err.line, err.column);

		rc = uc_fail(UC_ST_DATA, where, err.fix[0] ? err.fix : NULL, "%s", err.why);
		free(where);
	} else {
		relate(out, path);
	}
	uc_buf_free(&b);
	return rc;
}
