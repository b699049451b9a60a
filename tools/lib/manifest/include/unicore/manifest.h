// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_MANIFEST_H
#define UNICORE_MANIFEST_H
/*
 * unicore.yaml: a build described in a file. The schema is in docs/man/unicore.yaml.5; what the
 * command line says wins. The text is untrusted; the decoder names the line of what it refuses.
 */
#include <stdint.h>

#include <unicore/util.h>

struct uc_manifest_file {
	char *from; /* on the host, relative to the manifest; NULL if text is given */
	char *to;   /* in the image; NULL: the host's absolute path */
	char *text; /* content */
	size_t len;
	int mode; /* -1: the host file's, or 0644 for text */
	unsigned line;
};

struct uc_manifest { /* everything owned; what is not said is NULL, empty, -1 or 0 */
	char *name, *exec, *argv0, *cwd, *user, *hostname, *root;
	struct uc_vec sources, args, env, with, without,
		choose;      /* env: NAME=VALUE; choose: INTERFACE=NAME */
	struct uc_vec calls; /* names */
	struct uc_manifest_mark {
		unsigned line, column;
	} *call_marks, *choose_marks, *with_marks, *without_marks; /* where each of them is */
	struct uc_manifest_mark user_mark;
	char *calls_file;
	struct uc_vec *workloads; /* arguments of runs that show what the program does */
	size_t nworkloads;
	struct uc_manifest_file *files;
	size_t nfiles;
	uint64_t memory; /* bytes for `unicore run` */
	int loglevel;
	bool has_args, has_calls, allow_missing;
};

struct uc_manifest_error {
	unsigned line, column;   /* from 1 */
	char why[200], fix[200]; /* fix may be empty */
};

/* 0, or -EINVAL with *err filled and *out empty. */
int uc_manifest_parse(const char *text, size_t n, struct uc_manifest *out,
		      struct uc_manifest_error *err);
void uc_manifest_free(struct uc_manifest *m);
#endif
