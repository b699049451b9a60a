// SPDX-License-Identifier: BSD-3-Clause
/* /dev: a tmpfs with a node for each registered character device, and the registry that says what
 * opening a device number means, wherever its node is. */
#include <asm/errno.h>
#include <asm/fcntl.h>
#include <uc/heap.h>
#include <uc/init.h>
#include <uc/string.h>
#include <uc/vfs.h>
#include "devices.h"

struct device {
	struct device *next;
	const char *name;
	uint32_t mode;
	uint64_t rdev;
	const struct uc_file_ops *ops;
	void *priv;
	int (*open)(struct uc_file *f);
};

static struct device *devices;
static bool mounted;

static int make_node(const struct device *d)
{
	char path[64] = "/dev/";
	int r;

	if (uc_strlcpy(path + 5, d->name, sizeof(path) - 5) >= sizeof(path) - 5)
		return -ENAMETOOLONG;
	r = uc_vfs_mknod(NULL, NULL, path, S_IFCHR | d->mode, d->rdev);
	return r == -EEXIST ? 0 : r;
}

static struct device *find(uint64_t rdev)
{
	for (struct device *d = devices; d; d = d->next)
		if (d->rdev == rdev)
			return d;
	return NULL;
}

int uc_devfs_register(const char *name, uint32_t mode, unsigned major, unsigned minor,
		      const struct uc_file_ops *ops, void *priv)
{
	uint64_t rdev = uc_dev_make(major, minor);
	struct device *d;

	if (find(rdev))
		return -EEXIST;
	d = uc_heap_alloc(sizeof(*d));
	if (!d)
		return -ENOMEM;
	*d = (struct device){ devices, name, mode, rdev, ops, priv, NULL };
	devices = d;
	return mounted ? make_node(d) : 0;
}

int uc_devfs_on_open(unsigned major, unsigned minor, int (*open)(struct uc_file *f))
{
	struct device *d = find(uc_dev_make(major, minor));

	if (!d)
		return -ENODEV;
	d->open = open;
	return 0;
}

static int chrdev_open(struct uc_inode *i, struct uc_file *f)
{
	struct device *d = (i->mode & S_IFMT) == S_IFCHR ? find(i->rdev) : NULL;

	if (d && d->open)
		return d->open(f);
	if (!d || !d->ops) /* no device behind the node */
		return -ENXIO;
	f->ops = d->ops;
	f->priv = d->priv;
	return 0;
}

static int populate(void)
{
	static const struct { const char *path, *target; } links[] = {
		{ "/dev/fd", "/proc/self/fd" }, { "/dev/stdin", "/proc/self/fd/0" },
		{ "/dev/stdout", "/proc/self/fd/1" }, { "/dev/stderr", "/proc/self/fd/2" },
	};
	int r = 0;

	for (struct device *d = devices; d && r == 0; d = d->next)
		r = make_node(d);
	for (unsigned i = 0; i < UC_ARRAY_SIZE(links) && r == 0; i++)
		r = uc_vfs_symlink(NULL, links[i].target, NULL, links[i].path);
	return r;
}

static int mount_tmpfs(const char *path, uint32_t mode)
{
	struct uc_super *sb = uc_tmpfs_new(mode);

	return UC_IS_ERR(sb) ? (int)UC_PTR_ERR(sb) : uc_vfs_mount(sb, path);
}

static int devfs_start(void)
{
	bool before = uc_vfs_quiet;
	int r;

	uc_vfs_chrdev_open = chrdev_open;
	uc_devfs_add_memory_devices();
	uc_vfs_quiet = true;
	r = mount_tmpfs("/dev", 0755);
	mounted = r == 0;
	if (r == 0)
		r = populate();
	if (r == 0)
		r = mount_tmpfs("/dev/shm", 01777);
	uc_vfs_quiet = before;
	return r;
}
UC_INITCALL(UC_STAGE_FS, devfs_start);
