// SPDX-License-Identifier: BSD-3-Clause
/* The list of probes. */
#include "internal.h"

#define BOTH true, true
#define KVM  true, false
#define PROC false, true
#define JUDGE(name, what, plats, fn) \
	{ \
		name, what, plats, .judge = secure_judge_##fn \
	}
#define PLACE(name, what) \
	{ \
		"aslr-" name, what, BOTH, .place = name \
	}
#define FAULT(name, what, calls) \
	{ \
		name, what, BOTH, .fault = name, .needs = calls \
	}

const struct secure_probe secure_probes[] = {
	JUDGE("kernel-segments", "no segment of the kernel is writable and executable", BOTH,
	      segments),
	JUDGE("kernel-stripped", "the kernel has no symbols", BOTH, stripped),
	JUDGE("kernel-gadgets", "few sequences of the kernel's text are of use to an attacker",
	      BOTH, gadgets),
	JUDGE("kernel-protector", "functions of the kernel check their stack", BOTH, protector),
	JUDGE("no-shell", "no shell that nobody asked for", BOTH, shell),
	JUDGE("calls", "no system call beyond those of the image", BOTH, calls),

	JUDGE("wx", "no page is writable and executable", BOTH, wx),
	JUDGE("alias", "no memory is writable in one place and executable in another", BOTH, alias),
	JUDGE("text-alias", "the kernel's text cannot be written anywhere", BOTH, text_alias),
	JUDGE("constants", "constants and relocations cannot be written after the start", BOTH,
	      constants),
	JUDGE("null-page", "nothing is mapped at and near address 0", BOTH, null),
	JUDGE("kernel-stack", "a guard page below the kernel's stacks of threads", BOTH,
	      kernel_stack),
	JUDGE("boot-stack", "a guard page below the stack of the start", BOTH, boot_stack),
	JUDGE("trap-stack", "a guard page below the stacks of traps", BOTH, trap_stack),
	JUDGE("write-protect", "write protection and no-execute hold for the kernel", KVM,
	      write_protect),
	JUDGE("supervisor", "what the processor has against use of a user's pages", KVM,
	      supervisor),
	JUDGE("dma", "descriptors of virtio rings stay within memory and what their driver noted",
	      KVM, dma),
	JUDGE("canary", "the kernel's canary is there and new in each boot", BOTH, canary),
	JUDGE("leak-registers", "no address of the kernel in registers", BOTH, leak_registers),
	JUDGE("leak-stack", "no address of the kernel on the program's stack", BOTH, leak_stack),
	JUDGE("leak-proc", "no address of the kernel in /proc", BOTH, leak_proc),
	JUDGE("memory-clear", "new memory holds nothing old", BOTH, clear),

	JUDGE("random-bias", "random bytes at first use pass statistical tests", BOTH, bias),
	JUDGE("random-repeat", "random bytes are new in each boot", BOTH, repeat),
	JUDGE("random-sources", "the same without the processor's random numbers", KVM, sources),
	PLACE("program", "address of the program"),
	PLACE("library", "address of libraries"),
	PLACE("heap", "address of the heap"),
	PLACE("stack", "address of the stack"),
	PLACE("mmap", "address of mappings"),
	PLACE("vdso", "address of the vDSO"),
	PLACE("kernel", "address of the kernel"),
	PLACE("kernel-stack", "address of the kernel's stacks"),
	PLACE("kernel-heap", "address of the kernel's heap"),

	FAULT("null-read", "reading address 0 faults", NULL),
	FAULT("null-call", "calling address 0 faults", NULL),
	FAULT("kernel-text", "writing the kernel's text faults", NULL),
	FAULT("program-text", "writing the program's text faults", NULL),
	FAULT("stack-exec", "executing the stack faults", NULL),
	FAULT("data-exec", "executing data faults", NULL),
	FAULT("mmap-exec", "executing new memory faults", "mmap"),
	FAULT("stack-end", "going below the end of the stack faults", NULL),
	FAULT("thread-guard", "guard pages that the program makes fault", "mmap mprotect"),
	FAULT("heap-end", "going beyond the end of the heap faults", "brk"),
	FAULT("unmapped", "using memory that was given back faults", "mmap munmap"),
	FAULT("call-32bit", "the system calls of 32-bit programs fault", NULL),
	{ "heap-integrity", "writing into a freed block of the kernel's heap is noticed", BOTH,
	  .fault = "heap-integrity", .needs = "mmap mprotect munmap", .panics = true },

	{ "compartment", "memory of a compartment faults outside of it", KVM,
	  .fault = "compartment", .needs = "socket", .ulib = "compartment_net" },

	JUDGE("filter", "a filter of system calls around the machine", BOTH, filter),
	JUDGE("privileges", "no new privileges by executing", BOTH, privileges),
	JUDGE("capabilities", "no capabilities", PROC, capabilities),
	JUDGE("namespaces", "namespaces of its own", PROC, namespaces),
	JUDGE("core-dumps", "no core files", PROC, core),
	JUDGE("descriptors", "only the descriptors that it was given", PROC, files),
	JUDGE("empty-root", "an empty root folder", PROC, root),
};
const size_t secure_nprobes = sizeof(secure_probes) / sizeof(secure_probes[0]);

void uc_secure_names(struct uc_vec *out)
{
	for (size_t i = 0; i < secure_nprobes; i++)
		uc_vec_add(out, secure_probes[i].name);
}
