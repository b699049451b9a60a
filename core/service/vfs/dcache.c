// SPDX-License-Identifier: BSD-3-Clause
/*
 * The dentry cache: names that were found, so that a path walk needs no file system.
 * Entries without a user stay on an LRU list of bounded length; a child holds its parent.
 * Only names that exist are cached: file systems in memory answer for missing ones quickly.
 */
#include <uc/frame.h>
#include <uc/heap.h>
#include <uc/string.h>
#include "vfs_impl.h"

static struct uc_dentry *first_table[64];
static struct uc_dentry **table = first_table;
static uint32_t table_size = 64, nhashed, nlru, lru_max;
static struct uc_list lru = UC_LIST_INIT(lru);

uint64_t uc_vfs_salt;

/* By the directory's inode number, so that entries for one name below several (bind) mounts of it
 * meet; not by its address, which may change (uc/abi/prepared.h). */
static uint32_t name_hash(const struct uc_dentry *dir, const char *name, size_t len)
{
	const uint64_t k = 0x9e3779b97f4a7c15ull;
	uint64_t h = (dir->inode->ino ^ uc_vfs_salt) * k ^ len, w = 0;
	for (; len >= 8; len -= 8, name += 8) {
		__builtin_memcpy(&w, name, 8);
		h = (h ^ w) * k;
		h ^= h >> 32;
	}
	if (len >= 4) { /* overlapping halves cover 4 to 7 bytes */
		uint32_t a, b;
		__builtin_memcpy(&a, name, 4);
		__builtin_memcpy(&b, name + len - 4, 4);
		w = a | (uint64_t)b << 32;
	} else if (len) { /* first, middle and last cover 1 to 3 */
		const uint8_t *n = (const uint8_t *)name;
		w = n[0] | (uint32_t)n[len / 2] << 8 | (uint32_t)n[len - 1] << 16;
	} else {
		w = 0;
	}
	h = (h ^ w) * k;
	return (uint32_t)(h >> 32);
}

static void table_grow(void)
{
	uint32_t size = table_size * 4;
	struct uc_dentry **bigger = uc_heap_calloc(size, sizeof(*bigger));
	if (!bigger)
		return; /* longer chains only */
	for (uint32_t k = 0; k < table_size; k++) {
		for (struct uc_dentry *d = table[k], *next; d; d = next) {
			next = d->hash_next;
			d->hash_next = bigger[d->hash & (size - 1)];
			bigger[d->hash & (size - 1)] = d;
		}
	}
	if (table != first_table)
		uc_heap_free(table);
	table = bigger;
	table_size = size;
}

static void hash_insert(struct uc_dentry *d)
{
	if (nhashed > table_size * 2)
		table_grow();
	struct uc_dentry **slot = &table[d->hash & (table_size - 1)];
	d->hash_next = *slot;
	*slot = d;
	d->hashed = true;
	nhashed++;
	uc_list_push_back(&d->parent->children, &d->sibling);
}

void uc_dcache_unhash(struct uc_dentry *d)
{
	if (!d->hashed)
		return;
	struct uc_dentry **slot = &table[d->hash & (table_size - 1)];
	while (*slot != d)
		slot = &(*slot)->hash_next;
	*slot = d->hash_next;
	d->hashed = false;
	nhashed--;
	uc_list_remove(&d->sibling);
}

static struct uc_dentry *hash_find(struct uc_dentry *dir, uint32_t hash, const char *name,
				   size_t len)
{
	for (struct uc_dentry *d = table[hash & (table_size - 1)]; d; d = d->hash_next)
		if (d->hash == hash && d->parent == dir && d->name_len == len &&
		    !memcmp(d->name, name, len))
			return d;
	return NULL;
}

/* ---- references ---- */

static void lru_take(struct uc_dentry *d)
{
	if (!uc_list_empty(&d->lru)) {
		uc_list_remove(&d->lru);
		nlru--;
	}
}

