// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_BUILD_H
#define UNICORE_BUILD_H
/*
 * Makes an image from sources. An image is a folder: `kernel` (and kernel.debug), `root.erofs`,
 * `image.json` (docs/schema/image.json). Functions print their message and return a UC_ST_*
 * status, 0 for success.
 */
#include <stdint.h>
#include <stdio.h>

#include <unicore/exit.h>
#include <unicore/util.h>

struct uc_build { /* what is wanted; strings are the caller's unless noted */
	struct uc_vec
		sources;    /* PATH, deb:PACKAGE[:BINARY], dir:ROOTFS, oci:LAYOUT[:TAG], *.yaml */
	const char *out;    /* folder to make; replaced if it holds an image */
	bool force;         /* replace whatever is at `out` */
	const char *root;   /* source root of PATH sources; NULL: the host's */
	const char *cache;  /* NULL: $XDG_CACHE_HOME/unicore, or ~/.cache/unicore */
	const char *exec;   /* program in the image; NULL: the source tells */
	struct uc_vec args; /* arguments after argv[0]; replaces those of the source if has_args */
	bool has_args;
	bool given_args; /* they come from the command line, not from a manifest */
	const char *argv0;                 /* NULL: as the source says */
	struct uc_vec env;                 /* NAME=VALUE, added to those of the source */
	const char *cwd, *user, *hostname; /* NULL: as the source says */
	struct uc_vec add;                 /* HOST, HOST:GUEST */
	bool allow_missing;
	bool own_names;       /* as of uc_rootfs: for what runs on the root, not in an image */
	bool no_rewrite;      /* leave system-call sites to the trap */
	const char *calls;    /* all, static, traced, merged, or a file with the names of wanted
			       * calls; NULL: static */
	struct uc_vec choose; /* INTERFACE=NAME */
	struct uc_vec with;   /* optional micro-libraries */
	struct uc_vec without;     /* optional micro-libraries that are left out in any case */
	int loglevel;         /* -1: the guest's default */
	const char *name;     /* NULL: from the program */
	const char *lock;     /* file; NULL: unicore.lock beside a manifest, else none */
	bool locked;          /* fail if anything would differ from it */
	bool keep_lock;       /* use it, but do not write it */
	bool inputs;          /* list in the image, as `inputs`, which files it was made from */
	uint64_t memory;      /* bytes that `unicore run` gives by default; 0: it decides */
};

struct uc_build_report { /* owned */
	char *exec, *digest;
	char *why_all; /* every call is linked, although analysis was to choose; NULL: not so */
	uint64_t kernel_bytes, root_bytes, image_bytes;
	size_t files, dirs, links, calls;
};

/* Changes *b: a manifest among the sources is merged into it; do not use it again. */
int uc_build_image(struct uc_build *b, struct uc_build_report *rep);
/* Writes the lock of these sources as they are now, unless dry; f gets what changed, one thing a
 * line. */
int uc_build_update(struct uc_build *b, bool dry, FILE *f);
/* Only finds the ELF files that an image of these sources would have; b->out is not used. */
struct uc_deps;
int uc_build_closure(struct uc_build *b, struct uc_deps *deps);
void uc_build_free(struct uc_build *b); /* the vectors */
void uc_build_report_free(struct uc_build_report *rep);

/* Seconds since the epoch that all files of an image have: $SOURCE_DATE_EPOCH, or 2000-01-01. */
uint32_t uc_image_mtime(void);
/* Unpacks a root file system below dir, which must not exist. Prints; UC_ST_*. */
int uc_erofs_extract(const char *image, const char *dir);

/* ---- other kernels for an image ---- */
struct uc_run_image;
struct uc_relink {
	const char *platform;      /* UC_PLATFORM_* (unicore/link.h) */
	const char *dir, *name;    /* folder, which exists, and name of the kernel to make */
	const struct uc_vec *with; /* optional micro-libraries it gets besides the image's */
	bool all;                  /* every system call; else those that the image has */
};
/* Prints; UC_ST_*. */
int uc_image_relink(const struct uc_run_image *img, const struct uc_relink *r);

/* ---- shrinking ---- */
struct json_t;
/* Makes in dir, which exists, an image with the same root whose kernels log what is used
 * (uc/abi/used.h). Prints; UC_ST_*. */
int uc_shrink_probe(const struct uc_run_image *img, const char *dir);
/* Makes in dir, which exists, the image without some files. paths: canonical, of files and links;
 * contents: of the image, is changed accordingly. Prints; UC_ST_*. */
int uc_shrink_make(const struct uc_run_image *img, struct json_t *contents,
		   const struct uc_vec *paths, const char *dir);

/* Are the files that a list of inputs names as they were? */
bool uc_inputs_unchanged(const char *file);

/* Where downloads and unpacked sources are kept: `given`, or the default. Created. Allocated; NULL
 * and a message on failure. */
char *uc_build_cache_dir(const char *given);
#endif
