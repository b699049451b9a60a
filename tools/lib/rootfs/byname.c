// SPDX-License-Identifier: BSD-3-Clause
/*
 * Libraries that an object may open by name: an object that imports dlopen() and has the text of a
 * library's name in it gets that library if it is found. What is built up at run time is not seen.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <unicore/msg.h>
#include <unicore/rootfs.h>

#define NAME_LEN_MAX 100

/* Length of a name like `libname.so.1.2` that ends in a NUL at p, 0: it is none. */
static size_t name_len(const char *p, const char *end)
{
	const char *q = p + 3, *so = NULL;

	while (q < end && q - p <= NAME_LEN_MAX &&
	       (isalnum((unsigned char)*q) || strchr("_.+-", *q)) && *q) {
		if (!so && end - q > 3 && !memcmp(q, ".so", 3) && (q[3] == '.' || !q[3]))
			so = q;
		q++;
	}
	if (q == end || *q || !so || so == p + 3)
		return 0;
	for (const char *v = so + 3; v < q; v++)
		if (!isdigit((unsigned char)*v) && *v != '.')
			return 0;
	return (size_t)(q - p);
}

/* Adds what is named in [p, end), each name between two NULs. */
static void take_named(struct uc_rootfs *r, struct uc_object *o, const char *p, const char *end)
{
	static const char mark[] = "\0lib";

	while (end - p > 4 && (p = memmem(p, (size_t)(end - p), mark, 4))) {
		size_t n = name_len(p + 1, end);

		if (n) {
			char *name = uc_xstrndup(p + 1, n);

			uc_tree_because(r->tree, "may be opened by %s", o->path);
			if (uc_rootfs_library(r, o, name))
				uc_note(2, "%s may open %s", o->path, name);
			free(name);
		}
		p += 1 + n;
	}
}

static void take_from_object(struct uc_rootfs *r, struct uc_object *o)
{
	char *host = uc_root_host(r->root, o->path), *unusable = r->unusable;
	size_t n;
	char *map = uc_file_map(host, &n);
	bool optional = o->optional;

	free(host);
	if (!map) return;
	/* Without one the program may still run, and says what it misses if it does not. */
	o->optional = true;
	r->unusable = NULL;
	take_named(r, o, map, map + n);
	munmap(map, n);
	free(r->unusable);
	r->unusable = unusable;
	o->optional = optional;
}

bool uc_rootfs_opened_by_name(struct uc_rootfs *r)
{
	size_t before = r->objects.n;

	for (size_t i = 0; i < r->objects.n; i++) {
		struct uc_object *o = r->objects.e[i].value;
		char *key;

		if (!uc_map_get(&o->elf.imported, "dlopen") &&
		    !uc_map_get(&o->elf.imported, "dlmopen"))
			continue;
		key = uc_xasprintf("dlopen %s", o->path);
		if (uc_vec_add_once(&r->fired, key))
			take_from_object(r, o);
		free(key);
		if (r->objects.n != before)
			return true; /* entries may have moved */
	}
	return false;
}
