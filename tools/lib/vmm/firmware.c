// SPDX-License-Identifier: BSD-3-Clause
/* microvm's memory as QEMU lays it out, and the ROM that enters the kernel (uc/abi/firmware.h). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <uc/abi/firmware.h>
#include <unicore/link.h>
#include <unicore/msg.h>
#include <unicore/vmm.h>

#include "firmware.h"

#define PAGE     4096ull
#define VGA_HOLE 0xa0000ull
#define MIB      0x100000ull
#define LOW_MAX  0xc0000000ull /* memory beyond starts at 4 GiB */
#define HIGH     0x100000000ull

/* Xen's public/arch-x86/hvm/start_info.h, version 1. */
#define PVH_MAGIC 0x336ec578u
#define PVH_RAM	  1u
struct start_info {
	uint32_t magic, version, flags, nr_modules;
	uint64_t modlist, cmdline, rsdp, memmap;
	uint32_t memmap_entries, reserved;
};
struct module {
	uint64_t addr, size, cmdline, reserved;
};
struct range {
	uint64_t addr, size;
	uint32_t type, reserved;
};

/* What start_info refers to. */
struct tables {
	struct module bundle;
	struct range ram[3];
	char cmdline[1024];
};
_Static_assert(UC_FIRMWARE_START_INFO + sizeof(struct start_info) <= UC_FIRMWARE_TABLES, "");

static uint64_t low_end(uint64_t memory)
{
	return memory < LOW_MAX ? memory : LOW_MAX;
}

uint64_t uc_microvm_bundle_at(uint64_t memory, uint64_t bundle_bytes)
{
	uint64_t end = low_end(memory);

	return bundle_bytes + PAGE < end ? (end - bundle_bytes) & ~(PAGE - 1) : 0;
}

static void fill_rom(uint8_t *rom, const struct uc_firmware *f)
{
	const uint64_t tables = UC_FIRMWARE_PHYS + UC_FIRMWARE_TABLES;
	struct tables t = {
		.bundle = { .addr = uc_microvm_bundle_at(f->memory, f->bundle_bytes),
			    .size = f->bundle_bytes },
		.ram = { { .addr = 0, .size = VGA_HOLE, .type = PVH_RAM },
			 { .addr = MIB, .size = low_end(f->memory) - MIB, .type = PVH_RAM },
			 { .addr = HIGH,
			   .size = f->memory - low_end(f->memory),
			   .type = PVH_RAM } },
	};
	const struct start_info s = {
		.magic = PVH_MAGIC,
		.version = 1,
		.nr_modules = 1,
		.modlist = tables + offsetof(struct tables, bundle),
		.cmdline = tables + offsetof(struct tables, cmdline),
		.memmap = tables + offsetof(struct tables, ram),
		.memmap_entries = t.ram[2].size ? 3 : 2,
	};

	snprintf(t.cmdline, sizeof(t.cmdline), "%s", f->cmdline);
	memcpy(rom + UC_FIRMWARE_ENTRY, &f->entry, sizeof(f->entry));
	memcpy(rom + UC_FIRMWARE_START_INFO, &s, sizeof(s));
	memcpy(rom + UC_FIRMWARE_TABLES, &t, sizeof(t));
}

int uc_firmware_seal(const struct uc_firmware *f, int *out)
{
	char *path = uc_libfile(NULL, "firmware.bin");
	uint8_t *rom = uc_xmalloc(UC_FIRMWARE_SIZE);
	struct uc_buf code = { 0 };
	int fd = -1, rc = uc_file_read(path, UC_FIRMWARE_CODE, &code);

	if (!rc && code.n != UC_FIRMWARE_CODE) rc = -EINVAL;
	if (rc) {
		rc = uc_fail_os(UC_ST_UNAVAILABLE, path, "run make, or reinstall unicore", -rc,
				"cannot read the machine's firmware");
		goto out;
	}
	memset(rom, 0, UC_FIRMWARE_SIZE);
	fill_rom(rom, f);
	memcpy(rom + UC_FIRMWARE_SIZE - UC_FIRMWARE_CODE, code.p, UC_FIRMWARE_CODE);
	fd = memfd_create("unicore-firmware", MFD_CLOEXEC);
	if (fd < 0 || write(fd, rom, UC_FIRMWARE_SIZE) != UC_FIRMWARE_SIZE) {
		rc = uc_fail_os(UC_ST_OSERR, "firmware", NULL, errno, "cannot make it in memory");
		if (fd >= 0) close(fd);
		goto out;
	}
	*out = fd;
out:
	uc_buf_free(&code);
	free(rom);
	free(path);
	return rc;
}
