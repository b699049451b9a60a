// SPDX-License-Identifier: BSD-3-Clause
/* Anonymous shared memory: pages made on first use, in leaves of 512. */
#include <uc/part.h>
#include "vm_internal.h"

UC_PART(shm);

struct shm {
	struct uc_vmobj obj;
	uint32_t refs;
	uint64_t npages;
	uc_paddr *leaf[];
};

#define LEAF 512u

static struct shm *of(struct uc_vmobj *o) { return UC_CONTAINER(o, struct shm, obj); }

static void shm_ref(struct uc_vmobj *o) { of(o)->refs++; }

static void shm_unref(struct uc_vmobj *o)
{
	struct shm *s = of(o);
	if (--s->refs) return;
	for (uint64_t l = 0; l * LEAF < s->npages; l++) {
		for (unsigned i = 0; s->leaf[l] && i < LEAF; i++)
			if (s->leaf[l][i]) uc_frame_unref(s->leaf[l][i]);
		uc_heap_free(s->leaf[l]);
	}
	uc_heap_free(s);
}

static int shm_page(struct uc_vmobj *o, uint64_t pgoff, enum uc_vm_access access,
		    struct uc_vm_page *out)
{
	struct shm *s = of(o);
	if (pgoff >= s->npages) return -ERANGE;
	uc_paddr **leaf = &s->leaf[pgoff / LEAF];
	if (!*leaf && !(*leaf = uc_heap_zalloc(LEAF * sizeof(uc_paddr)))) return -ENOMEM;
	uc_paddr *pa = &(*leaf)[pgoff % LEAF];
	if (!*pa && !(*pa = uc_frame_alloc_zero())) return -ENOMEM;
	uc_frame_ref(*pa);
	*out = (struct uc_vm_page){ *pa, 1 };
	return 0;
}

static void shm_describe(struct uc_vmobj *o, char *buf, size_t cap, uint64_t *dev, uint64_t *ino)
{
	uc_strlcpy(buf, "/dev/zero (deleted)", cap);
	*dev = 1;
	*ino = (uint64_t)of(o) >> 4 & 0xffffff;
}

static const struct uc_vmobj_ops shm_ops = {
	.ref = shm_ref, .unref = shm_unref, .page = shm_page, .describe = shm_describe
};

struct uc_vmobj *uc_vm_shm_new(uint64_t npages)
{
	uint64_t leaves = (npages + LEAF - 1) / LEAF;
	if (leaves > 1 << 16) return NULL;
	struct shm *s = uc_heap_zalloc(sizeof(*s) + leaves * sizeof(s->leaf[0]));
	if (!s) return NULL;
	s->obj.ops = &shm_ops;
	s->refs = 1;
	s->npages = npages;
	return &s->obj;
}
