// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/unpack.h>

void uc_owners_write(const struct uc_map *owners, struct uc_buf *out)
{
	for (size_t i = 0; i < owners->n; i++) {
		const struct uc_owner *o = owners->e[i].value;

		uc_buf_printf(out, "%u %u %o %s\n", o->uid, o->gid, (unsigned)o->mode,
			      owners->e[i].key);
	}
}

static bool number(char **p, int base, unsigned *out)
{
	char *end;
	unsigned long v;

	if (**p < '0' || **p > '9') return false;
	errno = 0;
	v = strtoul(*p, &end, base);
	if (errno || v > UINT32_MAX || *end != ' ') return false;
	*out = (unsigned)v;
	*p = end + 1;
	return true;
}

static bool read_line(char *line, struct uc_map *owners)
{
	unsigned uid, gid, mode;
	void **slot;

	if (!number(&line, 10, &uid) || !number(&line, 10, &gid) || !number(&line, 8, &mode) ||
	    line[0] != '/')
		return false;
	slot = uc_map_put(owners, line);
	if (!*slot) *slot = uc_xmalloc(sizeof(struct uc_owner));
	*(struct uc_owner *)*slot = (struct uc_owner){ uid, gid, mode & 07777 };
	return true;
}

int uc_owners_read(const char *text, size_t n, struct uc_map *owners)
{
	const char *p = text, *end = text + n;

	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		char *line;
		bool ok;

		if (!nl) return -EINVAL;
		line = uc_xstrndup(p, (size_t)(nl - p));
		ok = read_line(line, owners);
		free(line);
		if (!ok) return -EINVAL;
		p = nl + 1;
	}
	return 0;
}
