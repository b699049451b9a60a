// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_LINK_H
#define UNICORE_LINK_H
/*
 * The last step of a build: one `ld` run over the µlib archives gives the kernel of an image. The
 * generated system-call table names only the wanted calls; archive resolution and section garbage
 * collection drop the rest. No compiler is needed.
 *
 * Functions print their message and return a UC_ST_* status, 0 for success.
 */
#include <unicore/exit.h>
#include <unicore/members.h>
#include <unicore/util.h>

/* The program with all commands, in the folder of uc_libdir. */
#define UC_TOOLS_PROGRAM "unicore-tools"
/* Where it and the archives are: $UNICORE_LIBDIR; else that program's folder if it is what runs, or
 * ../lib/unicore beside the running program. Allocated. */
char *uc_libdir(void);
char *uc_libdir_arch(const char *arch); /* "x86_64" */
/* Path of a file of the installation for x86_64, or of the folder given if not NULL. Allocated. */
char *uc_libfile(const char *libdir, const char *name);

/* ---- syscalls.tab: numbers and names (the format is described in the file) ---- */
#define UC_SYSTAB_MAX 1024
struct uc_systab {
	char *name[UC_SYSTAB_MAX]; /* by number; NULL where there is none */
	bool path[UC_SYSTAB_MAX];  /* takes the path of a file, not just of one to execute */
	bool restarts[UC_SYSTAB_MAX]; /* goes on by restart_syscall */
	unsigned n;                /* one more than the highest number */
	struct uc_vec parts;       /* rules: "NAME [CALL [ARGUMENT MASK [not] VALUE...]]" */
};
#define UC_SYSTAB_FILE "syscalls.tab"
int uc_systab_load(const char *path, struct uc_systab *out);
/* That of uc_libfile; the caller frees it, which it may after an error, too. */
int uc_systab_installed(const char *libdir, struct uc_systab *out);
/* Parses text; on failure -EINVAL and *line is where. */
int uc_systab_parse(const char *text, size_t n, struct uc_systab *out, unsigned *line);
int uc_systab_number(const struct uc_systab *t, const char *name);          /* -1: unknown */
const char *uc_systab_nearest(const struct uc_systab *t, const char *name); /* or NULL */
void uc_systab_free(struct uc_systab *t);

/* ---- parts of handlers (lines `part` of syscalls.tab) ---- */
/* In a list of calls: !NAME, a part that none of them needs. */
#define UC_NO_PART '!'
/* What the argument of a call can be: NULL with 0: anything. */
typedef const uint32_t *uc_part_values(void *arg, const char *call, const char *argument,
				       size_t *n);
/* Adds the names of the parts that an image with these calls is linked with; NULL: all. */
void uc_parts_needed(const struct uc_systab *t, const struct uc_vec *calls, struct uc_vec *out);
/* Adds !NAME for each part that the calls would bring, but their arguments do not need. */
void uc_parts_exclude(const struct uc_systab *t, uc_part_values *values, void *arg,
		      struct uc_vec *calls);
/* Of what executes programs: the part that starts scripts. */
#define UC_PART_SCRIPT "script"