void uc_dentry_ref(struct uc_dentry *d)
{
	if (d->refs++ == 0)
		lru_take(d);
}

/* An unlinked name of i is no longer in use. */
static void last_name_gone(struct uc_inode *i)
{
	struct statx st = { .stx_nlink = 0 };
	if (!uc_vfs_watch)
		return;
	if (UC_ISDIR(i) || (i->ops->getattr && i->ops->getattr(i, &st) == 0 && st.stx_nlink == 0))
		uc_vfs_watch->gone(i);
}

/* Frees d and returns the parent whose reference it held, or NULL. */
static struct uc_dentry *dentry_free(struct uc_dentry *d)
{
	struct uc_dentry *parent = d->parent == d ? NULL : d->parent;
	struct uc_inode *i = d->inode;
	uc_dcache_unhash(d);
	lru_take(d);
	if (i->alias == d)
		i->alias = NULL;
	if (d->name != (char *)(d + 1))
		uc_heap_free(d->name);
	bool unlinked = d->unlinked;
	uc_heap_free(d);
	if (unlinked)
		last_name_gone(i);
	uc_inode_unref(i);
	return parent;
}

/* Bound of unused entries: about a sixteenth of memory if an entry with its inode takes 400
 * bytes. */
static uint32_t lru_limit(void)
{
	if (!lru_max) {
		struct uc_frame_stats st;
		uc_frame_stats(&st);
		lru_max = (uint32_t)UC_MAX(64ull, UC_MIN(st.total / 2, 8192ull));
	}
	return lru_max;
}

static void put(struct uc_dentry *d)
{
	while (d && --d->refs == 0) {
		if (d->hashed) {
			uc_list_push_back(&lru, &d->lru);
			nlru++;
			return;
		}
		d = dentry_free(d);
	}
}

unsigned uc_dcache_shrink(unsigned n)
{
	unsigned freed = 0;
	while (freed < n && !uc_list_empty(&lru)) {
		put(dentry_free(UC_LIST_ENTRY(lru.next, struct uc_dentry, lru)));
		freed++;
	}
	return freed;
}

void uc_dentry_unref(struct uc_dentry *d)
{
	put(d);
	if (nlru > lru_limit())
		uc_dcache_shrink(nlru - lru_limit());
}

/* Only entries without children can be unused, so this removes leaves until nothing changes. */
void uc_dcache_prune(struct uc_dentry *top)
{
	bool again = true;
	while (again) {
		again = false;
		UC_LIST_FOREACH_SAFE(it, &top->children) {
			struct uc_dentry *d = UC_LIST_ENTRY(it, struct uc_dentry, sibling);
			if (!uc_list_empty(&d->children))
				uc_dcache_prune(d);
			if (d->refs == 0) {
				put(dentry_free(d));
				again = true;
				break;
			}
		}
	}
}

/* ---- making entries ---- */

static struct uc_dentry *dentry_new(const char *name, size_t len, struct uc_inode *i)
{
	struct uc_dentry *d = uc_heap_zalloc(sizeof(*d) + len + 1);
	if (!d) {
		uc_inode_unref(i);
		return NULL;
	}
	d->refs = 1;
	d->parent = d;
	d->inode = i;
	d->sb = i->sb;
	d->name = (char *)(d + 1);
	d->name_len = len;
	memcpy(d->name, name, len);
	uc_list_init(&d->sibling);
	uc_list_init(&d->children);
	uc_list_init(&d->lru);
	if (!i->alias)
		i->alias = d;
	return d;
}

static struct uc_dentry *enter(struct uc_dentry *dir, const char *name, size_t len, uint32_t hash,
			       struct uc_inode *i)
{
	struct uc_dentry *d = dentry_new(name, len, i);
	if (!d)
		return UC_ERR_PTR(-ENOMEM);
	uc_dentry_ref(dir);
	d->parent = dir;
	d->hash = hash;
	hash_insert(d);
	return d;
}

