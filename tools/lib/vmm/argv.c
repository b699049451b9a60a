// SPDX-License-Identifier: BSD-3-Clause
/*
 * The QEMU command line. The console is a virtserialport, not a virtconsole: QEMU holds the guest's
 * data back when the host side is full only for the former (the latter drops bytes). Port 0 is
 * reserved for virtconsole, hence two ports, of which the second exists.
 */
#include <stdlib.h>
#include <string.h>

#include <unicore/vmm.h>

#include "firmware.h"

/* microvm has so many virtio-mmio windows. With ACPI their interrupts start at 16, else at 5. */
#define MICROVM_MMIO_BASE  0xfeb00000u
#define MICROVM_MMIO_SIZE  512u
#define MICROVM_GSI	   5u
#define MICROVM_ACPI_GSI   16u
#define MICROVM_ECAM       0xe0000000u

const char *const uc_plat_names[] = { "kvm", "linux", NULL };
const char *const uc_machine_names[] = { "microvm", "q35", "pc", NULL };
const char *const uc_accel_names[] = { "auto", "kvm", "tcg", NULL };

/* On PC types the firmware works above and below the bundle while it starts, after the kernel was
 * loaded. */
uint64_t uc_machine_reserved(enum uc_machine machine)
{
	return machine == UC_MACHINE_MICROVM ? 0 : 0x70000;
}

static void add(struct uc_vec *v, const char *option, char *value)
{
	uc_vec_add(v, option);
	if (value)
		uc_vec_take(v, value);
}

/* Arguments with that text in them. */
static unsigned count(const struct uc_vec *v, const char *text)
{
	unsigned n = 0;

	for (size_t i = 0; i < v->n; i++)
		n += strstr(v->v[i], text) != NULL;
	return n;
}

/* In a QEMU option a comma inside a value is written twice. */
static char *escaped(const char *s)
{
	struct uc_buf b = { 0 };

	uc_buf_str(&b, "");
	for (; *s; s++)
		uc_buf_add(&b, *s == ',' ? ",," : s, *s == ',' ? 2 : 1);
	if (!b.p)
		return uc_xstrdup("");
	return b.p;
}

static bool is_mmio(const struct uc_vm_opts *o)
{
	return o->machine == UC_MACHINE_MICROVM;
}

/* QEMU 7.2's microvm has PCI only together with ACPI; nothing else needs either. */
static bool microvm_pci(const struct uc_vm_opts *o)
{
	return is_mmio(o) && o->root;
}

static void machine(const struct uc_vm_opts *o, struct uc_vec *v)
{
	switch (o->machine) {
	case UC_MACHINE_MICROVM:
		add(v, "-M",
		    uc_xasprintf("microvm,acpi=%s,pcie=%s,ioapic2=off,pit=off,pic=off,"
				 "rtc=off,isa-serial=off,x-option-roms=off%s",
				 microvm_pci(o) ? "on" : "off", microvm_pci(o) ? "on" : "off",
				 o->record_fd ? ",memory-backend=ram" : ""));
		add(v, "-global", uc_xstrdup("virtio-mmio.force-legacy=false"));
		break;
	case UC_MACHINE_Q35:
		add(v, "-M", uc_xstrdup("q35,sata=off,smbus=off,usb=off,vmport=off,hpet=off"));
		break;
	case UC_MACHINE_PC:
		add(v, "-M", uc_xstrdup("pc,usb=off,vmport=off,hpet=off"));
		break;
	}
	if (o->accel == UC_ACCEL_KVM) {
		add(v, "-accel", uc_xstrdup("kvm"));
		add(v, "-cpu", uc_xstrdup("host"));
	} else {
		add(v, "-accel", uc_xstrdup("tcg"));
		add(v, "-cpu", uc_xstrdup("max"));
	}
	/* QEMU before 8.1 translates barriers only where there is room for a second processor. */
	add(v, "-smp", uc_xstrdup(o->accel == UC_ACCEL_TCG ? "1,cores=2,maxcpus=2" : "1"));
	add(v, "-m", uc_xasprintf("%lluk", (unsigned long long)(o->memory >> 10)));
}

#define MMIO_BUS "bus=virtio-mmio-bus."

/* The devices take microvm's windows in the order of the command line. */
static void virtio(const struct uc_vm_opts *o, struct uc_vec *v, const char *kind, char *props)
{
	char *bus = is_mmio(o) ? uc_xasprintf(MMIO_BUS "%u", count(v, MMIO_BUS))
			       : uc_xstrdup("disable-legacy=on");

	add(v, "-device",
	    uc_xasprintf("virtio-%s-%s,%s%s%s", kind, is_mmio(o) ? "device" : "pci", bus,
			 props ? "," : "", props ? props : ""));
	free(bus);
	free(props);
}

static char *recorded(const struct uc_vm_opts *o, const struct uc_vm_fds *fds)
{
	return uc_xasprintf("memory-backend-file,id=ram,share=on,size=%lluk,"
			    "mem-path=/proc/self/fd/%d",
			    (unsigned long long)(o->memory >> 10), fds->record);
}

