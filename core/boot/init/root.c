// SPDX-License-Identifier: BSD-3-Clause
/* The root file system and the host folders that the boot parameters name. */
#include <asm/errno.h>
#include <uc/arch.h>
#include <uc/fmt.h>
#include <uc/log.h>
#include <uc/plat.h>
#include <uc/rootfs.h>
#include <uc/string.h>
#include "boot.h"

/* Optional µlibs: absent ones resolve to NULL. */
__attribute__((weak)) int uc_ninep_mount(const char *tag, const char *path, bool ro);
__attribute__((weak)) int uc_device_root(uc_paddr *pa, uint64_t *len);

int boot_mount_root(void)
{
	uc_paddr pa = uc_plat_bootbundle_phys() + boot_params.root_off;
	uint64_t len = boot_params.root_len;
	int r = 0;
	if (!len && uc_device_root) r = uc_device_root(&pa, &len);
	if (!r && !boot_params.root_len && len && !uc_arch_map_phys(pa, len, UC_PT_R)) r = -ENOMEM;
	if (r || !len) {
		uc_log(UC_LOG_ERROR,
		       "no root image: neither in the boot bundle nor in device memory");
		return -ENODEV;
	}
	return uc_rootfs_mount(uc_phys_to_virt(pa), pa, len);
}

/* 9p:TAG:GUESTPATH:ro|rw */
static int mount_volume(const char *spec)
{
	char text[512], *tag = text + 3, *path, *mode;
	if (uc_strlcpy(text, spec, sizeof(text)) >= sizeof(text) || strncmp(text, "9p:", 3))
		return -EINVAL;
	path = strchr(tag, ':');
	mode = strrchr(tag, ':');
	if (!path || path == mode || (strcmp(mode + 1, "ro") && strcmp(mode + 1, "rw")))
		return -EINVAL;
	*path++ = 0;
	*mode++ = 0;
	return uc_ninep_mount ? uc_ninep_mount(tag, path, mode[1] == 'o') : -ENODEV;
}

void boot_mount_volumes(void)
{
	for (unsigned i = 0; i < boot_params.nmounts; i++) {
		int r = mount_volume(boot_params.mounts[i]);
		if (r)
			uc_log(UC_LOG_ERROR, "volume %s cannot be mounted: errno %d",
			       boot_params.mounts[i], -r);
	}
}
