// SPDX-License-Identifier: BSD-3-Clause
/* A directory's own names in a tree ordered by hash, which also gives stable directory
 * positions. */
#include "rootfs_impl.h"

static uint32_t hash_of(const char *name, size_t len)
{
	uint32_t h = 0x811c9dc5u;
	for (size_t k = 0; k < len; k++)
		h = (h ^ (uint8_t)name[k]) * 0x01000193u;
	return h ^ h >> 16;
}

static struct rfs_name *entry(struct uc_rbnode *n)
{
	return n ? UC_CONTAINER(n, struct rfs_name, rb) : NULL;
}

struct rfs_name *rfs_names_from(const struct rfs_node *dir, uint64_t key)
{
	struct uc_rbnode *n = dir->dir.names.root;
	struct rfs_name *best = NULL;
	while (n) {
		struct rfs_name *e = entry(n);
		if (rfs_name_key(e) >= key) {
			best = e;
			n = n->left;
		} else {
			n = n->right;
		}
	}
	return best;
}

struct rfs_name *rfs_names_find(const struct rfs_node *dir, const char *name, size_t len)
{
	if (!dir->dir.names.root)
		return NULL;
	uint32_t hash = hash_of(name, len);
	struct rfs_name *e = rfs_names_from(dir, (uint64_t)hash << 16);
	for (; e && e->hash == hash; e = entry(uc_rb_next(&e->rb)))
		if (e->len == len && !memcmp(e->name, name, len))
			return e;
	return NULL;
}

struct rfs_name *rfs_name_new(const char *name, size_t len, struct rfs_node *node)
{
	struct rfs_name *e = uc_heap_zalloc(sizeof(*e) + len);
	if (!e)
		return NULL;
	e->node = node;
	e->hash = hash_of(name, len);
	e->len = (uint8_t)len;
	memcpy(e->name, name, len);
	return e;
}

int rfs_names_insert(struct rfs_node *dir, struct rfs_name *e)
{
	uint32_t dup = 0;
	struct rfs_name *same = rfs_names_from(dir, (uint64_t)e->hash << 16);
	for (; same && same->hash == e->hash && same->dup == dup;
	     same = entry(uc_rb_next(&same->rb)))
		dup++;
	if (dup > UINT16_MAX)
		return -ENOSPC;
	e->dup = (uint16_t)dup;
	struct uc_rbnode **link = &dir->dir.names.root, *parent = NULL;
	while (*link) {
		parent = *link;
		link = rfs_name_key(e) < rfs_name_key(entry(parent)) ? &parent->left
								     : &parent->right;
	}
	uc_rb_link(&dir->dir.names, &e->rb, parent, link);
	return 0;
}

void rfs_names_erase(struct rfs_node *dir, struct rfs_name *e)
{
	uc_rb_erase(&dir->dir.names, &e->rb);
	uc_heap_free(e);
}

void rfs_names_free(struct rfs_node *dir)
{
	struct uc_rbnode *n;
	while ((n = dir->dir.names.root)) {
		struct rfs_name *e = entry(n);
		struct rfs_node *node = e->node;
		rfs_names_erase(dir, e);
		if (node)
			uc_inode_unref(&node->i);
	}
}
