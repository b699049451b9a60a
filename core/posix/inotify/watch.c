// SPDX-License-Identifier: BSD-3-Clause
/* Watches, and which of them an event of the VFS is for. */
#include "inotify_private.h"
#include <uc/heap.h>

#define BUCKETS 64u
#define IS_DIR(i) (((i)->mode & S_IFMT) == S_IFDIR ? IN_ISDIR : 0)
/* What a watch keeps of its mask: events and how it ends. */
#define KEPT (IN_ALL_EVENTS | IN_ONESHOT | IN_EXCL_UNLINK)

static struct uc_list table[BUCKETS];
static unsigned nwatches;
static uint32_t last_cookie;
static const struct uc_vfs_watch_ops watch_ops;

static struct uc_list *bucket(const struct uc_inode *i)
{
	struct uc_list *l = &table[(uintptr_t)i / 64 % BUCKETS];

	if (!l->next)
		uc_list_init(l);
	return l;
}

struct inotify_watch *inotify_find(struct inotify *in, int wd)
{
	UC_LIST_FOREACH(it, &in->watches) {
		struct inotify_watch *w = UC_LIST_ENTRY(it, struct inotify_watch, link);

		if (w->wd == wd)
			return w;
	}
	return NULL;
}

static struct inotify_watch *find_inode(struct inotify *in, const struct uc_inode *i)
{
	UC_LIST_FOREACH(it, bucket(i)) {
		struct inotify_watch *w = UC_LIST_ENTRY(it, struct inotify_watch, by_inode);

		if (w->inode == i && w->owner == in)
			return w;
	}
	return NULL;
}

static int new_wd(struct inotify *in)
{
	do
		in->last_wd = in->last_wd == INT32_MAX ? 1 : in->last_wd + 1;
	while (inotify_find(in, in->last_wd));
	return in->last_wd;
}

int inotify_watch(struct inotify *in, struct uc_inode *i, uint32_t mask)
{
	struct inotify_watch *w = find_inode(in, i);

	if (w) {
		if (mask & IN_MASK_CREATE)
			return -EEXIST;
		w->mask = (mask & IN_MASK_ADD ? w->mask : 0) | (mask & KEPT);
		return w->wd;
	}
	if (nwatches >= INOTIFY_MAX_WATCHES)
		return -ENOSPC;
	w = uc_heap_zalloc(sizeof(*w));
	if (!w)
		return -ENOMEM;
	uc_inode_ref(i);
	*w = (struct inotify_watch){ .owner = in, .inode = i, .wd = new_wd(in),
				     .mask = mask & KEPT };
	uc_list_push_back(bucket(i), &w->by_inode);
	uc_list_push_back(&in->watches, &w->link);
	if (nwatches++ == 0)
		uc_vfs_watch = &watch_ops;
	return w->wd;
}

void inotify_drop(struct inotify_watch *w, bool tell)
{
	struct uc_inode *i = w->inode;

	uc_list_remove(&w->by_inode);
	uc_list_remove(&w->link);
	if (--nwatches == 0)
		uc_vfs_watch = NULL;
	if (tell)
		inotify_post(w->owner, w->wd, IN_IGNORED, 0, NULL, 0);
	uc_heap_free(w);
	uc_inode_unref(i);
}

/* Reports to the watches of i. unlinked: the name is no longer in the directory that is watched. */
static void report(const struct uc_inode *i, uint32_t mask, uint32_t cookie, const char *name,
		   size_t len, bool unlinked)
{
	UC_LIST_FOREACH_SAFE(it, bucket(i)) {
		struct inotify_watch *w = UC_LIST_ENTRY(it, struct inotify_watch, by_inode);

		if (w->inode != i || !(w->mask & mask & IN_ALL_EVENTS))
			continue;
		if (unlinked && w->mask & IN_EXCL_UNLINK)
			continue;
		inotify_post(w->owner, w->wd, mask & (w->mask | IN_ISDIR), cookie, name, len);
		if (w->mask & IN_ONESHOT)
			inotify_drop(w, true);
	}
}

static void touched(struct uc_inode *i, const struct uc_dentry *d, unsigned mask)
{
	if (!mask)
		return;
	mask |= IS_DIR(i);
	if (d && d->parent != d)
		report(d->parent->inode, mask, 0, d->name, d->name_len, d->unlinked);
	report(i, mask, 0, NULL, 0, false);
}

static void named(struct uc_inode *dir, const char *name, size_t len, struct uc_inode *i,
		  unsigned mask)
{
	report(dir, mask | IS_DIR(i), 0, name, len, false);
}

static void moved(struct uc_inode *od, const char *on, size_t ol, struct uc_inode *nd,
		  const char *nn, size_t nl, struct uc_inode *i, struct uc_inode *victim)
{
	uint32_t cookie = ++last_cookie;

	report(od, IN_MOVED_FROM | IS_DIR(i), cookie, on, ol, false);
	report(nd, IN_MOVED_TO | IS_DIR(i), cookie, nn, nl, false);
	if (victim)
		report(victim, IN_ATTRIB | IS_DIR(victim), 0, NULL, 0, false);
	report(i, IN_MOVE_SELF, 0, NULL, 0, false);
}

static void gone(struct uc_inode *i)
{
	report(i, IN_DELETE_SELF, 0, NULL, 0, false);
	UC_LIST_FOREACH_SAFE(it, bucket(i)) {
		struct inotify_watch *w = UC_LIST_ENTRY(it, struct inotify_watch, by_inode);

		if (w->inode == i)
			inotify_drop(w, true);
	}
}

static void unmounted(struct uc_super *sb)
{
	for (unsigned b = 0; b < BUCKETS; b++) {
		if (!table[b].next)
			continue;
		UC_LIST_FOREACH_SAFE(it, &table[b]) {
			struct inotify_watch *w = UC_LIST_ENTRY(it, struct inotify_watch, by_inode);

			if (w->inode->sb != sb)
				continue;
			inotify_post(w->owner, w->wd, IN_UNMOUNT, 0, NULL, 0);
			inotify_drop(w, true);
		}
	}
}

static const struct uc_vfs_watch_ops watch_ops = { touched, named, moved, gone, unmounted };
