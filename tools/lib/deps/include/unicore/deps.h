// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_DEPS_H
#define UNICORE_DEPS_H
/*
 * What a program depends on: shared libraries, library calls, system calls, each with a reason
 * (docs/design/0013). Static analysis finds a set that holds every call the program can make, or
 * says where it cannot tell (`unresolved`).
 */
#include <unicore/code.h>
#include <unicore/rootfs.h>

/* ---- result ---- */
enum uc_deps_role {
	UC_DEPS_PROGRAM, /* what is started */
	UC_DEPS_LOADER,  /* its ELF interpreter */
	UC_DEPS_LIBRARY,
	UC_DEPS_PLUGIN, /* opened at run time */
	UC_DEPS_OTHER,  /* a program that the program may execute */
};
struct uc_deps_file {
	char *path, *soname;
	char *host;  /* where it is on this machine */
	char *why;   /* "needed by /bin/x", … */
	uint32_t by; /* index of the file that needs it; itself if none */
	enum uc_deps_role role;
	bool musl;
	bool set_id; /* has a set-user-ID or set-group-ID bit */
	bool opens; /* may open libraries by names of its own */
	size_t functions, reached; /* functions there are by unwind information; reached ones */
};
struct uc_deps_step { /* of a witness path, from what is started to the instruction */
	uint32_t file;
	uint64_t function, at; /* start of the function; where it goes on to the next */
	char *name;            /* of the function; NULL: none is known */
	bool data;             /* not a function but an object of data with its address */
};
struct uc_deps_path {
	struct uc_deps_step *v;
	size_t n;
};
#define UC_DEPS_NUMBERS 1024 /* beyond the kernel's highest */
#define UC_DEPS_ARGS    2
struct uc_deps_arg { /* what an argument can be, ascending */
	uint32_t *v;
	size_t n;
	bool asked, unknown; /* unknown: and other values */
};
struct uc_deps_call {
	unsigned nr;
	char *name; /* of another architecture's call; else NULL */
	struct uc_deps_path via;
	size_t sites; /* places in reached code that make it */
	/* ioctl request, fcntl cmd, prctl option; socket domain, type; setsockopt level, optname;
	 * futex op; mmap flags */
	struct uc_deps_arg arg[UC_DEPS_ARGS];
	bool by_loader; /* nothing but the loader, where it is not the C library, makes it */
	bool privileged; /* only who runs with other rights than its user's makes it */
	bool steady; /* only what main leads to makes it */
};
struct uc_deps_unknown { /* a system call whose number is not known */
	char *why;
	struct uc_deps_path via;
};
struct uc_deps_use { /* a file that code names by an absolute path */
	char *path;
	uint32_t file; /* whose code it is */
	uint64_t at;
	char *name; /* of the function; NULL: none is known */
	bool executed;
};
struct uc_deps_import { /* a function of one file that another calls */
	char *name, *version;
	uint32_t file, to; /* to: UINT32_MAX: nobody has it */
};
struct uc_deps {
	struct uc_deps_file *files;
	struct uc_deps_call *calls; /* by number */
	struct uc_deps_unknown *unknown;
	struct uc_deps_import *imports;
	struct uc_deps_use *uses;
	size_t nfiles, ncalls, nunknown, nimports, nuses;
	const char *arch; /* another than x86_64, or NULL */
	bool analysed;    /* uc_deps_analyse has run */
	bool partial;     /* the work had to be cut short: nothing is known for sure */
};

/* Adds the objects of a closed root. */
void uc_deps_add(struct uc_deps *d, const struct uc_rootfs *r);
/* Is the file a program of another architecture that is known a little? */
bool uc_deps_is_foreign(const char *root, const char *path);
/* Its libraries, imports and, by linear scan, system calls. root NULL: this machine's. Prints;
 * UC_ST_*. */
int uc_deps_foreign(struct uc_deps *d, const char *root, const char *path, bool allow_missing);
/* Finds the calls. Prints; UC_ST_*. */
int uc_deps_analyse(struct uc_deps *d);
const struct uc_deps_call *uc_deps_find(const struct uc_deps *d, unsigned nr); /* or NULL */
struct uc_deps_call *uc_deps_call(struct uc_deps *d, unsigned nr);             /* found or made */
void uc_deps_free(struct uc_deps *d);
#endif