/* Kernel and bundle: put in place by QEMU itself for our own firmware on microvm, else by PVH. */
static void software(const struct uc_vm_opts *o, const struct uc_vm_fds *fds, struct uc_vec *v)
{
	char *kernel = escaped(o->kernel);
	uint64_t at;

	if (is_mmio(o)) {
		add(v, "-bios", uc_xasprintf("/proc/self/fd/%d", fds->firmware));
		if (o->record_fd) add(v, "-object", recorded(o, fds));
		if (o->prepared) {
			add(v, "-device",
			    uc_xasprintf("loader,file=/proc/self/fd/%d", fds->bundle));
		} else {
			at = uc_microvm_bundle_at(o->memory, o->bundle_bytes);
			add(v, "-device", uc_xasprintf("loader,file=%s", kernel));
			add(v, "-device",
			    uc_xasprintf("loader,file=/proc/self/fd/%d,addr=%#llx,force-raw=on",
					 fds->bundle, (unsigned long long)at));
		}
	} else {
		add(v, "-kernel", uc_xstrdup(o->kernel));
		add(v, "-initrd", uc_xasprintf("/proc/self/fd/%d", fds->bundle));
	}
	free(kernel);
}

static void console(const struct uc_vm_opts *o, const struct uc_vm_fds *fds, struct uc_vec *v)
{
	add(v, "-chardev", uc_xasprintf("socket,id=con,fd=%d", fds->con));
	virtio(o, v, "serial", uc_xstrdup("max_ports=2"));
	add(v, "-device", uc_xstrdup("virtserialport,chardev=con,nr=1"));
	add(v, "-chardev", uc_xasprintf("socket,id=early,fd=%d", fds->early));
	add(v, "-device", uc_xstrdup("isa-debugcon,iobase=0xe9,chardev=early"));
	add(v, "-device", uc_xstrdup("isa-debug-exit,iobase=0x501"));
}

static void root(const struct uc_vm_opts *o, struct uc_vec *v)
{
	char *path = escaped(o->root);

	/* read-only and shared: every instance on this host uses the same page-cache pages */
	add(v, "-object",
	    uc_xasprintf("memory-backend-file,id=root,mem-path=%s,size=%llu,share=on,"
			 "readonly=on",
			 path, (unsigned long long)o->root_size));
	add(v, "-device", uc_xstrdup("ivshmem-plain,memdev=root"));
	free(path);
}

static void volume(const struct uc_vm_opts *o, size_t i, struct uc_vec *v)
{
	char *path = escaped(o->volumes[i].host);

	add(v, "-fsdev",
	    uc_xasprintf("local,id=v%zu,path=%s,security_model=none,multidevs=remap%s", i, path,
			 o->volumes[i].ro ? ",readonly=on" : ""));
	virtio(o, v, "9p", uc_xasprintf("fsdev=v%zu,mount_tag=v%zu", i, i));
	free(path);
}

static void network(const struct uc_vm_opts *o, struct uc_vec *v)
{
	if (!o->net || o->net->mode == UC_NET_NONE)
		return;
	add(v, "-netdev", uc_net_backend(o->net));
	virtio(o, v, "net", uc_net_device(o->net));
}

void uc_vm_argv(const struct uc_vm_opts *o, const struct uc_vm_fds *fds, struct uc_vec *v)
{
	uc_vec_add(v, o->qemu);
	add(v, "-nodefaults", NULL);
	add(v, "-no-user-config", NULL);
	add(v, "-no-reboot", NULL);
	add(v, "-display", uc_xstrdup("none"));
	if (o->sandbox)
		add(v, "-sandbox",
		    uc_xstrdup("on,obsolete=deny,elevateprivileges=deny,spawn=deny,"
			       "resourcecontrol=deny"));
	machine(o, v);
	software(o, fds, v);
	console(o, fds, v);
	if (o->root)
		root(o, v);
	for (size_t i = 0; i < o->nvolumes; i++)
		volume(o, i, v);
	network(o, v);
	if (o->rng)
		virtio(o, v, "rng", NULL);
	if (o->gdb) {
		add(v, "-gdb", uc_xasprintf("tcp:127.0.0.1:%s", o->gdb));
		add(v, "-S", NULL);
	}
	for (const char *const *x = o->extra; x && *x; x++)
		uc_vec_add(v, *x);
}

char *uc_vm_cmdline(const struct uc_vm_opts *o)
{
	const struct uc_vm_fds fds = { 0 };
	struct uc_vec argv = { 0 };
	struct uc_buf b = { 0 };

	uc_vm_argv(o, &fds, &argv);
	for (unsigned i = 0; i < count(&argv, MMIO_BUS); i++)
		uc_buf_printf(&b, "virtio_mmio.device=%u@0x%x:%u ", MICROVM_MMIO_SIZE,
			      MICROVM_MMIO_BASE + i * MICROVM_MMIO_SIZE,
			      (microvm_pci(o) ? MICROVM_ACPI_GSI : MICROVM_GSI) + i);
	if (microvm_pci(o))
		uc_buf_printf(&b, "uc.ecam=0x%x", MICROVM_ECAM);
	uc_vec_free(&argv);
	return b.p;
}
