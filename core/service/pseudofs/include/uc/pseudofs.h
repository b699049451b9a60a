// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PSEUDOFS_H
#define UC_PSEUDOFS_H
/*
 * File systems whose contents are generated when they are read (/proc, /sys). A tree of entries is
 * registered once; a directory may in addition have children named by numbers (processes, threads,
 * descriptors) that come and go. Context: thread or boot.
 */
#include <uc/vfs.h>

/* Which process, thread and descriptor an object below a numbered directory is about; -1: none. */
struct uc_pseudo_key { int pid, tid, fd; };

struct uc_pseudo_entry;
/* Children named by decimal numbers. */
struct uc_pseudo_numbered {
	int (*next)(const struct uc_pseudo_key *dir,
		    int after); /* smallest number > after, or -1 */
	bool (*exists)(const struct uc_pseudo_key *child);
	enum {
		UC_PSEUDO_PID,
		UC_PSEUDO_TID,
		UC_PSEUDO_FD
	} field; /* of the key that the number becomes */
	struct uc_pseudo_entry *child;
};
struct uc_pseudo_entry {
	const char *name;
	uint32_t mode;                           /* S_IFREG, S_IFDIR or S_IFLNK, and permissions */
	/* Regular file: writes at most cap bytes of the text (a NUL may end it), returns the
	 * length of all of it, or -errno. One of the two. */
	ssize_t (*show)(char *buf, size_t cap, const struct uc_pseudo_key *k);
	ssize_t (*show_pid)(char *buf, size_t cap, int pid);
	/* Takes a whole write (NUL-terminated, n < 4096). n or -errno. NULL: not writable. */
	ssize_t (*store)(const char *text, size_t n, const struct uc_pseudo_key *k);
	/* Symbolic link: text as for readlink(2); and for magic links where it leads,
	 * referenced. */
	ssize_t (*target)(char *buf, size_t cap, const struct uc_pseudo_key *k);
	struct uc_dentry *(*follow)(const struct uc_pseudo_key *k);
	const struct uc_pseudo_numbered *numbered; /* directory */
	int tag; /* not 0: `fd` of the keys of this entry and of all below it */
	/* owned by the engine */
	struct uc_pseudo_entry *next, *children;
	uint32_t serial;
};
struct uc_pseudo_fs {
	struct uc_super sb;                      /* type set by the owner */
	uint32_t magic;                          /* f_type of statfs(2) */
	struct uc_pseudo_entry root;
	/* Owner of the objects of a process. NULL: 0, 0. */
	void (*owner)(const struct uc_pseudo_key *k, uint32_t *uid, uint32_t *gid);
};
/* Adds e (kept, not copied) below the directory `dir` ("" is the root; "sys/kernel" is made if
 * missing). 0, -EEXIST, -ENOMEM. */
int uc_pseudo_add(struct uc_pseudo_fs *fs, const char *dir, struct uc_pseudo_entry *e);
/* The same below an entry that is a directory. */
int uc_pseudo_add_to(struct uc_pseudo_entry *dir, const char *sub, struct uc_pseudo_entry *e);
/* Superblock ready to mount, or UC_ERR_PTR(-ENOMEM); the same one each time. */
struct uc_super *uc_pseudo_super(struct uc_pseudo_fs *fs);

/* Text that is built piece by piece; what does not fit is only counted. */
struct uc_text { char *buf; size_t cap, len; };
void uc_text_printf(struct uc_text *t, const char *fmt, ...) UC_PRINTF(2, 3);
void uc_text_bytes(struct uc_text *t, const void *p, size_t n);
/* The decimal number, at most max, that a write consists of. 0 or -EINVAL. */
int uc_pseudo_parse(const char *text, uint64_t max, uint64_t *out);
/* The whole text of an entry on the heap, NUL added. Length or -errno. */
ssize_t uc_pseudo_text(const struct uc_pseudo_entry *e, const struct uc_pseudo_key *k, char **out);
#endif
