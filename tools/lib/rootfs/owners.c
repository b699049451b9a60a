// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/unpack.h>

void uc_owners_write(const struct uc_map *owners, struct uc_buf *out)
{
	for (size_t i = 0; i < owners->n; i++) {
		const struct uc_owner *o = owners->e[i].value;

		uc_buf_printf(out, "%u %u %o %s\n", o->uid, o->gid, (unsigned)o->mode, owners->e[i].key);
	}
}

int uc_owners_read(const char *text, size_t n, struct uc_map *owners)
{
	const char *p = text, *end = text + n;

	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		unsigned uid, gid, mode;
		int used = 0;
		char *line;

		if (!nl)
			return -EINVAL;
		line = uc_xstrndup(p, (size_t)(nl - p));
		if (sscanf(line, "%u %u %o %n", &uid, &gid, &mode, &used) == 3 && line[used] == '/') {
			void **slot = uc_map_put(owners, line + used);

			if (!*slot)
				*slot = uc_xmalloc(sizeof(struct uc_owner));
			*(struct uc_owner *)*slot = (struct uc_owner){ uid, gid, mode & 07777 };
		} else {
			used = -1;
		}
		free(line);
		if (used < 0)
			return -EINVAL;
		p = nl + 1;
	}
	return 0;
}
