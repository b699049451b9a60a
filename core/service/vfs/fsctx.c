// SPDX-License-Identifier: BSD-3-Clause
#include <uc/heap.h>
#include "vfs_impl.h"

static struct uc_fsctx *make(struct uc_dentry *root, struct uc_dentry *cwd, uint32_t umask)
{
	struct uc_fsctx *c = uc_heap_zalloc(sizeof(*c));
	if (!c)
		return NULL;
	*c = (struct uc_fsctx){ .refs = 1, .root = root, .cwd = cwd, .umask = umask };
	if (root)
		uc_dentry_ref(root);
	if (cwd)
		uc_dentry_ref(cwd);
	return c;
}

struct uc_fsctx *uc_fsctx_new(void) { return make(uc_vfs_root, uc_vfs_root, 022); }
struct uc_fsctx *uc_fsctx_fork(struct uc_fsctx *c) { return make(c->root, c->cwd, c->umask); }
void uc_fsctx_ref(struct uc_fsctx *c) { c->refs++; }

void uc_fsctx_unref(struct uc_fsctx *c)
{
	if (--c->refs)
		return;
	if (c->root)
		uc_dentry_unref(c->root);
	if (c->cwd)
		uc_dentry_unref(c->cwd);
	uc_heap_free(c);
}
