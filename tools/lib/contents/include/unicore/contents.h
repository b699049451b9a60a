// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_CONTENTS_H
#define UNICORE_CONTENTS_H
/*
 * contents.json of an image (docs/schema/contents.json): what is in it and why, and views of that.
 * Functions that print return a UC_ST_* status, 0 for success.
 */
#include <stdio.h>

#include <jansson.h>

#include <unicore/link.h>
#include <unicore/util.h>

/* Of the image folder dir. NULL after a message; *status. */
json_t *uc_contents_load(const char *dir, int *status);
/* Decodes the text; NULL and why it cannot be used. */
json_t *uc_contents_decode(const char *text, size_t n, char why[256]);

/* Why what is in the image: a file or library, a µlib or one of its objects, a system call. */
int uc_contents_why(const json_t *c, const char *image, const char *what, bool as_json, FILE *f);
/* Why a system call is not, or that it is. */
int uc_contents_why_not(const json_t *c, const struct uc_systab *tab, const char *image,
			const char *call, bool as_json, FILE *f);

/* ---- sizes ---- */
/* A tree of sizes: kernel by µlib, object and section, root by package and file. Largest first. */
struct uc_sizes {
	char *name, *note; /* note: NULL, or why it is there */
	uint64_t bytes;
	struct uc_sizes *v;
	size_t n;
};
void uc_contents_sizes(const json_t *c, struct uc_sizes *out);
void uc_sizes_free(struct uc_sizes *s);
void uc_sizes_text(const struct uc_sizes *s, FILE *f);
void uc_sizes_json(const struct uc_sizes *s, FILE *f);
/* Treemaps that need nothing else: a drawing, and a page with it. */
void uc_sizes_svg(const struct uc_sizes *s, FILE *f);
void uc_sizes_html(const struct uc_sizes *s, FILE *f);

/* ---- bill of materials ---- */
struct uc_spdx {
	const char *digest;  /* of the image */
	const char *root;    /* folder with the files of the root file system */
	const char *libdir;  /* of the micro-libraries, for external ones */
	const char *version; /* of unicore */
	uint64_t created;    /* seconds since the epoch */
};
/* SPDX 2.3, JSON. NULL after a message. */
json_t *uc_contents_spdx(const json_t *c, const struct uc_spdx *s, int *status);
/* SPDX licence expression for a short name of a copyright file; false: SPDX has none, out is
 * "LicenseRef-…". */
bool uc_spdx_licence(const char *name, char *out, size_t cap);
#endif
