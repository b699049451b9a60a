// SPDX-License-Identifier: BSD-3-Clause
// sources: ../argv.c ../net.c ../bundle.c ../volume.c ../root.c ../firmware.c ../../util/mem.c
// sources: ../../util/vec.c ../../util/path.c ../../util/file.c ../../link/libdir.c
// sources: ../../cli/msg.c ../../cli/progress.c ../../cli/value.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <uc/abi/bootparam.h>
#include <uc/abi/firmware.h>
#include <unicore/msg.h>
#include <unicore/vmm.h>

#include "../firmware.h"

static char dir[] = "/tmp/unicore-test-XXXXXX";

static char *line_of(const struct uc_vm_opts *o)
{
	const struct uc_vm_fds fds = { 3, 4, 5, 6, 7 };
	struct uc_vec argv = { 0 };
	struct uc_buf b = { 0 };

	uc_vm_argv(o, &fds, &argv);
	for (size_t i = 0; i < argv.n; i++)
		uc_buf_printf(&b, "%s ", argv.v[i]);
	uc_vec_free(&argv);
	return b.p;
}

static void has(const char *line, const char *part)
{
	if (!strstr(line, part))
		fail_msg("%s is not in %s", part, line);
}

static void hasnt(const char *line, const char *part)
{
	if (strstr(line, part))
		fail_msg("%s is in %s", part, line);
}

static struct uc_vm_opts plain(enum uc_machine m)
{
	return (struct uc_vm_opts){ .qemu = "qemu",
				    .machine = m,
				    .accel = UC_ACCEL_TCG,
				    .memory = 8 << 20,
				    .kernel = "k",
				    .bundle_bytes = 0x2800 };
}

static void microvm_has_only_what_is_needed(void **state)
{
	struct uc_vm_opts o = plain(UC_MACHINE_MICROVM);
	char *l = line_of(&o);

	(void)state;
	has(l, "qemu -nodefaults -no-user-config -no-reboot ");
	has(l, "-M microvm,acpi=off,pcie=off,");
	has(l, "-m 8192k ");
	has(l, "-bios /proc/self/fd/6 -device loader,file=k ");
	/* the last whole pages of memory */
	has(l, "-device loader,file=/proc/self/fd/5,addr=0x7fd000,force-raw=on ");
	has(l, "-chardev socket,id=con,fd=3 ");
	has(l, "-device virtio-serial-device,bus=virtio-mmio-bus.0,max_ports=2 ");
	has(l, "-device virtserialport,chardev=con,nr=1 ");
	has(l, "-device isa-debug-exit,iobase=0x501");
	hasnt(l, "-append");
	hasnt(l, "ivshmem");
	hasnt(l, "-pci");
	hasnt(l, "rng");
	free(l);
}

static void a_shared_root_brings_pci_to_microvm(void **state)
{
	struct uc_vm_opts o = plain(UC_MACHINE_MICROVM);

	(void)state;
	o.root = "/a,b/root.erofs";
	o.root_size = 4 << 20;
	char *l = line_of(&o);
	has(l, "-M microvm,acpi=on,pcie=on,");
	/* a comma in a path is not the end of the value */
	has(l, "mem-path=/a,,b/root.erofs,size=4194304,share=on,readonly=on ");
	has(l, "-device ivshmem-plain,memdev=root ");
	free(l);
	l = uc_vm_cmdline(&o);
	assert_string_equal(l, "virtio_mmio.device=512@0xfeb00000:16 uc.ecam=0xe0000000");
	free(l);
}

static void pci_machines_use_modern_virtio(void **state)
{
	static const enum uc_machine machines[] = { UC_MACHINE_Q35, UC_MACHINE_PC };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct uc_vm_opts o = plain(machines[i]);

		o.rng = true;
		char *l = line_of(&o);
		has(l, "-device virtio-serial-pci,disable-legacy=on,max_ports=2 ");
		has(l, "-device virtio-rng-pci,disable-legacy=on ");
		hasnt(l, "mmio");
		free(l);
	}
}

