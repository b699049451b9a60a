// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_VMM_H
#define UNICORE_VMM_H
/*
 * Starts a virtual machine for an image: boot bundle, QEMU command line, process.
 * Functions that can fail on the user's account print their message (unicore/msg.h) and return a
 * UC_ST_* status, 0 for success.
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <unicore/util.h>
#include <unicore/vmnet.h>

enum uc_plat { UC_PLAT_KVM, UC_PLAT_LINUX };
enum uc_machine { UC_MACHINE_MICROVM, UC_MACHINE_Q35, UC_MACHINE_PC };
enum uc_accel { UC_ACCEL_AUTO, UC_ACCEL_KVM, UC_ACCEL_TCG };
extern const char *const uc_plat_names[];
extern const char *const uc_machine_names[]; /* NULL-terminated, by enum */
extern const char *const uc_accel_names[];

/* ---- what is known about the host, measured once per boot and kept in the cache folder ---- */
struct uc_host {
	uint64_t tsc_hz; /* 0: not constant or not known */
	bool kvm;        /* hardware virtualisation that works and is fast */
};
void uc_host_get(struct uc_host *h);
/* ~/.cache/unicore or what XDG_CACHE_HOME says; created. Allocated; NULL when there is none. */
char *uc_cache_dir(void);

/* ---- boot bundle (uc/abi/bootparam.h) ---- */
struct uc_bundle {
	struct uc_buf params;
	bool fixed; /* without random numbers of the host */
};
/* Adds `key=value`. The value holds no NUL by construction. */
void uc_bundle_add(struct uc_bundle *b, const char *key, const char *fmt, ...) UC_FMT(3, 4);
/* Makes the blob in a file without a name; root NULL: without root image. The descriptor through
 * *fd. */
int uc_bundle_seal(const struct uc_bundle *b, const char *root, int *fd);
void uc_bundle_free(struct uc_bundle *b);

/* Size of the bundle with a root image of so many bytes (0: without). */
uint64_t uc_bundle_bytes(const struct uc_bundle *b, uint64_t root_bytes);

/* ---- kernel ---- */
struct uc_kernel {
	uint64_t bytes;	     /* of its file */
	uint64_t memory_end; /* in the guest's physical memory; of a process: its own addresses */
	uint32_t entry;	     /* physical address of its PVH entry; 0: it has none */
};
/* Prints; 0 or a status. process: the kernel is one for the linux platform. */
int uc_kernel_measure(const char *path, bool process, struct uc_kernel *k);

/* Root images up to this size travel in the bundle (copied), larger ones are shared memory. */
#define UC_ROOT_INLINE_MAX (1024u * 1024u)

/* ---- volumes: HOST:GUEST[:ro|rw] ---- */
struct uc_volume {
	char *host, *guest; /* host: absolute, exists and is a folder */
	bool ro;
};
int uc_volume_parse(const char *spec, struct uc_volume *out);
void uc_volume_free(struct uc_volume *v);

/* ---- the machine ---- */
/* Memory at the top of RAM that the machine type keeps for itself, bytes. */
uint64_t uc_machine_reserved(enum uc_machine machine);
struct uc_vm_opts {
	const char *qemu; /* program: a name to find in PATH or a path */
	enum uc_machine machine;
	enum uc_accel accel; /* KVM or TCG: decided */
	uint64_t memory;     /* bytes, a multiple of 1 KiB */
	const char *kernel;
	uint32_t entry;	       /* physical address of its PVH entry */
	uint64_t bundle_bytes;
	const char *root;   /* image file to share, or NULL */
	uint64_t root_size; /* its size: a power of two */
	const struct uc_volume *volumes;
	size_t nvolumes;
	const struct uc_net *net; /* NULL: none */
	/* Starts that are prepared (unicore/prepared.h), on microvm. Above 0: a file of the size
	 * of memory, which RAM is to be. prepared: the bundle is an ELF file of all that is in
	 * memory. */
	int record_fd;
	bool prepared;
	bool rng;
	bool sandbox;             /* seccomp filter around the VMM (costs half a millisecond) */
	const char *gdb;          /* "PORT" to wait for a debugger, or NULL */
	const char *const *extra; /* further QEMU arguments, NULL-terminated, or NULL */
};
/* Descriptors as the VMM's process sees them. */
struct uc_vm_fds {
	int con, early, bundle, firmware, record;
};
/* What the guest is told about devices on microvm (the kernel's command line). Allocated. */
char *uc_vm_cmdline(const struct uc_vm_opts *o);
/* The whole command line. Pure. */
void uc_vm_argv(const struct uc_vm_opts *o, const struct uc_vm_fds *fds, struct uc_vec *argv);

struct uc_vm {
	pid_t pid;
	int con_fd, early_fd, err_fd; /* our ends, non-blocking */
	uint64_t start_ns;            /* CLOCK_MONOTONIC right before the process was made */
	uint64_t peak_bytes;          /* set by uc_vm_stop: largest resident set */
};
/*
 * Starts the VM; it is killed when the calling thread ends. Takes ownership of bundle_fd.
 * child_setup: called in the child between fork and exec, or NULL.
 */
int uc_vm_start(const struct uc_vm_opts *o, int bundle_fd, void (*child_setup)(void),
		struct uc_vm *vm);
/* Ends it now, if it has not ended, and waits for it. */
void uc_vm_stop(struct uc_vm *vm);

/*
 * Makes a file usable as shared memory: its size must be a power of two. Extends it (the added part
 * is a hole) if necessary and permitted. 0 or -errno; *size: the size to use.
 */
int uc_root_prepare(const char *path, uint64_t *size);

/* Text for the user about a VMM that ended by itself: "exit status 1", "killed by signal 9
 * (Killed)". */
const char *uc_wait_text(int wait_status, char *buf, size_t cap);

#endif
