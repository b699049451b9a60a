// SPDX-License-Identifier: BSD-3-Clause
#include <linux/magic.h>
#include <uc/init.h>
#include <uc/sysfs.h>

static ssize_t show_cpus(char *buf, size_t cap, const struct uc_pseudo_key *k)
{
	struct uc_text t = { buf, cap, 0 };

	uc_text_printf(&t, "0\n"); /* one CPU, number 0 */
	return (ssize_t)t.len;
}

struct uc_pseudo_fs uc_sysfs = { .sb.type = "sysfs", .magic = SYSFS_MAGIC };
static struct uc_pseudo_entry cpu_files[] = {
	{ .name = "online", .mode = S_IFREG | 0444, .show = show_cpus },
	{ .name = "possible", .mode = S_IFREG | 0444, .show = show_cpus },
	{ .name = "present", .mode = S_IFREG | 0444, .show = show_cpus },
	{ .name = "cpu0", .mode = S_IFDIR | 0555 },
};

static struct uc_super *sysfs_mount(const char *source, unsigned long flags, const char *data)
{
	return uc_pseudo_super(&uc_sysfs);
}

static struct uc_fstype sysfs_type = { .name = "sysfs", .mount = sysfs_mount, .nodev = true };

static int sysfs_start(void)
{
	struct uc_super *sb = uc_pseudo_super(&uc_sysfs);

	if (UC_IS_ERR(sb))
		return (int)UC_PTR_ERR(sb);
	for (unsigned i = 0; i < UC_ARRAY_SIZE(cpu_files); i++) {
		int r = uc_pseudo_add(&uc_sysfs, "devices/system/cpu", &cpu_files[i]);

		if (r < 0)
			return r;
	}
	uc_vfs_register_fs(&sysfs_type);
	return uc_vfs_mount(sb, "/sys");
}
UC_INITCALL(UC_STAGE_FS, sysfs_start);