/* ---- ulibs.tab: one line per archive ---- */
enum uc_ulib_link { UC_ULIB_NEEDED, UC_ULIB_ALWAYS, UC_ULIB_OPTION };
struct uc_ulib {
	char *archive, *layer, *name, *provides; /* provides: NULL if none */
	char *paths; /* of an option: it is linked if the image mentions one of these;
			* NULL: if is_default */
	char *platform; /* the only one it is for, or NULL */
	char *calls;    /* images with one of these calls get it of those that provide the same,
			 * or NULL */
	enum uc_ulib_link link;
	bool is_default, chosen;
};
struct uc_ulibs {
	struct uc_ulib *v;
	size_t n;
};
int uc_ulibs_load(const char *path, struct uc_ulibs *out);
/* That of uc_libfile; the caller frees it, which it may after an error, too. */
int uc_ulibs_installed(const char *libdir, struct uc_ulibs *out);
/* Where an image can run: by itself on a (virtual) machine, or as a process of Linux. */
#define UC_PLATFORM_KVM	  "kvm"
#define UC_PLATFORM_LINUX "linux"
/* What an image is linked from. */
struct uc_ulib_choice {
	const char *platform; /* UC_PLATFORM_* */
	/* "INTERFACE=NAME"; NAME is that of an µlib that provides the interface, with or without
	 * the "INTERFACE_" prefix */
	const struct uc_vec *choose;
	const struct uc_vec *with, *without; /* names of optional µlibs; with wins */
	/* Does a file of the image have this text in it? NULL: yes, each. */
	bool (*mentions)(void *arg, const char *text);
	void *arg;
	/* that the image may make, and UC_CALLS_PATH if one of them takes the path of a file;
	 * NULL: every call */
	const struct uc_vec *calls;
};
#define UC_CALLS_PATH "@path"
#define UC_CALL_RESTART "restart_syscall"
/* Begins the names of optional µlibs that make a part of the kernel a compartment. */
#define UC_COMPARTMENT "compartment_"
int uc_ulibs_choose(struct uc_ulibs *u, const struct uc_ulib_choice *c);
/* Is it "INTERFACE=NAME", or an optional µlib? where: a place to name, or NULL. Prints; UC_ST_*. */
int uc_ulibs_check_choice(struct uc_ulibs *u, const char *choice, const char *where);
int uc_ulibs_check_option(const struct uc_ulibs *u, const char *name, const char *where);
/* Names of the µlibs that a kernel with this choice, but every call, is linked from. Prints;
 * UC_ST_*. */
int uc_link_ulibs(const char *libdir, const struct uc_ulib_choice *c, struct uc_vec *out);
/* The choices that lead to the µlibs of an image again, as in struct uc_ulib_choice; what is for
 * platform linux alone is left to the rules, because the list is that of the other. */
void uc_ulibs_again(const struct uc_ulibs *u, const struct uc_vec *list, struct uc_vec *choose,
		    struct uc_vec *with, struct uc_vec *without);
void uc_ulibs_free(struct uc_ulibs *u);

#define UC_HANDLER "uc_sys_"
/* Adds the names X of all symbols of the form prefix X that the archive defines. 0 or -errno
 * (-EINVAL: no archive). */
int uc_archive_names(const char *archive, const char *prefix, struct uc_map *names);

/* Reads a list of system-call names, and of parts that they do not need (!NAME): one a line, `#`
 * starts a comment. Unknown names are an error. */
int uc_calls_load(const char *path, const struct uc_systab *tab, struct uc_vec *out);
/* The same for names from elsewhere; path is named in messages. */
int uc_calls_check(const char *path, const struct uc_vec *names, const struct uc_systab *tab,
		   struct uc_vec *out);

struct uc_link {
	/* in */
	const char *libdir; /* archives, kernel.ld, syscalls.tab, ulibs.tab of one architecture */
	const char *outdir; /* gets kernel and kernel.debug; must exist */
	const char *name;   /* of the kernel's file; NULL: "kernel" */
	bool quiet;         /* no warnings about calls that are missing */
	bool explain;       /* fill in members */
	const struct uc_vec *calls; /* wanted names; NULL: every call that has a handler */
	struct uc_ulib_choice choice;
	/* out, owned by this struct */
	struct uc_vec linked,
		missing;     /* calls in the image; wanted calls that no µlib implements */
	struct uc_vec ulibs; /* names of the µlibs given to the linker */
	uint64_t kernel_bytes;
	struct uc_members members; /* if explain: what it was linked from, and why */
};
int uc_link_kernel(struct uc_link *l);
void uc_link_free(struct uc_link *l);
#endif
