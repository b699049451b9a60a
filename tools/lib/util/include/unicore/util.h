// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_UTIL_H
#define UNICORE_UTIL_H
/*
 * Memory, strings, vectors, maps and files for the host tools.
 * Allocation does not return NULL: when the host is out of memory the process ends with
 * UC_ST_OSERR.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#define UC_FMT(f, a) __attribute__((format(printf, f, a)))

void *uc_xmalloc(size_t n) __attribute__((malloc));
void *uc_xzalloc(size_t n) __attribute__((malloc));
void *uc_xrealloc(void *p, size_t n);
/* Room for one more element behind n of `size` bytes, for arrays that only grow this way. */
void *uc_room(void *p, size_t n, size_t size);
char *uc_xstrdup(const char *s);
char *uc_xstrndup(const char *s, size_t n);
char *uc_xasprintf(const char *fmt, ...) UC_FMT(1, 2);

/* Growing bytes; p is NUL-terminated beyond n once something was added. Zero-initialise. */
struct uc_buf {
	char *p;
	size_t n, cap;
};
void uc_buf_add(struct uc_buf *b, const void *data, size_t n);
void uc_buf_str(struct uc_buf *b, const char *s);
void uc_buf_printf(struct uc_buf *b, const char *fmt, ...) UC_FMT(2, 3);
void uc_buf_vprintf(struct uc_buf *b, const char *fmt, va_list ap) UC_FMT(2, 0);
void uc_buf_free(struct uc_buf *b);

/* Owned strings. Zero-initialise. v is NULL-terminated once something was added. */
struct uc_vec {
	char **v;
	size_t n, cap;
};
void uc_vec_add(struct uc_vec *s, const char *str);      /* copies */
void uc_vec_take(struct uc_vec *s, char *str);           /* takes ownership */
bool uc_vec_add_once(struct uc_vec *s, const char *str); /* true if it was new */
bool uc_vec_has(const struct uc_vec *s, const char *str);
void uc_vec_sort(struct uc_vec *s);
void uc_vec_free(struct uc_vec *s);

/* String to pointer, insertion-ordered. Zero-initialise. Keys are copied; values are the
 * caller's. */
struct uc_map {
	struct uc_map_entry {
		char *key;
		void *value;
		uint64_t hash;
	} * e;
	uint32_t *slot;
	size_t n, cap, nslots;
};
void *uc_map_get(const struct uc_map *m, const char *key); /* NULL: absent */
void **uc_map_put(struct uc_map *m, const char *key);      /* slot of a new or existing entry */
void uc_map_sort(struct uc_map *m);                        /* by key, bytewise */
void uc_map_free(struct uc_map *m);

/* What PATH is where nothing else is said. */
#define UC_PATH_DEFAULT "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/* Paths. Results are allocated. */
char *uc_path_join(const char *a, const char *b); /* one slash between */
char *uc_path_dir(const char *path);              /* "/a/b" -> "/a", "/a" -> "/" */
const char *uc_path_base(const char *path);
/* Absolute form without empty, "." and ".." components (".." at the top is dropped); textual
 * only. */
char *uc_path_clean(const char *path);
bool uc_has_prefix(const char *s, const char *prefix);
bool uc_has_suffix(const char *s, const char *suffix);
char *uc_tmp_path(const char *name); /* in $TMPDIR, or in /tmp */
/* path is dir or lies below it; both clean */
bool uc_path_below(const char *path, const char *dir);

/* Index of the first of n sorted entries of `size` bytes that is not before the key, or n. */
size_t uc_lower_bound(const void *base, size_t n, size_t size,
		      bool (*before)(const void *entry, const void *key), const void *key);

/* RFC 4648, section 4. Both results are allocated; that of decoding has a NUL behind its *len
 * bytes. White space may be anywhere in the text; NULL: it is not base64. */
char *uc_base64(const void *data, size_t n);
char *uc_base64_decode(const char *text, size_t n, size_t *len);

/* As text of an HTML or XML page, also within quotes; control characters become `?`. */
void uc_html_bytes(const char *s, size_t n, FILE *f);
void uc_html_text(const char *s, FILE *f);

/* Files. Results are 0 or -errno. */
int uc_file_read(const char *path, size_t max, struct uc_buf *out); /* -EFBIG beyond max */
int uc_file_write(const char *path, const void *data, size_t n,
		  mode_t mode);                                  /* replaces atomically */
int uc_file_copy(const char *from, const char *to, mode_t mode); /* reflink where possible */
int uc_mkdirs(const char *path, mode_t mode);                    /* like mkdir -p */
int uc_rmtree(const char *path);                    /* missing is fine; no crossing of links */
char *uc_readlink_dup(int dirfd, const char *path); /* NULL and errno */
int uc_file_sha256(const char *path, char hex[65]);
/* The file's contents, read-only; *n: its length in bytes. The caller unmaps it. NULL: it is empty
 * or cannot be read. */
char *uc_file_map(const char *path, size_t *n);
/* Are these n bytes anywhere in the file? false if it cannot be read. */
bool uc_file_mentions(const char *path, const char *text, size_t n);

/* A path (which must stay valid) that is removed with all it holds if a signal ends the process
 * before the matching pop. */
void uc_cleanup_push(const char *path);
void uc_cleanup_pop(void);

/* CLOCK_MONOTONIC. */
static inline uint64_t uc_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* SHA-1 of a file (FIPS 180-4), which SPDX asks for; not for security. 0 or -errno. */
int uc_file_sha1(const char *path, char hex[41]);
void uc_sha1(const void *data, size_t n, char hex[41]);

/* SHA-256, FIPS 180-4. */
struct uc_sha256 {
	uint32_t h[8];
	uint64_t len;
	uint8_t block[64];
};
void uc_sha256_init(struct uc_sha256 *s);
void uc_sha256_add(struct uc_sha256 *s, const void *data, size_t n);
void uc_sha256_end(struct uc_sha256 *s, uint8_t out[32]);
void uc_sha256_hex(struct uc_sha256 *s, char hex[65]);

/*
 * Runs argv[0] (found by PATH) and waits. cwd NULL: ours. out/err NULL: inherited; else collected.
 * Returns the exit status 0..255, 128+N for a signal, or -errno when it could not be started.
 */
int uc_run(const char *const argv[], const char *cwd, struct uc_buf *out, struct uc_buf *err);
#endif