struct uc_dentry *uc_dcache_add(struct uc_dentry *dir, const char *name, size_t len,
				struct uc_inode *i)
{
	return enter(dir, name, len, name_hash(dir, name, len), i);
}

struct uc_dentry *uc_dcache_root(struct uc_super *sb, struct uc_inode *i, const char *name)
{
	struct uc_dentry *d = dentry_new(name, strlen(name), i);
	if (d)
		d->sb = sb;
	return d;
}

struct uc_dentry *uc_dentry_anon(struct uc_inode *i, const char *name)
{
	uc_inode_ref(i);
	return dentry_new(name, strlen(name), i);
}

bool uc_dentry_is_anon(const struct uc_dentry *d)
{
	return d->parent == d && d->name_len > 0;
}

/* Takes a reference on a cached entry; NULL: its file system says that it is out of date. */
static struct uc_dentry *get_valid(struct uc_dentry *dir, struct uc_dentry *d)
{
	const struct uc_inode_ops *ops = dir->inode->ops;
	uc_dentry_ref(d);
	if (!ops->revalidate || d->mounted ||
	    ops->revalidate(dir->inode, d->inode, d->name, d->name_len))
		return d;
	uc_dcache_unhash(d);
	uc_dentry_unref(d);
	return NULL;
}

struct uc_dentry *uc_dcache_lookup(struct uc_dentry *dir, const char *name, size_t len)
{
	if (len > UC_NAME_MAX)
		return UC_ERR_PTR(-ENAMETOOLONG);
	uint32_t hash = name_hash(dir, name, len);
	struct uc_dentry *d = hash_find(dir, hash, name, len);
	if (d && (d = get_valid(dir, d)))
		return d;
	if (!dir->inode->ops->lookup)
		return UC_ERR_PTR(-ENOTDIR);
	struct uc_inode *i = dir->inode->ops->lookup(dir->inode, name, len);
	if (UC_IS_ERR(i))
		return (void *)i;
	d = hash_find(dir, hash, name, len); /* another thread may have been here meanwhile */
	if (d && d->inode == i) {
		uc_inode_unref(i);
		uc_dentry_ref(d);
		return d;
	}
	if (d)
		uc_dcache_unhash(d);
	return enter(dir, name, len, hash, i);
}

/* ---- changes of the tree ---- */

static struct uc_dentry *twin_of(const struct uc_dentry *d)
{
	struct uc_dentry *e = table[d->hash & (table_size - 1)];
	for (; e; e = e->hash_next)
		if (e != d && e->hash == d->hash && e->parent->inode == d->parent->inode &&
		    e->name_len == d->name_len && !memcmp(e->name, d->name, d->name_len))
			return e;
	return NULL;
}

/* The same name seen through other mounts is gone as well. */
static void drop_twins(const struct uc_dentry *d)
{
	struct uc_dentry *e;
	while ((e = twin_of(d))) {
		uc_dentry_ref(e);
		e->unlinked = true;
		uc_dcache_unhash(e);
		uc_dentry_unref(e);
	}
}

void uc_dcache_deleted(struct uc_dentry *d)
{
	drop_twins(d);
	d->unlinked = true;
	uc_dcache_unhash(d);
}

int uc_dcache_move(struct uc_dentry *d, struct uc_dentry *dir, const char *name, size_t len)
{
	drop_twins(d);
	uc_dcache_unhash(d);
	char *copy = uc_heap_alloc(len + 1);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, name, len);
	copy[len] = 0;
	if (d->name != (char *)(d + 1))
		uc_heap_free(d->name);
	d->name = copy;
	d->name_len = len;
	if (d->parent != dir) {
		struct uc_dentry *old = d->parent;
		uc_dentry_ref(dir);
		d->parent = dir;
		uc_dentry_unref(old);
	}
	d->hash = name_hash(dir, name, len);
	hash_insert(d);
	return 0;
}