static void volumes_debugger_and_extra_arguments(void **state)
{
	const struct uc_volume v[] = { { (char *)"/srv/a,b", (char *)"/data", true },
				       { (char *)"/srv/c", (char *)"/c", false } };
	const char *const extra[] = { "-d", "int", NULL };
	struct uc_vm_opts o = plain(UC_MACHINE_MICROVM);

	(void)state;
	o.volumes = v;
	o.nvolumes = 2;
	o.gdb = "1234";
	o.extra = extra;
	char *l = line_of(&o);
	has(l,
	    "-fsdev local,id=v0,path=/srv/a,,b,security_model=none,multidevs=remap,readonly=on ");
	has(l, "-device virtio-9p-device,bus=virtio-mmio-bus.1,fsdev=v0,mount_tag=v0 ");
	has(l, "id=v1,path=/srv/c,security_model=none,multidevs=remap -device");
	has(l, "-gdb tcp:127.0.0.1:1234 -S -d int ");
	free(l);
}

static void kvm_uses_the_host_processor(void **state)
{
	struct uc_vm_opts o = plain(UC_MACHINE_MICROVM);

	(void)state;
	o.accel = UC_ACCEL_KVM;
	char *l = line_of(&o);
	has(l, "-accel kvm -cpu host ");
	free(l);
}

/* Reads the whole bundle. */
static uint8_t *bundle_bytes(const struct uc_bundle *b, const char *root, size_t *n)
{
	struct stat st;
	int fd = -1;

	assert_int_equal(uc_bundle_seal(b, root, &fd), 0);
	assert_int_equal(fstat(fd, &st), 0);
	*n = (size_t)st.st_size;
	uint8_t *p = malloc(*n);
	assert_int_equal(pread(fd, p, *n, 0), st.st_size);
	close(fd);
	return p;
}

static void a_bundle_holds_parameters_in_order(void **state)
{
	static const char want[] = "arg=sh\0arg=-c\0arg=\0env=A=a b\0uid=7";
	struct uc_bundle b = { 0 };
	struct uc_bootbundle h;
	size_t n;

	(void)state;
	uc_bundle_add(&b, "arg", "%s", "sh");
	uc_bundle_add(&b, "arg", "%s", "-c");
	uc_bundle_add(&b, "arg", "%s", "");
	uc_bundle_add(&b, "env", "%s=%s", "A", "a b");
	uc_bundle_add(&b, "uid", "%d", 7);
	uint8_t *p = bundle_bytes(&b, NULL, &n);
	memcpy(&h, p, sizeof(h));
	assert_true(h.magic == UC_BOOTBUNDLE_MAGIC);
	assert_int_equal(h.version, UC_BOOTBUNDLE_VERSION);
	assert_int_equal(h.header_len, sizeof(h));
	assert_int_equal(h.total_len, n);
	assert_int_equal(n % 4096, 0);
	assert_int_equal(h.params_len, sizeof(want));
	assert_memory_equal(p + h.params_off, want, sizeof(want));
	assert_int_equal(h.root_len, 0);
	free(p);
	uc_bundle_free(&b);
}

static char *file_of(const char *name, size_t n)
{
	char *path = uc_path_join(dir, name), *data = malloc(n + 1);
	FILE *f = fopen(path, "w");

	memset(data, 'r', n);
	assert_int_equal(fwrite(data, 1, n, f), n);
	fclose(f);
	free(data);
	return path;
}

static void a_root_image_in_the_bundle_is_page_aligned(void **state)
{
	char *root = file_of("root", 10000);
	struct uc_bundle b = { 0 };
	struct uc_bootbundle h;
	size_t n;

	(void)state;
	for (int i = 0; i < 700; i++)
		uc_bundle_add(&b, "env", "VARIABLE_%d=value", i);
	uint8_t *p = bundle_bytes(&b, root, &n);
	memcpy(&h, p, sizeof(h));
	assert_int_equal(h.root_len, 10000);
	assert_int_equal(h.root_off % 4096, 0);
	assert_true(h.root_off >= h.params_off + h.params_len);
	assert_int_equal(h.total_len, n);
	assert_true(h.root_off + h.root_len <= n);
	assert_int_equal(p[h.root_off], 'r');
	assert_int_equal(p[h.root_off + 9999], 'r');
	assert_int_equal(p[h.root_off + 10000], 0);
	free(p);
	free(root);
	uc_bundle_free(&b);
}

