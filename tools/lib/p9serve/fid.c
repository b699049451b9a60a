// SPDX-License-Identifier: BSD-3-Clause
/* Fids, found by number, and the files behind them, shared between fids. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "p9s.h"

#define BUCKETS_MIN 64u

struct p9s_node *p9s_node_new(struct p9s_node *parent, int fd, mode_t mode, const char *name)
{
	struct p9s_node *n = malloc(sizeof(*n) + strlen(name) + 1);

	if (!n) {
		close(fd);
		return NULL;
	}
	*n = (struct p9s_node){ .fd = fd, .refs = 1, .type = mode & S_IFMT, .parent = parent };
	memcpy(n->name, name, strlen(name) + 1);
	if (parent)
		parent->refs++;
	return n;
}

void p9s_node_put(struct p9s_node *n)
{
	while (n && !--n->refs) {
		struct p9s_node *up = n->parent;

		close(n->fd);
		free(n);
		n = up;
	}
}

static struct p9s_fid **slot(struct uc_p9s *s, uint32_t id)
{
	struct p9s_fid **at = &s->bucket[id & (s->nbuckets - 1)];

	while (*at && (*at)->id != id)
		at = &(*at)->next;
	return at;
}

struct p9s_fid *p9s_fid_find(struct uc_p9s *s, uint32_t id)
{
	return s->nbuckets ? *slot(s, id) : NULL;
}

int p9s_fid_file(struct uc_p9s *s, uint32_t id, struct p9s_fid **f)
{
	*f = p9s_fid_find(s, id);
	return *f && (*f)->kind == P9S_FILE ? 0 : -EBADF;
}

int p9s_fid_dir(struct uc_p9s *s, uint32_t id, struct p9s_fid **f)
{
	int e = p9s_fid_file(s, id, f);

	return e ? e : (*f)->node->type == S_IFDIR ? 0 : -ENOTDIR;
}

int p9s_fid_open(struct uc_p9s *s, uint32_t id, struct p9s_fid **f)
{
	int e = p9s_fid_file(s, id, f);

	return e ? e : (*f)->io >= 0 ? 0 : -EBADF;
}

static bool grow(struct uc_p9s *s)
{
	uint32_t want = s->nbuckets ? s->nbuckets * 2 : BUCKETS_MIN, was = s->nbuckets;
	struct p9s_fid **fresh = calloc(want, sizeof(struct p9s_fid *)), **old = s->bucket;

	if (!fresh)
		return false;
	s->bucket = fresh;
	s->nbuckets = want;
	for (uint32_t i = 0; i < was; i++) {
		for (struct p9s_fid *f = old[i], *next; f; f = next) {
			next = f->next;
			f->next = fresh[f->id & (want - 1)];
			fresh[f->id & (want - 1)] = f;
		}
	}
	free(old);
	return true;
}

int p9s_fid_new(struct uc_p9s *s, uint32_t id, struct p9s_node *n, uint32_t uid, struct p9s_fid **f)
{
	if (id == P9S_NOFID || p9s_fid_find(s, id))
		return -EBADF;
	if (s->nfids >= UC_P9S_FIDS)
		return -EMFILE;
	if (s->nfids >= s->nbuckets && !grow(s))
		return -ENOMEM;
	*f = malloc(sizeof(**f));
	if (!*f)
		return -ENOMEM;
	struct p9s_fid **head = &s->bucket[id & (s->nbuckets - 1)];
	**f = (struct p9s_fid){ .id = id, .io = -1, .node = n, .uid = uid, .next = *head };
	*head = *f;
	n->refs++;
	s->nfids++;
	return 0;
}

void p9s_fid_drop(struct uc_p9s *s, struct p9s_fid *f)
{
	*slot(s, f->id) = f->next;
	s->nfids--;
	if (f->io >= 0)
		close(f->io);
	p9s_xattr_free(s, f);
	p9s_node_put(f->node);
	free(f);
}

void p9s_fid_drop_all(struct uc_p9s *s)
{
	for (uint32_t i = 0; i < s->nbuckets; i++)
		while (s->bucket[i])
			p9s_fid_drop(s, s->bucket[i]);
}
