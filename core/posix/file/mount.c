// SPDX-License-Identifier: BSD-3-Clause
#include <linux/mount.h>
#include <uc/filecall.h>
#include <uc/fmt.h>
#include <uc/heap.h>
#include <uc/init.h>
#include <uc/log.h>
#include <uc/proc.h>
#include <uc/string.h>
#include <uc/part.h>

UC_NEEDS_PART(tmpfs);

#define TYPE_CAP 64
#define DATA_CAP UC_PAGE_SIZE

/* One option of tmpfs(5). Limits are not kept: what bounds a tmpfs is the machine's memory. */
static int tmpfs_option(const char *opt, size_t len, uint32_t *mode)
{
	static const char *const ignored[] = { "size=", "nr_blocks=", "nr_inodes=",
					       "huge=", "inode64",    "noswap" };
	char value[16];
	uint64_t v;

	if (len > 5 && len - 5 < sizeof(value) && strncmp(opt, "mode=", 5) == 0) {
		memcpy(value, opt + 5, len - 5);
		value[len - 5] = 0;
		if (uc_parse_u64(value, 8, &v) < 0 || v > 07777)
			return -EINVAL;
		*mode = (uint32_t)v;
		return 0;
	}
	for (unsigned i = 0; i < UC_ARRAY_SIZE(ignored); i++) {
		if (len >= strlen(ignored[i]) &&
		    strncmp(opt, ignored[i], strlen(ignored[i])) == 0) {
			uc_log(UC_LOG_WARN, "tmpfs: option %s is not kept", ignored[i]);
			return 0;
		}
	}
	return -EINVAL;
}

static struct uc_super *tmpfs_mount(const char *source, unsigned long flags, const char *data)
{
	uint32_t mode = 01777;

	while (data && *data) {
		const char *end = strchr(data, ',');
		size_t len = end ? (size_t)(end - data) : strlen(data);
		int r = len ? tmpfs_option(data, len, &mode) : 0;

		if (r < 0)
			return UC_ERR_PTR(r);
		data += len + (end != NULL);
	}
	return uc_tmpfs_new(mode);
}

static struct uc_fstype tmpfs_type = { .name = "tmpfs", .mount = tmpfs_mount, .nodev = true };

static int mount_start(void)
{
	uc_vfs_register_fs(&tmpfs_type);
	return 0;
}
UC_INITCALL(UC_STAGE_CORE, mount_start);

static bool privileged(void)
{
	return uc_proc_current()->euid == 0;
}

static struct uc_fstype *find_type(const char *name)
{
	for (struct uc_fstype *t = uc_vfs_fstypes(); t; t = t->next)
		if (strcmp(t->name, name) == 0)
			return t;
	return NULL;
}

static long mount_new(struct uc_dentry *at, const char *type, const char *source, uint64_t flags,
		      const char *data)
{
	struct uc_fstype *t = find_type(type);
	struct uc_super *sb;

	if (!t)
		return -ENODEV;
	sb = t->mount(source, flags, data);
	if (UC_IS_ERR(sb))
		return UC_PTR_ERR(sb);
	if (flags & MS_RDONLY)
		sb->readonly = true;
	return uc_vfs_mount_at(sb, at);
}

struct mount_args { char *source, *type, *data; };

static void free_args(struct mount_args *a)
{
	uc_heap_free(a->source);
	uc_heap_free(a->type);
	uc_heap_free(a->data);
}

static int get_args(struct mount_args *a, uc_uptr source, uc_uptr type, uc_uptr data)
{
	int r = 0;

	*a = (struct mount_args){ 0 };
	if (source)
		r = uc_user_strdup(&a->source, source, UC_PATH_MAX, -ENAMETOOLONG);
	if (r == 0)
		r = type ? uc_user_strdup(&a->type, type, TYPE_CAP, -ENODEV) : -EFAULT;
	if (r == 0 && data)
		r = uc_user_strdup(&a->data, data, DATA_CAP, -EINVAL);
	if (r < 0)
		free_args(a);
	return r;
}

long uc_sys_mount(uc_uptr source, uc_uptr target, uc_uptr type, uint64_t flags, uc_uptr data)
{
	struct mount_args a;
	struct uc_dentry *d;
	long r;

	if (!privileged())
		return -EPERM;
	if ((flags & MS_MGC_MSK) == MS_MGC_VAL)
		flags &= ~(uint64_t)MS_MGC_MSK;
	if (flags &
	    (MS_REMOUNT | MS_BIND | MS_MOVE | MS_SHARED | MS_PRIVATE | MS_SLAVE | MS_UNBINDABLE))
		return uc_unsupported(-EINVAL, "mount flags %#llx", (unsigned long long)flags);
	r = get_args(&a, source, type, data);
	if (r < 0)
		return r;
	d = uc_path_lookup(AT_FDCWD, target, UC_LOOKUP_FOLLOW);
	if (UC_IS_ERR(d)) {
		r = UC_PTR_ERR(d);
	} else {
		r = mount_new(d, a.type, a.source ? a.source : "none", flags, a.data);
		uc_dentry_unref(d);
	}
	free_args(&a);
	return r;
}

long uc_sys_umount2(uc_uptr target, int flags)
{
	struct uc_pathat p;
	long r;

	if (!privileged())
		return -EPERM;
	if (flags & ~15)
		return -EINVAL;
	r = uc_pathat_get(&p, AT_FDCWD, target, false);
	if (r < 0)
		return r;
	r = uc_vfs_umount(p.fs, p.path, flags);
	uc_pathat_put(&p);
	return r;
}
