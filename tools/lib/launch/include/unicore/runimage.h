// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_RUNIMAGE_H
#define UNICORE_RUNIMAGE_H
/*
 * From what the user named to an image that can be started. IMAGE is a folder made by `unicore
 * build`; any other source is built into the cache and used from there the next time.
 */
#include <stdbool.h>
#include <stdint.h>

#include <unicore/util.h>
#include <unicore/vmm.h>

struct uc_run_image {
	char *dir, *kernel, *root;   /* root NULL: the image has none */
	char *kernel_linux;          /* for platform linux; NULL: the image has none */
	char *exec, *cwd, *hostname, *digest; /* NULL: not given */
	struct uc_vec argv, env;
	size_t argv_fixed;    /* leading arguments that stay when the user gives others */
	bool few_calls;       /* it was built with some of the system calls only */
	struct uc_vec calls_missing; /* wanted, but not implemented */
	struct uc_vec ulibs;  /* what the kernel was linked from; empty: not known */
	struct uc_vec ulibs_all; /* the same with every call; empty: not known */
	/* Its calls are those found in its own code, which is in these folders, which runs programs
	 * and which opens libraries by names of its own. */
	bool own_code, programs_run, libraries_opened;
	struct uc_vec folders;
	struct uc_vec programs, users, groups; /* name, text, name, text (docs/schema/image.json) */
	uint64_t memory;     /* 0: no default */
	uint64_t root_bytes; /* size of the root image as built; 0: not given */
	int loglevel;        /* -1: not given */
	bool trace;          /* the kernel can trace system calls */
	uint32_t uid, gid;
};

/* Reads and checks an image folder. Prints its message; 0 or a UC_ST_* status. */
int uc_run_image_load(const char *dir, struct uc_run_image *img);
/* Decodes the text of image.json (untrusted). NULL, or why it cannot be used (static or in why). */
const char *uc_run_image_decode(const char *text, size_t n, struct uc_run_image *img,
				char why[256]);
void uc_run_image_free(struct uc_run_image *img);

/* Do kernel and root have the digest that the description gives? Reads them whole. true as well if
 * it gives none. */
bool uc_run_image_intact(const struct uc_run_image *img);

/* Path of a program that the user names: as it is with a slash, else by the image's PATH. NULL:
 * there is none. */
const char *uc_run_image_program(const struct uc_run_image *img, const char *name);
struct uc_run_user {
	uint32_t uid, gid;
	const char *home; /* of the image */
};
/* USER[:GROUP] by names of the image or numbers; spec NULL: the image's own. Prints. */
int uc_run_image_user(const struct uc_run_image *img, const char *spec, struct uc_run_user *out);

/* ---- a kernel for this run ---- */
struct uc_run_ways { /* by which code may come in */
	const char *exec; /* that is started */
	const struct uc_volume *volumes;
	const char *const *env; /* NAME or NAME=VALUE, given for the run */
	size_t nvolumes, nenv;
};
/* May code run that the image's calls were not found for? false: they were not found so. */
bool uc_run_image_foreign(const struct uc_run_image *img, const struct uc_run_ways *w);
/* Is it a variable that leads the loader or the C library to other code? */
bool uc_run_loads_code(const char *setting);
struct uc_run_kernel {
	enum uc_plat plat;
	const struct uc_vec *with; /* micro-libraries that the image's kernel lacks */
	bool all;                  /* every call */
};
/* The image's own, or one that is linked and kept. *kernel is allocated. Prints; 0 or a status. */
int uc_run_image_kernel(const struct uc_run_image *img, const struct uc_run_kernel *want,
			char **kernel);
/* Links it into a folder. Prints; 0 or a status. */
int uc_run_link(const struct uc_run_image *img, const struct uc_run_kernel *want, const char *dir);

/* Is it an image folder (it has an image.json)? */
bool uc_is_image(const char *path);
/* Finds or builds the image of a source. exec: program to start if the source is a folder or
 * an OCI layout, or NULL. *dir is allocated. Prints; 0 or a status. */
int uc_run_source(const char *source, const char *exec, bool rebuild, char **dir);

#endif
