// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_LOCK_H
#define UNICORE_LOCK_H
/*
 * unicore.lock: exactly what an image is made from (docs/man/unicore.lock.5). Packages with version
 * and checksum, all other files with theirs. The text is untrusted.
 */
#include <stdio.h>

#include <jansson.h>

#include <unicore/package.h>

#define UC_LOCK_NAME "unicore.lock"

struct uc_lock {
	json_t *doc;                 /* NULL: there is none */
	struct uc_vec sources;       /* the deb: sources that the packages are for */
	struct uc_packages packages; /* name, version, file, sha256 are there */
};
/* NULL, or why the text cannot be used (in why); *out is empty then. */
const char *uc_lock_decode(const char *text, size_t n, struct uc_lock *out, char why[256]);
/* A missing file is no error. Prints; UC_ST_*. */
int uc_lock_load(const char *path, struct uc_lock *out);
void uc_lock_free(struct uc_lock *l);
/* Lists what differs between two documents, one thing a line, at most `max`. How many there are. */
size_t uc_lock_compare(const json_t *was, const json_t *is, size_t max, FILE *f);
#endif
