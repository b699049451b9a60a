// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_INPUT_H
#define UNICORE_INPUT_H
/*
 * What one source of an image turned out to be: a file system root of the host, what of it is
 * wanted, and how its program is started. Filled by the readers of each kind of source.
 */
#include <unicore/package.h>
#include <unicore/root.h>
#include <unicore/util.h>

struct uc_input {
	const char *spec;       /* the source as written, for messages */
	struct uc_root root;    /* root.dir is owned */
	struct uc_map owners;   /* path -> struct uc_owner, owned; used when not empty */
	struct uc_map by_name;  /* file name -> path, owned: libraries outside the search path */
	bool whole;             /* the complete root goes into the image */
	struct uc_vec picks;    /* paths that go into the image besides the closure */
	struct uc_packages packages; /* what the root was made of, as far as is known */
	char *exec;             /* path of the program in the root; NULL: none is named */
	struct uc_vec argv;     /* argv[0] first */
	size_t fixed_args; /* arguments that stay when the user gives others (at least argv[0]) */
	bool free_program; /* other arguments replace argv[0] too (an OCI command without entry
	                      point) */
	struct uc_vec env;
	char *cwd, *user;
};
/* Path of the program `name` in the root: by the input's PATH, or relative to its cwd. Allocated;
 * NULL: not in PATH. */
char *uc_input_program(const struct uc_input *in, const char *name);
void uc_input_free(struct uc_input *in);
#endif
