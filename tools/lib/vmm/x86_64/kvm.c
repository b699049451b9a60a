// SPDX-License-Identifier: BSD-3-Clause
/*
 * Is /dev/kvm worth using? On some hosts it can be opened but emulates every instruction. So: the
 * processor must have the extension, and a short loop in a real-mode guest must run at hardware
 * speed.
 */
#include <cpuid.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "../host.h"

#define LOOPS    20000u
#define LIMIT_NS 10000000u /* 250 ns an instruction: hardware takes under 1, emulation over 500 */

static bool extension(void)
{
	unsigned a, b, c, d;

	if (__get_cpuid(1, &a, &b, &c, &d) && (c & 1u << 5)) /* VMX */
		return true;
	return __get_cpuid(0x80000001, &a, &b, &c, &d) && (c & 1u << 2); /* SVM */
}

/* mov $LOOPS,%cx; 1: dec %cx; jnz 1b; hlt */
static const uint8_t program[] = { 0xb9, LOOPS & 0xff, LOOPS >> 8, 0x49, 0x75, 0xfd, 0xf4 };

static bool run_program(int vcpu, struct kvm_run *run)
{
	struct kvm_sregs s;
	struct kvm_regs r = { .rip = 0, .rflags = 2 };
	struct timespec t0, t1;

	if (ioctl(vcpu, KVM_GET_SREGS, &s) < 0)
		return false;
	s.cs.base = 0;
	s.cs.selector = 0;
	if (ioctl(vcpu, KVM_SET_SREGS, &s) < 0 || ioctl(vcpu, KVM_SET_REGS, &r) < 0)
		return false;
	clock_gettime(CLOCK_MONOTONIC, &t0);
	if (ioctl(vcpu, KVM_RUN, NULL) < 0 || run->exit_reason != KVM_EXIT_HLT)
		return false;
	clock_gettime(CLOCK_MONOTONIC, &t1);
	int64_t ns = (t1.tv_sec - t0.tv_sec) * 1000000000 + (t1.tv_nsec - t0.tv_nsec);
	return ns < (int64_t)LIMIT_NS;
}

static bool probe_vcpu(int kvm, int vm)
{
	int size = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	int vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);
	bool ok = false;

	if (vcpu < 0 || size < (int)sizeof(struct kvm_run))
		return false;
	void *run = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu, 0);
	if (run != MAP_FAILED) {
		ok = run_program(vcpu, run);
		munmap(run, (size_t)size);
	}
	close(vcpu);
	return ok;
}

static bool probe_vm(int kvm, int vm)
{
	enum { MEM = 4096 };
	void *mem = mmap(NULL, MEM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (mem == MAP_FAILED)
		return false;
	memcpy(mem, program, sizeof(program));
	struct kvm_userspace_memory_region region = {
		.memory_size = MEM,
		.userspace_addr = (uint64_t)(uintptr_t)mem,
	};
	bool ok = ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region) == 0 && probe_vcpu(kvm, vm);
	munmap(mem, MEM);
	return ok;
}

bool uc_host_probe_kvm(void)
{
	bool ok = false;

	if (!extension())
		return false;
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (kvm < 0)
		return false;
	int vm = ioctl(kvm, KVM_CREATE_VM, 0);
	if (vm >= 0) {
		ok = probe_vm(kvm, vm);
		close(vm);
	}
	close(kvm);
	return ok;
}
