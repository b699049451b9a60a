// SPDX-License-Identifier: BSD-3-Clause
/*
 * Starts that are kept from one run to the next (docs/design/0020-prepared-starts.md), in
 * $XDG_RUNTIME_DIR/unicore/start, else in start of the cache folder: what was run once leaves an
 * empty file, what was run twice its memory, what cannot be kept a byte.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <unicore/msg.h>
#include <unicore/prepared.h>

#include "internal.h"
#include "kept.h"

#define KEPT_MAX   64u   /* files; the ones that were not used for longest go */
#define RECORDINGS 6u    /* tables of two may have different shapes by chance */
#define RECORD_NS  10000000000ull /* a guest that is not there by then never is */

static void random_bytes(void *p, size_t n)
{
	for (uint8_t *at = p; n;) {
		ssize_t r = getrandom(at, n, 0);

		if (r < 0 && errno != EINTR)
			abort(); /* no secret is better than a known one: never */
		if (r <= 0)
			continue;
		at += r;
		n -= (size_t)r;
	}
}

/* ---- name: everything that the memory depends on ---- */

static void add_file(struct uc_sha256 *s, const char *path)
{
	struct stat st;

	if (stat(path, &st))
		memset(&st, 0, sizeof(st));
	uc_key_inode(s, &st);
	uc_sha256_add(s, &st.st_ctim, sizeof(st.st_ctim)); /* may have been written in place */
}

/* As execvp finds it. */
static void add_program(struct uc_sha256 *s, const char *name)
{
	const char *dirs = getenv("PATH");

	if (strchr(name, '/') || !dirs) {
		add_file(s, name);
		return;
	}
	for (const char *d = dirs; d; d = strchr(d, ':') ? strchr(d, ':') + 1 : NULL) {
		char *dir = uc_xstrndup(d, strcspn(d, ":")), *path = uc_path_join(dir, name);
		bool found = !access(path, X_OK);

		if (found)
			add_file(s, path);
		free(path);
		free(dir);
		if (found)
			return;
	}
}

static char *kept_dir(void)
{
	const char *run = getenv("XDG_RUNTIME_DIR");
	char *base = run && *run == '/' ? uc_path_join(run, "unicore") : uc_cache_dir();
	char *dir = base ? uc_path_join(base, "start") : NULL;

	free(base);
	if (dir && uc_mkdirs(dir, 0700) < 0) {
		free(dir);
		return NULL;
	}
	return dir;
}

static char *kept_path(const char *dir, const struct uc_vm_opts *vo, const struct uc_bundle *b,
		       const char *root)
{
	const uint64_t memory = vo->memory;
	struct uc_sha256 s;
	char hex[65];

	uc_sha256_init(&s);
	uc_sha256_add(&s, &memory, sizeof(memory));
	add_file(&s, "/proc/self/exe");
	add_file(&s, vo->kernel);
	if (root)
		add_file(&s, root);
	add_program(&s, vo->qemu);
	uc_sha256_add(&s, b->params.p, b->params.n);
	uc_sha256_hex(&s, hex);
	return uc_path_join(dir, hex);
}

/* ---- recording ---- */

/* Waits for the end; false: the guest said something, or does not end. */
static bool hear_nothing(const struct uc_vm *vm)
{
	const uint64_t until = uc_now_ns() + RECORD_NS;
	char c;

	for (uint64_t now; (now = uc_now_ns()) < until;) {
		struct pollfd p = { .fd = vm->early_fd, .events = POLLIN };

		if (poll(&p, 1, (int)((until - now) / 1000000) + 1) <= 0)
			continue;
		ssize_t n = read(vm->early_fd, &c, 1);

		if (n > 0)
			return false;
		if (!n || (errno != EAGAIN && errno != EINTR))
			return true;
	}
	return false;
}

static int record(const struct uc_vm_opts *vo, const struct uc_bundle *b, const char *root,
		  struct uc_memory *out)
{
	struct uc_vm_opts o = *vo;
	int bundle, fd = memfd_create("unicore-record", MFD_CLOEXEC);
	struct uc_vm vm;

	if (fd < 0)
		return -errno;
	o.record_fd = fd;
	if (ftruncate(fd, (off_t)vo->memory) || uc_bundle_seal(b, root, &bundle) ||
	    uc_vm_start(&o, bundle, NULL, &vm)) {
		close(fd);
		return -EIO;
	}
	bool quiet = hear_nothing(&vm);

