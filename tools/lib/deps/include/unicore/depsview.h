// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_DEPSVIEW_H
#define UNICORE_DEPSVIEW_H
/*
 * The result of an analysis as a document (docs/schema/deps.json), which is what is kept, compared
 * and shown. Functions that print return a UC_ST_* status, 0 for success.
 */
#include <stdio.h>

#include <jansson.h>

#include <unicore/deps.h>
#include <unicore/json.h>
#include <unicore/link.h>

#define UC_DEPS_REPORT "unicore.deps/1"

/* A new document. sources: as on the command line. */
json_t *uc_deps_report(const struct uc_deps *d, const struct uc_systab *tab,
		       const struct uc_vec *sources);
/* Reads a document from a file. NULL after a message. */
json_t *uc_deps_load(const char *path);

/*
 * Runs argv (argv[0]: the file; `name`: what it is given for it, or NULL) under the tracer and adds
 * to the document which calls it and its children make; with_needs: also which of them it does as
 * well without, by running it again without each.
 */
int uc_deps_trace(json_t *doc, const struct uc_systab *tab, const struct uc_vec *argv,
		  const char *name, bool with_needs);

void uc_deps_show_text(const json_t *doc, bool paths, FILE *f);
void uc_deps_show_dot(const json_t *doc, FILE *f);
/* One page that needs nothing else: search, folding, why-paths. */
void uc_deps_show_html(const json_t *doc, FILE *f);
/* A drawing by Graphviz in a file. */
int uc_deps_draw(const json_t *doc, const char *path);
/* Why a system call (name or number) or library is there, or that it is not. */
int uc_deps_explain(const json_t *doc, const struct uc_systab *tab, const char *what, FILE *f);
/* What b has that a has not, and the other way round. Returns whether they differ. */
bool uc_deps_compare(const json_t *a, const json_t *b, bool as_json, FILE *f);
/* "file:function" of a step of a path; buf is used. */
const char *uc_deps_step_text(const json_t *step, char *buf, size_t cap);

/* ---- kept results ---- */
struct uc_deps_cache;
struct uc_deps_cache *uc_deps_cache_open(const char *dir); /* NULL: there is none, after a note */
void uc_deps_cache_close(struct uc_deps_cache *c);
/* By what was asked for (`key`), if no file it was made from has changed. NULL: not there. */
json_t *uc_deps_cache_ask(struct uc_deps_cache *c, const char *key);
/* By the contents of the files. */
json_t *uc_deps_cache_find(struct uc_deps_cache *c, const struct uc_deps *d);
void uc_deps_cache_put(struct uc_deps_cache *c, const char *key, const struct uc_deps *d,
		       const json_t *doc);
#endif
