// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_DEB_H
#define UNICORE_DEB_H
/*
 * Debian packages as a source: apt-get finds the dependencies and fetches, the packages are
 * unpacked into the cache (no root needed, no maintainer script is run), and rules say which files
 * an image gets (docs/design/0006-rootfs-closure.md). Functions print their message and return a
 * UC_ST_* status.
 */
#include <unicore/exit.h>
#include <unicore/input.h>
#include <unicore/util.h>

/* Opens PACKAGE[:BINARY] sources (without "deb:") together, as one root; the first gives the
 * program. locked: exactly these packages (file and sha256 are there), or NULL: what they depend
 * on,
 * as apt finds it. */
int uc_deb_open(const char *cache, const struct uc_vec *specs, const struct uc_packages *locked,
		struct uc_input *in);

/* ---- for the parts of the library, and its tests ---- */
struct uc_deb {
	char *file;           /* name_version_arch.deb, as apt-get calls it */
	char *name, *version; /* version with its epoch */
	char *source; /* source package, if it is called otherwise; or NULL */
	char *sha256; /* of the file */
	bool wanted;          /* named by the user, or a companion: all its files are taken */
	struct uc_vec depends, provides; /* package names; alternatives count as several */
	struct uc_vec paths;             /* canonical, in the unpacked root; with folders */
};
struct uc_debs {
	struct uc_deb *v;
	size_t n;
};
/* Names like "zlib1g_1%3a1.2.13.dfsg-1_amd64.deb". false: not of that form. */
bool uc_deb_parse_name(const char *file, char **name, char **version);
/* Valid package name (Debian Policy 5.6.1), so that it cannot be an option of apt-get. */
bool uc_deb_valid_name(const char *name);
/* essential: with the packages that every system has. */
int uc_deb_resolve(const char *cache, const struct uc_vec *names, bool essential,
		   struct uc_debs *out);
/* The packages of a lock in the same form. */
void uc_deb_locked(const struct uc_packages *locked, const struct uc_vec *names,
		   struct uc_debs *out);
int uc_deb_fetch(const char *cache, struct uc_debs *debs);
/* Unpacks all into one root in the cache, or finds it there; fills in->root, in->owners. */
int uc_deb_unpack(const char *cache, struct uc_debs *debs, struct uc_input *in);
/* What a maintainer script does that matters to programs. Values are owned. */
struct uc_deb_effects {
	struct uc_map links;  /* update-alternatives: link -> target */
	struct uc_map users;  /* system user -> home */
	struct uc_vec groups; /* system groups, those of the users too */
	struct uc_map chowns; /* path -> "user[:group]" */
	struct uc_vec dirs;   /* folders made: mkdir, install -d, homes */
};
/* Depends, Pre-Depends and Provides of a control file. */
void uc_deb_control(const char *text, size_t n, struct uc_deb *d);
void uc_deb_script(const char *script, size_t n, struct uc_deb_effects *fx);
void uc_deb_effects_free(struct uc_deb_effects *fx);
/* Makes those links below dir, the unpacked root, whose targets exist; they become files of the
 * targets' packages. */
void uc_deb_link_alternatives(const char *dir, const struct uc_map *links, struct uc_debs *debs);
/* Writes /etc/passwd and /etc/group with the users of all packages; sets owners. Prints;
 * UC_ST_*. */
int uc_deb_accounts(const char *dir, struct uc_deb_effects *fx, struct uc_debs *debs,
		    struct uc_map *owners);
/* Certificates and compiled Python modules below dir. */
int uc_deb_configure(const char *dir, struct uc_debs *debs);
/* Caches that packages make by running their own programs, below dir. What fails is left out. */
void uc_deb_triggers(const char *dir);
/* Chooses files: in->picks, in->by_name. */
void uc_deb_select(const struct uc_debs *debs, struct uc_input *in);
/* Finds the program: in->exec, in->argv[0]. binary may be NULL. */
int uc_deb_program(struct uc_debs *debs, const char *package, const char *binary,
		   struct uc_input *in);
/* Documentation, manuals, translations, headers … are never unpacked. */
bool uc_deb_is_ballast(const char *path);
bool uc_deb_is_program_path(const char *path);
/* Is it a package's copyright file? They are unpacked, but no part of images. */
bool uc_deb_is_copyright(const char *path);
/* Short names of the licences in the copyright file of a package below dir, sorted. */
void uc_deb_licences(const char *dir, const char *package, struct uc_vec *out);
/* The packages that the dpkg of a root has installed, and which of the paths (keys of `wanted`) are
 * of which. Nothing where there is no dpkg. */
void uc_deb_installed(const struct uc_root *root, const struct uc_map *wanted,
		      struct uc_packages *out);
void uc_debs_free(struct uc_debs *debs);
#endif