static void a_root_to_share_gets_a_power_of_two(void **state)
{
	char *root = file_of("share", (1 << 20) + 1);
	struct stat st;
	uint64_t size;

	(void)state;
	assert_int_equal(uc_root_prepare(root, &size), 0);
	assert_int_equal(size, 2 << 20);
	assert_int_equal(stat(root, &st), 0);
	assert_int_equal(st.st_size, 2 << 20);
	assert_int_equal(uc_root_prepare(root, &size), 0);
	assert_int_equal(size, 2 << 20);
	free(root);
}

static void a_network_card_and_its_ports(void **state)
{
	static const char *const ports[] = { "127.0.0.1:8080:80", "53:5353/udp" };
	const struct uc_net_spec spec = { .ports = ports, .nports = 2 };
	struct uc_vm_opts o = plain(UC_MACHINE_MICROVM);
	struct uc_net net;

	(void)state;
	assert_int_equal(uc_net_parse(&spec, &net), 0);
	o.net = &net;
	char *l = line_of(&o), *config = uc_net_config(&net);
	has(l, "-netdev user,id=n0,hostfwd=tcp:127.0.0.1:8080-:80,hostfwd=udp::53-:5353 ");
	has(l, "-device virtio-net-device,bus=virtio-mmio-bus.1,netdev=n0 ");
	assert_string_equal(config, "ip=10.0.2.15/24,gw=10.0.2.2,dns=10.0.2.3");
	free(l);
	free(config);
	uc_net_free(&net);
}

static void a_tap_and_its_addresses(void **state)
{
	static const char *const dns[] = { "192.0.2.9" };
	const struct uc_net_spec spec = { .net = "tap:t0",
					  .ip = "192.0.2.2/24",
					  .gateway = "192.0.2.1",
					  .mac = "52:54:00:00:00:09",
					  .mtu = 9000,
					  .dns = dns,
					  .ndns = 1 };
	struct uc_vm_opts o = plain(UC_MACHINE_Q35);
	struct uc_net net;

	(void)state;
	assert_int_equal(uc_net_parse(&spec, &net), 0);
	o.net = &net;
	char *l = line_of(&o), *config = uc_net_config(&net);
	has(l, "-netdev tap,id=n0,script=no,downscript=no,ifname=t0 ");
	has(l, "virtio-net-pci,disable-legacy=on,netdev=n0,mac=52:54:00:00:00:09,host_mtu=9000 ");
	assert_string_equal(config, "ip=192.0.2.2/24,gw=192.0.2.1,dns=192.0.2.9,mtu=9000");
	free(l);
	free(config);
	uc_net_free(&net);
}

static void wrong_ports(void **state)
{
	static const char *const wrong[] = { "",          "80",        ":80",     "80:",
					     "0:1",       "1:0",       "1:65536", "1:2:3",
					     "a:1:2",     "1:2/sctp",  "::1:2",   "1:2/tcp/",
					     "1.2.3.4:5", "1.2.3:1:2", "-1:2" };
	struct uc_net_port p;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(uc_net_port_parse(wrong[i], &p), UC_ST_USAGE);
}

static void volume_specifications(void **state)
{
	static const char *const wrong[] = { "",       "/tmp",     ":/x",
					     "/tmp:",  "/tmp:x",   "/tmp:/a:b",
					     "/tmp:/", "/tmp:/..", "/tmp:/a:rx" };
	struct uc_volume v;

	(void)state;
	assert_int_equal(uc_volume_parse("/tmp:/data//x/", &v), 0);
	assert_string_equal(v.host, "/tmp");
	assert_string_equal(v.guest, "/data/x");
	assert_false(v.ro);
	uc_volume_free(&v);
	assert_int_equal(uc_volume_parse("/tmp/.:/d:ro", &v), 0);
	assert_string_equal(v.host, "/tmp");
	assert_true(v.ro);
	uc_volume_free(&v);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(uc_volume_parse(wrong[i], &v), UC_ST_USAGE);
	assert_int_equal(uc_volume_parse("/nonexistent:/x", &v), UC_ST_NOINPUT);
	assert_int_equal(uc_volume_parse("/etc/passwd:/x", &v), UC_ST_NOINPUT);
}

/* Little-endian, at an offset of the ROM. */
static uint64_t at(const uint8_t *rom, unsigned off, unsigned bytes)
{
	uint64_t v = 0;

	while (bytes--)
		v = v << 8 | rom[off + bytes];
	return v;
}

