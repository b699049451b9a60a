// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_PACKAGE_H
#define UNICORE_PACKAGE_H
/* Packages of a distribution, and which file is of which. */
#include <unicore/util.h>

struct uc_package { /* owned; NULL: not known */
	char *name, *version, *arch;
	char *source;           /* name of the source package */
	char *file;             /* name of the package's file */
	char *sha256;           /* of that file, hexadecimal */
	struct uc_vec licences; /* short names as its copyright file has them, sorted */
};
struct uc_packages {
	struct uc_package *v;
	size_t n;
	struct uc_map of; /* path -> index + 1 of its package, as a pointer */
};
/* A new one; both copied. The pointer is good until the next. */
struct uc_package *uc_packages_add(struct uc_packages *p, const char *name, const char *version);
/* NULL: of none. */
const struct uc_package *uc_packages_of(const struct uc_packages *p, const char *path);
void uc_packages_free(struct uc_packages *p);
#endif
