// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_ARCH_H
#define UC_ARCH_H
/*
 * What an architecture provides to the layers above, and the upcalls it makes (bound by core/boot).
 * The application runs at the kernel's privilege level in the lower half of the address space; the
 * kernel never touches vector registers.
 */
#include <uc/types.h>
#include <uc/archregs.h> /* struct uc_regs: full integer register state of an application thread */

/* ---- register access, names common to all architectures ---- */
uint64_t uc_regs_sysnr(const struct uc_regs *r);
uint64_t uc_regs_arg(const struct uc_regs *r, unsigned i); /* i = 0..5 */
void uc_regs_set_ret(struct uc_regs *r, uint64_t v);
uint64_t uc_regs_ret(const struct uc_regs *r);
uint64_t uc_regs_pc(const struct uc_regs *r);
void uc_regs_set_pc(struct uc_regs *r, uint64_t pc);
/* Where to resume so that the interrupted system call is issued again with its number
 * (uc_regs_sysnr) in the number register; valid however the call came in. */
uint64_t uc_regs_restart_pc(const struct uc_regs *r);
uint64_t uc_regs_sp(const struct uc_regs *r);
void uc_regs_set_sp(struct uc_regs *r, uint64_t sp);
/* Register state that starts an application at pc with stack sp, everything else zero. */
void uc_regs_start(struct uc_regs *r, uint64_t pc, uint64_t sp);

/* ---- thread context ---- */
#define UC_KSTACK_SIZE 16384u /* includes nothing else; a guard page lies below when mapped */
/* Maps UC_KSTACK_SIZE bytes of contiguous memory at pa as a kernel stack with an unmapped guard
 * below. Lowest address, or NULL: no memory. Context: thread or boot. */
void *uc_arch_kstack_map(uc_paddr pa);
/* Undoes it; returns pa. Not for the stack that is running. */
uc_paddr uc_arch_kstack_unmap(void *stack);
struct uc_ctx {
	uint64_t sp;  /* saved kernel stack pointer while switched out */
	uint64_t tls; /* application's thread pointer */
	void *fpu; /* extended state area, uc_arch_fpu_size() bytes, 64-byte aligned; NULL: none */
	uint64_t kstack_top; /* the application's uc_regs live right below: see uc_ctx_regs() */
};
/* Makes a context that, when first switched to, calls fn(arg) on the given kernel stack. */
void uc_ctx_init(struct uc_ctx *c, void *kstack_top, void (*fn)(void *), void *arg);
/* Switches kernel stacks, thread pointer and extended state. Interrupts may be on. Returns when
 * someone switches back to `from`. */
void uc_ctx_switch(struct uc_ctx *from, struct uc_ctx *to);
/* The application registers of a thread that is inside the kernel (valid from entry to return). */
struct uc_regs *uc_ctx_regs(const struct uc_ctx *c);
/* Leaves the kernel into the application with *uc_ctx_regs(current). Does not return. */
UC_NORETURN void uc_ctx_enter_app(struct uc_ctx *c);
/* Thread pointer of the running thread (takes effect at once). -EPERM if not canonical. */
int uc_arch_set_tls(struct uc_ctx *c, uint64_t tls);
uint64_t uc_arch_tls(const struct uc_ctx *c);

/* ---- extended (vector) state ---- */
size_t uc_arch_fpu_size(void);
void uc_arch_fpu_init(void *area); /* ABI start state */
void uc_arch_fpu_save(void *area); /* running CPU -> area */
/* Validates (untrusted contents allowed) and loads. -EINVAL if the state is malformed. */
int uc_arch_fpu_restore(const void *area);

/* ---- signal frames: layout of the Linux ABI ---- */
struct uc_sigframe_in {
	int sig;
	uint64_t handler, restorer, flags, mask; /* of the sigaction; mask to restore on return */
	const void *siginfo;                     /* 128 bytes, Linux layout */
	uint64_t altstack_sp, altstack_size;
	uint32_t altstack_flags; /* to record in uc_stack */
	uint64_t sp;             /* stack to build on (already the alternate one if due) */
	uint64_t fault_addr, fault_err, fault_trapno; /* sigcontext cr2/err/trapno */
};
/* Writes the frame to the application stack and points r at the handler. 0 or -EFAULT. */
int uc_sigframe_push(struct uc_regs *r, const struct uc_sigframe_in *in);
/* Undoes it: r and extended state from the frame at r's sp; returns mask through *mask and the
 * saved alternate stack through *ss_sp, *ss_size, *ss_flags. 0, -EFAULT or -EINVAL. */
int uc_sigframe_pop(struct uc_regs *r, uint64_t *mask, uint64_t *ss_sp, uint64_t *ss_size,
		    uint32_t *ss_flags);

/* ---- interrupts ---- */
uint64_t uc_irq_save(void); /* disables, returns previous state */
void uc_irq_restore(uint64_t s);
/* Enables interrupts and waits for one. Call with them disabled after finding nothing to do, so
 * that a wake-up in between is not lost. */
void uc_cpu_idle(void);
static inline void uc_cpu_relax(void);
static inline uint64_t uc_cycles(void);      /* the time stamp counter */
static inline void *uc_percpu_current(void); /* the running thread (struct uc_thread) */
static inline void uc_percpu_set_current(void *p);
/* Orders all earlier stores before all later loads as seen by device threads of the machine, also
 * where the emulator leaves out barriers of single-processor guests. Costs an exit there. */
void uc_cpu_device_fence(void);
/* Hardware random number: number of bytes (0..8) stored in *out; 0: not available. */
unsigned uc_arch_hwrandom(uint64_t *out);