	uc_vm_stop(&vm);
	int rc = quiet ? uc_memory_map(fd, vo->memory, out) : -EINVAL;

	if (rc)
		close(fd);
	return rc;
}

static void drop(struct uc_memory *m)
{
	if (!m->p)
		return;
	uc_memory_unmap(m);
	close(m->fd);
	m->p = NULL;
}

static int record_and_compare(const struct uc_vm_opts *vo, const struct uc_bundle *b,
			      const char *root, struct uc_start *out)
{
	struct uc_memory a = { 0 }, c = { 0 };
	const char *why = "the guest has something to say, or does not come so far";
	int rc = -EAGAIN;

	for (unsigned i = 0; i < RECORDINGS && rc == -EAGAIN; i++) {
		drop(&a);
		a = c;
		c = (struct uc_memory){ 0 };
		rc = record(vo, b, root, &c);
		if (rc)
			break;
		rc = a.p ? uc_start_compare(&a, &c, out, &why) : -EAGAIN;
	}
	drop(&a);
	drop(&c);
	if (rc)
		uc_note(1, "this start cannot be prepared: %s", why);
	return rc;
}

/* Bundle of a recording: the same, with a seed. */
static int make(const struct uc_vm_opts *vo, const struct uc_bundle *b, const char *root,
		struct uc_start *out)
{
	struct uc_bundle seeded = { .fixed = true };
	uint64_t seed;

	random_bytes(&seed, sizeof(seed));
	uc_buf_add(&seeded.params, b->params.p, b->params.n);
	uc_bundle_add(&seeded, "prepare", "%llu", (unsigned long long)(seed | 1));
	struct uc_vm_opts o = *vo;

	o.bundle_bytes += uc_bundle_bytes(&seeded, 0) - uc_bundle_bytes(b, 0);
	int rc = record_and_compare(&o, &seeded, root, out);

	explicit_bzero(&seed, sizeof(seed));
	uc_bundle_free(&seeded);
	return rc;
}

/* ---- keeping ---- */

/* Another instance that does the same at this moment does no harm: files are replaced as a
 * whole. */
static void keep(const char *path, const void *data, size_t n)
{
	int rc = uc_file_write(path, data, n, 0600);

	if (rc) {
		uc_note(1, "%s: cannot keep a prepared start: %s", path, strerror(-rc));
		return;
	}
	char *dir = uc_path_dir(path);

	uc_kept_prune(dir, 0, KEPT_MAX);
	free(dir);
}

static int make_and_keep(const char *path, const struct uc_vm_opts *vo, const struct uc_bundle *b,
			 const char *root, struct uc_start *out)
{
	struct uc_buf file = { 0 };
	int rc = make(vo, b, root, out);

	if (!rc)
		uc_start_encode(out, &file);
	else
		uc_buf_add(&file, "-", 1);
	keep(path, file.p, file.n);
	uc_buf_free(&file);
	return rc;
}

static int load(const char *path, struct uc_start *out)
{
	size_t n;
	char *file = uc_file_map(path, &n);
	int rc = file ? uc_start_decode(file, n, out) : -EINVAL;

	if (file)
		munmap(file, n);
	if (!rc)
		uc_kept_used(path);
	return rc;
}

static bool place(const struct uc_start *s, int *fd)
{
	struct uc_buf elf = { 0 };
	bool done = !uc_start_place(s, random_bytes, &elf);

	if (done) {
		*fd = memfd_create("unicore-start", MFD_CLOEXEC);
		done = *fd >= 0 && write(*fd, elf.p, elf.n) == (ssize_t)elf.n;
		if (!done && *fd >= 0)
			close(*fd);
		explicit_bzero(elf.p, elf.n);
	}
	uc_buf_free(&elf);
	return done;
}

bool launch_prepared(const struct uc_vm_opts *vo, const struct uc_bundle *b, const char *root,
		     int *fd)
{
	char *dir = kept_dir(), *path = dir ? kept_path(dir, vo, b, root) : NULL;
	struct uc_start s = { 0 };
	struct stat st;
	bool done = false;

	if (path && lstat(path, &st))
		keep(path, "", 0);
	else if (path && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
		 !(st.st_size ? load(path, &s) : make_and_keep(path, vo, b, root, &s)))
		done = place(&s, fd);
	uc_start_free(&s);
	free(path);
	free(dir);
	return done;
}
