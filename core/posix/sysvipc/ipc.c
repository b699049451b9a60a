// SPDX-License-Identifier: BSD-3-Clause
#include "ipc.h"
#include <uc/time.h>

int64_t ipc_now(void)
{
	return (int64_t)(uc_time_real() / 1000000000u);
}

struct ipc *ipc_find(const struct ipc_kind *k, int id)
{
	UC_LIST_FOREACH(it, &k->all) {
		struct ipc *o = UC_LIST_ENTRY(it, struct ipc, link);

		if (o->id == id)
			return o;
	}
	return NULL;
}

struct ipc *ipc_at(const struct ipc_kind *k, int index)
{
	UC_LIST_FOREACH(it, &k->all) {
		if (index-- == 0)
			return UC_LIST_ENTRY(it, struct ipc, link);
	}
	return NULL;
}

static struct ipc *by_key(const struct ipc_kind *k, int key)
{
	UC_LIST_FOREACH(it, &k->all) {
		struct ipc *o = UC_LIST_ENTRY(it, struct ipc, link);

		if (o->key == key && key != IPC_PRIVATE)
			return o;
	}
	return NULL;
}

int ipc_may(const struct ipc *o, unsigned want)
{
	const struct uc_proc *p = uc_proc_current();
	uint32_t granted = o->mode;

	if (p->euid == 0)
		return 0;
	if (p->euid == o->cuid || p->euid == o->uid)
		granted >>= 6;
	else if (p->egid == o->gid || p->egid == o->cgid || uc_upcall_in_group(o->gid))
		granted >>= 3;
	want = (want >> 6 | want >> 3 | want) & 7;
	return want & ~granted ? -EACCES : 0;
}

int ipc_owned(const struct ipc *o)
{
	const struct uc_proc *p = uc_proc_current();

	return p->euid == 0 || p->euid == o->cuid || p->euid == o->uid ? 0 : -EPERM;
}

static long create(struct ipc_kind *k, int key, uint64_t size, int flags)
{
	const struct uc_proc *p = uc_proc_current();
	struct ipc *o;

	if (k->n >= IPC_MAX)
		return -ENOSPC;
	o = k->create(size);
	if (UC_IS_ERR(o))
		return UC_PTR_ERR(o);
	do
		k->last_id = k->last_id == INT32_MAX ? 0 : k->last_id + 1;
	while (ipc_find(k, k->last_id));
	o->id = k->last_id;
	o->key = key;
	o->uid = o->cuid = p->euid;
	o->gid = o->cgid = p->egid;
	o->mode = (uint32_t)flags & 0777;
	o->ctime = ipc_now();
	uc_list_push_back(&k->all, &o->link);
	k->n++;
	return o->id;
}

long ipc_get(struct ipc_kind *k, int key, uint64_t size, int flags)
{
	struct ipc *o = by_key(k, key);
	int r;

	if (!o)
		return key == IPC_PRIVATE || flags & IPC_CREAT ? create(k, key, size, flags)
							       : -ENOENT;
	if ((flags & (IPC_CREAT | IPC_EXCL)) == (IPC_CREAT | IPC_EXCL))
		return -EEXIST;
	r = k->check(o, size);
	if (r == 0)
		r = ipc_may(o, (unsigned)flags & 0777);
	return r < 0 ? r : o->id;
}

void ipc_hide(struct ipc *o)
{
	o->key = IPC_PRIVATE;
}

void ipc_remove(struct ipc_kind *k, struct ipc *o)
{
	uc_list_remove(&o->link);
	k->n--;
}

struct ipc64_perm ipc_perm_of(const struct ipc *o)
{
	return (struct ipc64_perm){ .key = o->key, .uid = o->uid, .gid = o->gid, .cuid = o->cuid,
				    .cgid = o->cgid, .mode = o->mode };
}

void ipc_set(struct ipc *o, const struct ipc64_perm *p)
{
	o->uid = p->uid;
	o->gid = p->gid;
	o->mode = (o->mode & ~0777u) | (p->mode & 0777);
	o->ctime = ipc_now();
}
