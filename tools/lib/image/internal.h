// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_IMAGE_INTERNAL_H
#define UNICORE_IMAGE_INTERNAL_H
#include <jansson.h>

#include <unicore/build.h>
#include <unicore/deps.h>
#include <unicore/input.h>
#include <unicore/link.h>
#include <unicore/manifest.h>
#include <unicore/rewrite.h>
#include <unicore/rootfs.h>
#include <unicore/tree.h>

/* Turns a source into an input; locked: the packages of deb: sources, or NULL: apt finds them. */
int uc_source_open(const struct uc_build *b, const struct uc_packages *locked, const char *spec,
		   struct uc_input *in);

/* Does a file of the tree (struct uc_tree *) that comes from a source have this text in it? */
bool uc_tree_mentions(void *tree, const char *text);

/* Adds a file or folder of the host; guest NULL: at its own path; mode -1: its own. what: for
 * messages. */
int uc_add_host(struct uc_tree *t, const char *host, const char *guest, int mode, const char *what);
int uc_add_spec(struct uc_tree *t, const char *spec); /* HOST[:GUEST] */

/* Manifests among the sources. What is applied points into *m, which must live as long as the
 * build. */
bool uc_is_manifest(const char *source);
int uc_manifest_load(const char *path, struct uc_manifest *m);
void uc_manifest_apply(struct uc_build *b, const char *path, struct uc_manifest *m);
int uc_manifest_files(struct uc_tree *t, const char *path, const struct uc_manifest *m);

/* Which system calls to link. */
struct uc_calls_wanted {
	const char *exec;            /* what is started, in the tree */
	const char *policy;          /* --calls; NULL: static, without a warning */
	const struct uc_vec *env;    /* of the program */
	const struct uc_vec *listed; /* NULL, or names from list_path instead */
	const char *list_path;
	struct uc_deps *deps;
	const struct uc_tree *tree;
	const struct uc_vec *sources;
	const char *cache;          /* folder where results are kept, or NULL */
	const char *program, *argv0; /* of this machine, for traced runs; NULL: it has none */
	const struct uc_vec *workloads; /* arguments of each traced run */
	size_t nworkloads;
};
struct uc_calls_found {
	const char *policy; /* as asked for; "listed": from a file */
	bool all;           /* every call; calls is empty */
	char *why_all;      /* although analysis was asked for; or NULL */
	struct uc_vec calls;
	json_t *report; /* docs/schema/deps.json; NULL: nothing was analysed or traced */
};
bool uc_calls_policy(const char *word); /* is it one, not a file's name? */
/* Prints; UC_ST_*. */
int uc_image_calls(const struct uc_calls_wanted *w, const struct uc_systab *tab,
		   struct uc_calls_found *out);
/* Warns of files that the code names by absolute paths, that a source has and the image lacks. */
void uc_image_warn_named(const struct uc_tree *tree, const struct uc_input *in, size_t nin,
			 const json_t *report);
void uc_calls_found_free(struct uc_calls_found *f);

/* unicore.lock: the sources that its packages are for; what it says of an image. */
void uc_lock_sources(const struct uc_vec *sources, struct uc_vec *out);
json_t *uc_lock_make(const struct uc_vec *sources, const struct uc_input *in, size_t nin,
		     const struct uc_tree *t);

/* Lists the tree's files of the host (uc_inputs_unchanged). 0 or -errno. */
int uc_inputs_write(const struct uc_tree *t, const char *file);

/* Text of a file of the tree, allocated; NULL: there is none. */
char *uc_tree_read(const struct uc_tree *t, const char *path);

/* Programs in the folders of PATH, name -> path; /etc/passwd as name -> "UID:GID:HOME", /etc/group
 * as name -> "GID". Values are allocated. */
void uc_image_programs(const struct uc_tree *t, const struct uc_vec *env, struct uc_map *out);
void uc_image_accounts(const struct uc_tree *t, struct uc_map *users, struct uc_map *groups);

/* uid and gid of "NAME", "NAME:GROUP", "UID", "UID:GID" by the tree's /etc/passwd and
 * /etc/group. where: to name in messages, or NULL. */
int uc_user_lookup(const struct uc_tree *t, const char *user, const char *where, uint32_t *uid,
		   uint32_t *gid);

/*
 * Writes the tree into an EROFS image; scratch is a folder for the staged copy. With stats,
 * system-call sites are rewritten (unicore/rewrite.h).
 */
int uc_erofs_make(struct uc_tree *t, const char *scratch, const char *out,
		  struct uc_rewrite_stats *stats);

/* The same from a folder; the volume's UUID is a hash of the seed. */
int uc_erofs_again(const char *dir, const char *seed, const char *out);
/* Pads the root file system for sharing; *bytes: its size before. Prints; UC_ST_*. */
int uc_image_finish_root(const char *erofs, uint64_t *bytes);
/* Covers what is run: kernel, then root file system. Allocated; NULL after a message. */
char *uc_image_digest(const char *dir);

struct uc_image { /* what image.json says */
	const char *name, *exec, *cwd, *hostname;
	uint32_t uid, gid;
	size_t fixed;
	uint64_t memory;
	int loglevel;
	bool trace;
	const struct uc_vec *argv, *env, *sources;
	const struct uc_input *in; /* what the sources were found to be */
	size_t nin;
	const struct uc_tree *tree;
	const struct uc_link *link;
	const struct uc_vec *ulibs_all; /* the same with every call */
	const struct uc_calls_found *found;
	const struct uc_deps *deps;
	const struct uc_build_report *rep;
	const struct uc_rewrite_stats *rewrite; /* NULL: not done */
};
int uc_image_json(const struct uc_image *i, const char *path);

struct uc_contents { /* what contents.json says */
	const char *name;
	const struct uc_input *in;
	size_t nin;
	const struct uc_tree *tree;
	const struct uc_link *link;
	const struct uc_calls_found *found;
};
/* Prints; UC_ST_*. */
int uc_image_contents(const struct uc_contents *c, const char *path);
/* Writes a document as a file, indented. Takes it over. Prints; UC_ST_*. */
int uc_json_write(json_t *doc, const char *path);
#endif
