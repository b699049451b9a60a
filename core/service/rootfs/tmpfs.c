// SPDX-License-Identifier: BSD-3-Clause
/* tmpfs: the file system without an image, and its mount options (tmpfs(5)). */
#include <uc/fmt.h>
#include <uc/part.h>
#include "rootfs_impl.h"

UC_PART(tmpfs);

struct options { uint32_t mode; uint64_t uid, gid, pages; };

struct uc_super *uc_tmpfs_new(uint32_t root_mode)
{
	struct rootfs *fs = rfs_super_new("tmpfs");
	struct uc_super *sb = NULL;
	if (!fs)
		return UC_ERR_PTR(-ENOMEM);
	int r = rfs_super_finish(fs, rfs_make(fs, NULL, S_IFDIR | (root_mode & 07777)), &sb);
	return r ? UC_ERR_PTR(r) : sb;
}

/* A number of bytes with k, m or g, or a percentage of memory; in pages. */
static int parse_size(char *text, uint64_t *pages)
{
	struct uc_frame_stats st;
	size_t n = strlen(text);
	uint64_t v;
	unsigned shift = 0;
	char last = n ? text[n - 1] : 0;
	bool percent = last == '%';
	switch (last) {
	case 'k': case 'K': shift = 10; break;
	case 'm': case 'M': shift = 20; break;
	case 'g': case 'G': shift = 30; break;
	}
	if (shift || percent)
		text[n - 1] = 0;
	if (uc_parse_u64(text, 10, &v) || v > UINT64_MAX >> 31)
		return -EINVAL;
	uc_frame_stats(&st);
	*pages = percent ? st.total * v / 100 : UC_PAGE_UP(v << shift) >> UC_PAGE_SHIFT;
	return 0;
}

static int parse_one(char *key, char *value, struct options *o)
{
	uint64_t v;
	if (!strcmp(key, "mode")) {
		if (uc_parse_u64(value, 8, &v) || v > 07777)
			return -EINVAL;
		o->mode = (uint32_t)v;
		return 0;
	}
	if (!strcmp(key, "uid"))
		return uc_parse_u64(value, 10, &o->uid);
	if (!strcmp(key, "gid"))
		return uc_parse_u64(value, 10, &o->gid);
	if (!strcmp(key, "size"))
		return parse_size(value, &o->pages);
	if (!strcmp(key, "nr_blocks"))
		return uc_parse_u64(value, 10, &o->pages);
	return -EINVAL;
}

static int parse(char *text, struct options *o)
{
	while (*text) {
		char *end = strchr(text, ','), *next = end ? end + 1 : text + strlen(text);
		if (end)
			*end = 0;
		char *eq = strchr(text, '=');
		if (eq)
			*eq = 0;
		int r = *text ? parse_one(text, eq ? eq + 1 : text + strlen(text), o) : 0;
		if (r)
			return -EINVAL;
		text = next;
	}
	return 0;
}

static struct uc_super *mount(const char *source, unsigned long flags, const char *data)
{
	struct options o = { .mode = 01777 };
	char *copy = uc_heap_strdup(data ? data : "");
	if (!copy)
		return UC_ERR_PTR(-ENOMEM);
	int r = parse(copy, &o);
	uc_heap_free(copy);
	if (r)
		return UC_ERR_PTR(r);
	struct uc_super *sb = uc_tmpfs_new(o.mode);
	if (UC_IS_ERR(sb))
		return sb;
	sb->root->uid = (uint32_t)o.uid;
	sb->root->gid = (uint32_t)o.gid;
	((struct rootfs *)sb->priv)->limit = o.pages;
	return sb;
}

struct uc_fstype rfs_tmpfs_type = { .name = "tmpfs", .mount = mount, .nodev = true };
