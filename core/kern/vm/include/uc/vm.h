// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_VM_H
#define UC_VM_H
/*
 * Virtual memory of applications: address spaces, areas, demand paging, copy on write.
 * Context: thread. Functions that may fault pages in or call an object may block; they take
 * mm->lock. prot and flags are Linux's PROT_ and MAP_ values. Errors are those of the Linux call
 * they serve.
 */
#include <uc/list.h>
#include <uc/rbtree.h>
#include <uc/sched.h>
#include <uc/types.h>

/* ---- objects: what can be mapped; implemented by file systems and shared memory ---- */
enum uc_vm_access { UC_VM_READ, UC_VM_WRITE /* shared writable mapping */, UC_VM_EXEC };
struct uc_vm_page {
	uc_paddr pa;  /* the page; if it is a RAM frame a reference was added for the mapping */
	uint32_t run; /* pages from here that are physically contiguous, need no reference
			 (image pages) and may be mapped at once; at least 1 */
};
struct uc_vmobj;
struct uc_vmobj_ops {
	void (*ref)(struct uc_vmobj *o);
	void (*unref)(struct uc_vmobj *o);
	/* Page `pgoff` of the object. -EIO, -ENOMEM, or -ERANGE: beyond the end (SIGBUS). May
	 * block. */
	int (*page)(struct uc_vmobj *o, uint64_t pgoff, enum uc_vm_access access,
		    struct uc_vm_page *out);
	/* Writes dirty shared pages back (msync, munmap). Optional. May block. */
	int (*sync)(struct uc_vmobj *o, uint64_t pgoff, uint64_t npages);
	/* Text for /proc/self/maps: path into buf, and device and inode numbers. Optional. */
	void (*describe)(struct uc_vmobj *o, char *buf, size_t cap, uint64_t *dev, uint64_t *ino);
	/* Rewritten text of this file (uc/abi/rewrite.h): stub object, its page count and address
	 * relative to the load bias. NULL: none. Optional. */
	struct uc_vmobj *(*stubs)(struct uc_vmobj *o, uint64_t *stub_vaddr, uint64_t *npages);
};
struct uc_vmobj {
	const struct uc_vmobj_ops *ops;
};

/* Anonymous shared memory of npages (MAP_SHARED|MAP_ANONYMOUS, shmem). Reference count 1, or NULL.
 */
struct uc_vmobj *uc_vm_shm_new(uint64_t npages);

/* ---- address spaces ---- */
struct uc_mm {
	uc_paddr pt_root;
	struct uc_mutex lock; /* protects everything below */
	struct uc_rbtree areas;
	struct uc_list all_link;
	uint32_t refs;
	uint64_t nareas, locked_pages;
	uc_vaddr mmap_base; /* top-down allocation starts here */
	uc_vaddr brk_start, brk;
	uc_vaddr stack_top;
	uint64_t align; /* that the program and its interpreter ask for, bytes */
	uint64_t stack_limit;                            /* RLIMIT_STACK in bytes, for growth */
	uint64_t rss_anon, rss_file, vm_pages, peak_rss; /* pages */
	uint64_t minflt, majflt;
	/* for /proc and prctl(PR_SET_MM) */
	uc_vaddr start_code, end_code, start_data, end_data, arg_start, arg_end, env_start, env_end;
	uint64_t auxv[52];
	unsigned auxv_words;
	struct uc_vmobj *exe;
	char exe_path[256];
};
struct uc_mm *uc_mm_new(void);              /* refs 1; NULL: no memory */
struct uc_mm *uc_mm_fork(struct uc_mm *mm); /* copy on write; NULL: no memory */
void uc_mm_ref(struct uc_mm *mm);
void uc_mm_unref(struct uc_mm *mm); /* last one frees everything */
/* Writes what was changed in shared mappings of files back, of every address space. Thread context;
 * may block; takes each one's lock. */
void uc_vm_write_back_all(void);

#define UC_VM_FIXED_NOREPLACE_INTERNAL 0x80000000u
/* mmap: returns the address or -errno (-EINVAL, -ENOMEM, -EEXIST, -EACCES left to the caller).
 * obj may be NULL (anonymous); a reference is taken. max_prot limits later mprotect. */
int64_t uc_vm_mmap(struct uc_mm *mm, uc_vaddr addr, uint64_t len, int prot, int flags,
		   struct uc_vmobj *obj, uint64_t pgoff, int max_prot);
int uc_vm_munmap(struct uc_mm *mm, uc_vaddr addr, uint64_t len);
int uc_vm_mprotect(struct uc_mm *mm, uc_vaddr addr, uint64_t len, int prot);
int64_t uc_vm_mremap(struct uc_mm *mm, uc_vaddr old, uint64_t old_len, uint64_t new_len, int flags,
		     uc_vaddr new_addr);
int uc_vm_madvise(struct uc_mm *mm, uc_vaddr addr, uint64_t len, int advice);
int uc_vm_msync(struct uc_mm *mm, uc_vaddr addr, uint64_t len, int flags);
int uc_vm_mincore(struct uc_mm *mm, uc_vaddr addr, uint64_t len, uc_uptr vec);
int uc_vm_mlock(struct uc_mm *mm, uc_vaddr addr, uint64_t len, bool lock);
uc_vaddr uc_vm_brk(struct uc_mm *mm, uc_vaddr brk); /* Linux's brk(2) kernel result */
/* Makes pages of [addr, addr+len) present (MAP_POPULATE, kernel use). 0 or -EFAULT/-ENOMEM. */
int uc_vm_populate(struct uc_mm *mm, uc_vaddr addr, uint64_t len, bool write);

/* A page fault. 0: resolved, retry. Else -EFAULT no area (SEGV_MAPERR), -EACCES permission
 * (SEGV_ACCERR), -ERANGE beyond the object (SIGBUS BUS_ADRERR), -EIO, -ENOMEM. May block. */
int uc_vm_fault(struct uc_mm *mm, uc_vaddr addr, bool write, bool exec);
/* Frees all application mappings (execve). */
void uc_vm_clear(struct uc_mm *mm);
/* Physical address behind addr (page brought in), for futexes on shared memory. 0 or -EFAULT. */
int uc_vm_shared_key(struct uc_mm *mm, uc_vaddr addr, uint64_t key[2], bool *shared);

/* One line per area, in address order, for /proc/PID/maps and fault reports. fn returns false to
 * stop. */
struct uc_vm_area_info {
	uc_vaddr start, end;
	int prot;
	bool shared;
	uint64_t offset, dev, ino;
	char name[256];
	uint64_t rss;
};
void uc_vm_for_each(struct uc_mm *mm, bool (*fn)(const struct uc_vm_area_info *, void *),
		    void *arg);

/* Unmaps pages [pgoff, pgoff+n) of o from every address space, so that the next access asks the
 * object again; so also private copies if `copies`, as for what a file has lost at its end. Never
 * blocks and takes no lock: may be called from within o's page(). */
__attribute__((weak)) void uc_vm_invalidate(struct uc_vmobj *o, uint64_t pgoff, uint64_t npages,
					    bool copies);

/* Limits (bytes; UINT64_MAX: none). */
struct uc_vm_limits {
	uint64_t as, data, stack;
};
void uc_vm_set_limits(struct uc_mm *mm, const struct uc_vm_limits *l);
#endif