static void the_firmware_describes_the_machine(void **state)
{
	static uint8_t rom[UC_FIRMWARE_SIZE];
	char code[UC_FIRMWARE_CODE], *arch = uc_path_join(dir, "x86_64");
	char *path = uc_path_join(arch, "firmware.bin");
	const struct uc_firmware f = { .entry = 0x100000,
				       .memory = 5ull << 30,
				       .bundle_bytes = 0x2800,
				       .cmdline = "x=1" };
	const unsigned info = UC_FIRMWARE_START_INFO;
	int fd;

	(void)state;
	setenv("UNICORE_LIBDIR", dir, 1);
	assert_int_equal(uc_firmware_seal(&f, &fd), UC_ST_UNAVAILABLE);
	memset(code, 0xab, sizeof(code));
	assert_int_equal(uc_mkdirs(arch, 0700), 0);
	assert_int_equal(uc_file_write(path, code, sizeof(code), 0600), 0);
	assert_int_equal(uc_firmware_seal(&f, &fd), 0);
	assert_int_equal(pread(fd, rom, sizeof(rom), 0), sizeof(rom));
	close(fd);
	assert_memory_equal(rom + sizeof(rom) - sizeof(code), code, sizeof(code));
	assert_int_equal(at(rom, UC_FIRMWARE_ENTRY, 4), 0x100000);
	assert_int_equal(at(rom, info, 4), 0x336ec578);
	/* module list, command line and memory map, as seen below 1 MiB */
	unsigned mod = (unsigned)at(rom, info + 16, 8) - UC_FIRMWARE_PHYS;
	unsigned cmd = (unsigned)at(rom, info + 24, 8) - UC_FIRMWARE_PHYS;
	unsigned map = (unsigned)at(rom, info + 40, 8) - UC_FIRMWARE_PHYS;
	assert_int_equal(at(rom, mod, 8), 0xc0000000 - 0x3000);
	assert_int_equal(at(rom, mod + 8, 8), 0x2800);
	assert_string_equal((char *)rom + cmd, "x=1");
	assert_int_equal(at(rom, info + 48, 4), 3);
	assert_int_equal(at(rom, map + 24, 8), 0x100000);
	assert_int_equal(at(rom, map + 24 + 8, 8), 0xc0000000 - 0x100000);
	assert_int_equal(at(rom, map + 48, 8), 1ull << 32);
	assert_int_equal(at(rom, map + 48 + 8, 8), (5ull << 30) - 0xc0000000);
	assert_int_equal(uc_microvm_bundle_at(4096, 8192), 0);
	uc_rmtree(arch);
	free(path);
	free(arch);
}

static int setup(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int teardown(void **state)
{
	static const char *const names[] = { "root", "share" };

	(void)state;
	for (int i = 0; i < 2; i++) {
		char *p = uc_path_join(dir, names[i]);

		unlink(p);
		free(p);
	}
	return rmdir(dir);
}

static void kept_starts(void **state)
{
	struct uc_vm_opts o = plain(UC_MACHINE_MICROVM);
	char *line = line_of(&o);

	hasnt(line, "memory-backend");
	free(line);
	o.record_fd = 9;
	line = line_of(&o);
	has(line, "id=ram,share=on,size=8192k,mem-path=/proc/self/fd/7 ");
	has(line, ",memory-backend=ram ");
	has(line, "loader,file=k ");
	free(line);
	o.record_fd = 0;
	o.prepared = true;
	line = line_of(&o);
	has(line, "loader,file=/proc/self/fd/5 ");
	hasnt(line, "loader,file=k");
	hasnt(line, "force-raw");
	free(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kept_starts),
		cmocka_unit_test(microvm_has_only_what_is_needed),
		cmocka_unit_test(a_shared_root_brings_pci_to_microvm),
		cmocka_unit_test(pci_machines_use_modern_virtio),
		cmocka_unit_test(volumes_debugger_and_extra_arguments),
		cmocka_unit_test(the_firmware_describes_the_machine),
		cmocka_unit_test(kvm_uses_the_host_processor),
		cmocka_unit_test(a_bundle_holds_parameters_in_order),
		cmocka_unit_test(a_root_image_in_the_bundle_is_page_aligned),
		cmocka_unit_test(a_root_to_share_gets_a_power_of_two),
		cmocka_unit_test(volume_specifications),
		cmocka_unit_test(a_network_card_and_its_ports),
		cmocka_unit_test(a_tap_and_its_addresses),
		cmocka_unit_test(wrong_ports),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
