// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <uc/heap.h>
#include <uc/string.h>
#include "pseudo_private.h"

static uint32_t next_serial = 2;

struct uc_pseudo_entry *uc_pseudo_child(const struct uc_pseudo_entry *dir, const char *name,
					size_t len)
{
	for (struct uc_pseudo_entry *e = dir->children; e; e = e->next)
		if (strlen(e->name) == len && memcmp(e->name, name, len) == 0)
			return e;
	return NULL;
}

static int link_child(struct uc_pseudo_entry *dir, struct uc_pseudo_entry *e)
{
	struct uc_pseudo_entry **end = &dir->children;

	if (uc_pseudo_child(dir, e->name, strlen(e->name)))
		return -EEXIST;
	while (*end)
		end = &(*end)->next;
	e->serial = next_serial++;
	*end = e;
	return 0;
}

static struct uc_pseudo_entry *make_dir(struct uc_pseudo_entry *parent, const char *name,
					size_t len)
{
	struct uc_pseudo_entry *d = uc_heap_zalloc(sizeof(*d) + len + 1);
	char *copy;

	if (!d)
		return NULL;
	copy = (char *)(d + 1);
	memcpy(copy, name, len);
	d->name = copy;
	d->mode = S_IFDIR | 0555;
	link_child(parent, d);
	return d;
}

int uc_pseudo_add_to(struct uc_pseudo_entry *dir, const char *sub, struct uc_pseudo_entry *e)
{
	while (*sub) {
		size_t len = uc_pseudo_component(sub);
		struct uc_pseudo_entry *d = uc_pseudo_child(dir, sub, len);

		if (!d)
			d = make_dir(dir, sub, len);
		if (!d)
			return -ENOMEM;
		dir = d;
		sub += len;
		while (*sub == '/')
			sub++;
	}
	return link_child(dir, e);
}

int uc_pseudo_add(struct uc_pseudo_fs *fs, const char *dir, struct uc_pseudo_entry *e)
{
	return uc_pseudo_add_to(&fs->root, dir, e);
}