/* ---- address translation ---- */
enum { /* page table permissions */
	UC_PT_R = 1,
	UC_PT_W = 2,
	UC_PT_X = 4,
	UC_PT_NOCACHE = 8, /* device memory */
	UC_PT_USER = 16,   /* lower half (bookkeeping only: same privilege) */
	UC_PT_COPY = 32,   /* a mark without effect, also of an entry without permissions */
};
typedef uint64_t uc_pte;
/* Root of a new address space whose upper half is the kernel's. 0: no memory. */
uc_paddr uc_pt_new(void);
/* Frees the tables of the lower half and the root. Leaf frames are the caller's. */
void uc_pt_free(uc_paddr root);
void uc_pt_activate(uc_paddr root);
void uc_pt_activate_kernel(void); /* tables without a lower half */
uc_paddr uc_pt_current(void);
/* Slot for va's 4 KiB entry, or NULL (absent and !create, or no memory). A 2 MiB leaf on the way is
 * split. */
uc_pte *uc_pt_slot(uc_paddr root, uc_vaddr va, bool create);
/* Do the entries of a and b lie in one table, as those of neighbours do side by side? */
static inline bool uc_pt_same_table(uc_vaddr a, uc_vaddr b) { return !((a ^ b) >> 21); }
uc_pte uc_pte_make(uc_paddr pa, unsigned perm);
bool uc_pte_present(uc_pte e);
uc_paddr uc_pte_addr(uc_pte e);
unsigned uc_pte_perm(uc_pte e);
bool uc_pte_dirty(uc_pte e);
/* Maps 2 MiB at aligned va and pa. 0 or -ENOMEM/-EEXIST. */
int uc_pt_map_2m(uc_paddr root, uc_vaddr va, uc_paddr pa, unsigned perm);
/* The 2 MiB leaf covering va, or 0. */
uc_pte uc_pt_2m(uc_paddr root, uc_vaddr va);
void uc_pt_clear_2m(uc_paddr root, uc_vaddr va);
/* First va in [va, end) with a non-zero entry (present, or kept without permission); end if none.
 */
uc_vaddr uc_pt_next_used(uc_paddr root, uc_vaddr va, uc_vaddr end);
/* Entries of the current root for [start, end) changed other than from absent. */
void uc_tlb_flush(uc_vaddr start, uc_vaddr end);
void uc_tlb_flush_all(void);
/* Kernel address of physical memory (direct map: all RAM; image and device ranges after
 * uc_arch_map_phys). */
void *uc_phys_to_virt(uc_paddr pa);
uc_paddr uc_virt_to_phys(const void *va);
/* Adds a physical range outside RAM to the direct map. Address or NULL (no memory). */
void *uc_arch_map_phys(uc_paddr pa, uint64_t len, unsigned perm);

/*
 * ---- protection keys: rights to pages of the kernel that change without the page tables ----
 * Rights are two bits for each key: no access, no writing. Key 0 is that of all other pages.
 */
#define UC_KEYS 16u
#define UC_KEY_DENY(key) (1u << 2 * (key))
/* Turns them on, with every right. Boot. 0 or -ENODEV: the processor has none. */
int uc_arch_keys_start(void);
/* Gives pages of the direct map or the image a key. 0 or -ENOMEM (some may have it). */
int uc_arch_keys_set(void *start, uint64_t len, unsigned key);
/* Context: any. */
void uc_arch_keys_load(uint32_t rights);

/* ---- application memory: see uc/user.h ---- */

/* ---- information for the ABI ---- */
const char *uc_arch_name(void); /* uname machine: "x86_64" */
uint64_t uc_arch_hwcap(void);
uint64_t uc_arch_hwcap2(void);
uint64_t uc_arch_minsigstksz(void);
/* /proc/cpuinfo text for one CPU into buf, as Linux prints it. Returns the length. */
int uc_arch_cpuinfo(char *buf, size_t cap);

/* ---- upcalls, bound by core/boot ---- */
/* An application system call. The registers are uc_ctx_regs(current); the dispatcher stores the
 * result. */
void uc_upcall_syscall_slow(struct uc_regs *r);
/* Before returning to the application when the attention flag is set: signals, reschedule, deferred
 * work. */
void uc_upcall_attention(struct uc_regs *r);
enum uc_fault_kind {
	UC_FAULT_PAGE,
	UC_FAULT_ILLEGAL,
	UC_FAULT_ARITH,
	UC_FAULT_FPU,
	UC_FAULT_BREAK,
	UC_FAULT_STEP,
	UC_FAULT_PROT,
	UC_FAULT_ALIGN,
	UC_FAULT_OTHER
};
struct uc_fault {
	enum uc_fault_kind kind;
	uint64_t addr;             /* faulting data address; pc for others */
	bool write, exec, present; /* UC_FAULT_PAGE */
	uint64_t err, trapno;      /* architectural values for sigcontext */
};
/* A fault in the application (interrupts on, on the thread's kernel stack). On return the
 * application resumes. */
void uc_upcall_app_fault(struct uc_regs *r, const struct uc_fault *f);
/* A page fault of a kernel access to application memory. 0: retry; negative: the copy fails with
 * -EFAULT. May block. */
int uc_upcall_user_access_fault(uint64_t addr, bool write);
/* Zeroed frame for a page table; 0: none. And its release. */
uc_paddr uc_upcall_pt_alloc(void);
void uc_upcall_pt_free(uc_paddr pa);

/* ---- attention flag of the running CPU ---- */
/* Something must be looked at before the next return to the application. Context: any. */
void uc_cpu_set_attention(void);
static inline void uc_percpu_clear_attention(void);

#include <uc/archinline.h>
#endif
