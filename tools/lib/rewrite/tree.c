// SPDX-License-Identifier: BSD-3-Clause
/* Collects the results of all ELF files of a tree into one file of the image. */
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <uc/abi/rewrite.h>
#include <unicore/rewrite.h>

#define PAGE 4096ull

struct entry {
	uint64_t path_hash, size;
	struct uc_rw_result res;
};
struct tree {
	struct entry *e;
	size_t n;
	struct uc_rewrite_stats *stats;
};

static int by_hash(const void *a, const void *b)
{
	uint64_t x = ((const struct entry *)a)->path_hash, y = ((const struct entry *)b)->path_hash;
	return (x > y) - (x < y);
}

static uint64_t hash_of(const char *path)
{
	uint64_t h = UC_RW_HASH_ROOT;
	while (*path)
		h = uc_rw_hash_step(h, *path++);
	return h;
}

/* Two files with one hash cannot be told apart: both are left as they are and trap. */
static void drop_equal_hashes(struct tree *t)
{
	size_t kept = 0;
	for (size_t i = 0, next; i < t->n; i = next) {
		for (next = i + 1; next < t->n && !by_hash(&t->e[i], &t->e[next]);)
			next++;
		if (next == i + 1)
			t->e[kept++] = t->e[i];
		else
			while (i < next)
				uc_rewrite_free(&t->e[i++].res);
	}
	t->n = kept;
}

static void take_file(struct tree *t, const char *file, const char *guest_path, uint64_t size)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return;
	uint8_t head[4];
	void *map = MAP_FAILED;
	if (pread(fd, head, 4, 0) == 4 && !memcmp(head, "\177ELF", 4))
		map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		return;
	struct entry e = { .size = size };
	if (uc_rewrite_elf(map, size, &e.res)) {
		e.path_hash = hash_of(guest_path);
		t->e = uc_xrealloc(t->e, (t->n + 1) * sizeof(*t->e));
		t->e[t->n++] = e;
		t->stats->files++;
		t->stats->sites += e.res.sites;
	}
	t->stats->sites_left += e.res.sites_left;
	munmap(map, size);
}

static int walk(struct tree *t, const char *root)
{
	char *const roots[] = { (char *)root, NULL };
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	if (!fts)
		return -errno;
	size_t skip = strlen(root);
	while (skip && root[skip - 1] == '/')
		skip--;
	for (FTSENT *f; (f = fts_read(fts));)
		if (f->fts_info == FTS_F && S_ISREG(f->fts_statp->st_mode) &&
		    f->fts_statp->st_size >= 64)
			take_file(t, f->fts_path, f->fts_path + skip,
				  (uint64_t)f->fts_statp->st_size);
	fts_close(fts);
	return 0;
}

static void pad(struct uc_buf *b, uint64_t align)
{
	static const uint8_t zero[PAGE];
	if (b->n % align)
		uc_buf_add(b, zero, align - b->n % align);
}

/* Header and file table first; maps behind them; then the page-aligned data. */
static void serialise(const struct tree *t, struct uc_buf *out)
{
	struct uc_rw_hdr h = { UC_RW_MAGIC, UC_RW_VERSION, (uint32_t)t->n, 0 };
	struct uc_rw_file *f = uc_xzalloc((t->n + 1) * sizeof(*f));
	struct uc_buf meta = { 0 }, data = { 0 };
	uint64_t meta_base = sizeof(h) + t->n * sizeof(*f), maps = 0;
	for (size_t i = 0; i < t->n; i++)
		maps += t->e[i].res.npages * sizeof(struct uc_rw_page);
	uint64_t data_base = (meta_base + maps + PAGE - 1) / PAGE * PAGE;
	for (size_t i = 0; i < t->n; i++) {
		const struct uc_rw_result *r = &t->e[i].res;
		f[i] = (struct uc_rw_file){ .path_hash = t->e[i].path_hash,
					    .map_off = meta_base + meta.n,
					    .size = t->e[i].size,
					    .stub_vaddr = r->stub_vaddr,
					    .npages = (uint32_t)r->npages,
					    .nsites = r->sites,
					    .nsites_left = r->sites_left };
		for (size_t p = 0; p < r->npages; p++) {
			struct uc_rw_page pg = { r->pages[p].pgoff,
						 (uint32_t)((data_base + data.n) / PAGE) };
			uc_buf_add(&meta, &pg, sizeof(pg));
			uc_buf_add(&data, r->pages[p].data, PAGE);
		}
		f[i].stub_off = data_base + data.n;
		f[i].stub_pages = (uint32_t)((r->stubs.n + PAGE - 1) / PAGE);
		uc_buf_add(&data, r->stubs.p, r->stubs.n);
		pad(&data, PAGE);
	}
	h.total_len = data_base + data.n;
	uc_buf_add(out, &h, sizeof(h));
	uc_buf_add(out, f, t->n * sizeof(*f));
	uc_buf_add(out, meta.p, meta.n);
	pad(out, PAGE);
	while (out->n < data_base)
		uc_buf_add(out, "", 1);
	uc_buf_add(out, data.p, data.n);
	uc_buf_free(&meta);
	uc_buf_free(&data);
	free(f);
}

int uc_rewrite_tree(const char *rootdir, struct uc_rewrite_stats *stats)
{
	struct tree t = { .stats = stats };
	char *path = uc_path_join(rootdir, UC_REWRITE_PATH), *dir = uc_path_dir(path);
	memset(stats, 0, sizeof(*stats));
	if (unlink(path) && errno != ENOENT && errno != ENOTDIR) {
		int e = -errno;
		free(path);
		free(dir);
		return e;
	}
	int r = walk(&t, rootdir);
	if (!r && t.n) {
		struct uc_buf out = { 0 };
		qsort(t.e, t.n, sizeof(*t.e), by_hash);
		drop_equal_hashes(&t);
		serialise(&t, &out);
		stats->bytes = out.n;
		r = uc_mkdirs(dir, 0755);
		if (!r)
			r = uc_file_write(path, out.p, out.n, 0444);
		/* The umask must not take part: the modes are what the image shows. */
		if (!r && (chmod(dir, 0755) || chmod(path, 0444)))
			r = -errno;
		uc_buf_free(&out);
	}
	for (size_t i = 0; i < t.n; i++)
		uc_rewrite_free(&t.e[i].res);
	free(t.e);
	free(path);
	free(dir);
	return r;
}
