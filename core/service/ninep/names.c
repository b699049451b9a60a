// SPDX-License-Identifier: BSD-3-Clause
/*
 * Removing and renaming. Servers like QEMU resolve a fid by its path, so a file that is unlinked
 * while open would lose its attributes: it is parked under a hidden name in the root of the folder
 * (as NFS clients do) and unlinked when its last user goes.
 */
#include <linux/fs.h>
#include <uc/fmt.h>
#include <uc/random.h>
#include "p9_fs.h"

#define PARK_PREFIX ".unicore-deleted-"
#define PARK_NAME_MAX 64u

bool p9_is_parked_name(const char *name, size_t len)
{
	return len >= sizeof(PARK_PREFIX) - 1 &&
	       !memcmp(name, PARK_PREFIX, sizeof(PARK_PREFIX) - 1);
}

static bool in_use(const struct p9_inode *p)
{
	return (p->i.mode & S_IFMT) == S_IFREG && (p->opens || p->i.maps) && !p->parked;
}

static char *park_name(struct p9_super *s)
{
	char *name = uc_heap_alloc(PARK_NAME_MAX);
	if (!s->park_id)
		s->park_id = uc_random_u64() | 1;
	if (name)
		uc_snprintf(name, PARK_NAME_MAX, PARK_PREFIX "%016llx-%llu",
			    (unsigned long long)s->park_id, (unsigned long long)s->park_seq++);
	return name;
}

static void parked_as(struct p9_inode *p, char *name)
{
	p->parked = name;
	uc_list_push_back(&p9_sb(p)->parked, &p->parked_link);
}

/* Moves the name away. 0, or why it cannot be. */
static int park_by_rename(struct p9_inode *d, const char *name, size_t len, struct p9_inode *victim)
{
	struct p9_super *s = p9_sb(d);
	struct p9_inode *root = p9_i(s->sb.root);
	char *hidden = park_name(s);
	if (!hidden)
		return -ENOMEM;
	int e = p9_renameat(&s->c, d->fid, name, len, root->fid, hidden, strlen(hidden));
	if (e)
		uc_heap_free(hidden);
	else
		parked_as(victim, hidden);
	return e;
}

/* Adds the hidden name, so that the visible one can be replaced atomically. */
static int park_by_link(struct p9_inode *victim)
{
	struct p9_super *s = p9_sb(victim);
	struct p9_inode *root = p9_i(s->sb.root);
	struct p9_qid q;
	uint32_t fid;
	char *hidden = park_name(s);
	if (!hidden)
		return -ENOMEM;
	int e = p9_link(&s->c, root->fid, victim->fid, hidden, strlen(hidden));
	if (!e)
		e = p9_walk(&s->c, root->fid, hidden, strlen(hidden), &fid, &q);
	if (e) {
		uc_heap_free(hidden);
		return e;
	}
	p9_replace_fid(victim, fid);
	parked_as(victim, hidden);
	return 0;
}

void p9_unpark(struct p9_inode *p)
{
	struct p9_super *s = p9_sb(p);
	if (!p->parked || p->opens || p->i.maps)
		return;
	p9_unlinkat(&s->c, p9_i(s->sb.root)->fid, p->parked, strlen(p->parked), false);
	uc_list_remove(&p->parked_link);
	uc_heap_free(p->parked);
	p->parked = NULL;
	p9_unlist(p);
}

/* The rename that the parking was for failed: back to the name it had. */
static void park_undo(struct p9_inode *victim, struct p9_inode *dir, const char *name, size_t len)
{
	struct p9_super *s = p9_sb(victim);
	struct p9_inode *root = p9_i(s->sb.root);
	struct p9_qid q;
	uint32_t fid;
	size_t n = strlen(victim->parked);
	/* If the name still exists it is a link to the same file, which makes this do nothing. */
	p9_renameat(&s->c, root->fid, victim->parked, n, dir->fid, name, len);
	if (p9_walk(&s->c, dir->fid, name, len, &fid, &q) == 0)
		p9_replace_fid(victim, fid);
	p9_unlinkat(&s->c, root->fid, victim->parked, n, false);
	uc_list_remove(&victim->parked_link);
	uc_heap_free(victim->parked);
	victim->parked = NULL;
}

int p9_unlink(struct uc_inode *dir, const char *name, size_t len, struct uc_inode *victim)
{
	struct p9_inode *d = p9_i(dir), *v = p9_i(victim);
	/* If it cannot be parked, unlinking still has to work: only fstat of the open file suffers.
	 * */
	if (in_use(v) && park_by_rename(d, name, len, v) == 0)
		return 0;
	int e = p9_unlinkat(p9_c(d), d->fid, name, len, (victim->mode & S_IFMT) == S_IFDIR);
	if (!e)
		p9_unlist(v);
	return e;
}

int p9_rename(struct uc_inode *od, const char *on, size_t ol, struct uc_inode *nd, const char *nn,
	      size_t nl, struct uc_inode *victim, unsigned flags)
{
	struct p9_inode *o = p9_i(od), *n = p9_i(nd), *v = victim ? p9_i(victim) : NULL;
	/* The protocol has no exchange; that the new name is free was checked by the VFS. */
	if (flags & ~(unsigned)RENAME_NOREPLACE)
		return -EINVAL;
	bool parked_now =
		v && in_use(v) && (park_by_link(v) == 0 || park_by_rename(n, nn, nl, v) == 0);
	int e = p9_renameat(p9_c(o), o->fid, on, ol, n->fid, nn, nl);
	if (e && parked_now)
		park_undo(v, n, nn, nl);
	else if (!e && v && !v->parked)
		p9_unlist(v);
	return e;
}
