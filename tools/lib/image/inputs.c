// SPDX-License-Identifier: BSD-3-Clause
/* Which files of the host an image was made from, so that a kept image is known to be stale. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* One line a file: what tells of a change, then the path. */
static void describe(const char *path, struct uc_buf *b)
{
	struct stat st;

	if (stat(path, &st)) return;
	uc_buf_printf(b, "%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRId64 ".%09ld %s\n",
		      (uint64_t)st.st_dev, (uint64_t)st.st_ino, (uint64_t)st.st_size,
		      (int64_t)st.st_mtim.tv_sec, (long)st.st_mtim.tv_nsec, path);
}

int uc_inputs_write(const struct uc_tree *t, const char *file)
{
	struct uc_buf b = { 0 };
	int rc;

	for (size_t i = 0; i < t->nodes.n; i++) {
		const struct uc_node *n = t->nodes.e[i].value;

		if (n->kind == UC_NODE_FILE && n->host && !strchr(n->host, '\n'))
			describe(n->host, &b);
	}
	rc = uc_file_write(file, b.p ? b.p : "", b.n, 0644);
	uc_buf_free(&b);
	return rc;
}

bool uc_inputs_unchanged(const char *file)
{
	struct uc_buf was, is = { 0 };
	bool same = true;
	char *line, *end;

	if (uc_file_read(file, 1u << 26, &was)) return false;
	for (line = was.p; same && line && *line; line = end + 1) {
		char *path = line;

		end = strchr(line, '\n');
		for (int i = 0; end && path && i < 4; i++) {
			path = strchr(path, ' ');
			if (path) path++;
		}
		if (!end || !path || path > end) {
			same = false;
			break;
		}
		*end = 0;
		is.n = 0;
		describe(path, &is);
		same = is.n == (size_t)(end - line) + 1 && !memcmp(is.p, line, is.n - 1);
	}
	uc_buf_free(&was);
	uc_buf_free(&is);
	return same;
}
