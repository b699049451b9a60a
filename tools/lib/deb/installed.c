// SPDX-License-Identifier: BSD-3-Clause
/* What dpkg knows of a root: /var/lib/dpkg/status and the lists of files. */
#include <stdlib.h>
#include <string.h>

#include <unicore/deb.h>

#define STATUS_MAX (256u << 20)
#define LIST_MAX   (64u << 20)

static char *field(const char *paragraph, const char *end, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = paragraph; p && p < end; p = strchr(p, '\n'), p += p != NULL) {
		if (strncmp(p, name, n) || p[n] != ':')
			continue;
		p += n + 1 + strspn(p + n + 1, " ");
		return uc_xstrndup(p, strcspn(p, "\n"));
	}
	return NULL;
}

/* The file of a package may be called after its architecture, too. */
static bool read_list(const char *dir, const struct uc_package *p, struct uc_buf *out)
{
	char *plain = uc_xasprintf("%s/var/lib/dpkg/info/%s.list", dir, p->name);
	char *arch = uc_xasprintf("%s/var/lib/dpkg/info/%s:%s.list", dir, p->name,
				  p->arch ? p->arch : "");
	bool ok = !uc_file_read(plain, LIST_MAX, out) || !uc_file_read(arch, LIST_MAX, out);

	free(plain);
	free(arch);
	return ok;
}

/* Packages may name places that are links into /usr since Debian 12. */
static bool is_old_place(const char *path)
{
	return uc_has_prefix(path, "/bin/") || uc_has_prefix(path, "/sbin/") ||
	       uc_has_prefix(path, "/lib");
}

static bool claim(struct uc_packages *out, const struct uc_map *wanted, const char *path)
{
	if (!uc_map_get(wanted, path))
		return false;
	*uc_map_put(&out->of, path) = (void *)out->n;
	return true;
}

static bool claim_files(struct uc_packages *out, const struct uc_map *wanted, char *list)
{
	char *path, *moved;
	bool any = false;

	while ((path = strsep(&list, "\n"))) {
		any |= claim(out, wanted, path);
		if (!is_old_place(path))
			continue;
		moved = uc_xasprintf("/usr%s", path);
		any |= claim(out, wanted, moved);
		free(moved);
	}
	return any;
}

static void drop_last(struct uc_packages *out)
{
	struct uc_packages one = { .v = uc_xmalloc(sizeof(*one.v)), .n = 1 };

	one.v[0] = out->v[--out->n];
	uc_packages_free(&one);
}

static void take_package(const char *dir, const char *p, const char *end,
			 const struct uc_map *wanted, struct uc_packages *out)
{
	char *name = field(p, end, "Package"), *version = field(p, end, "Version");
	char *status = field(p, end, "Status");
	struct uc_buf list = { 0 };

	if (name && version && status && uc_has_suffix(status, " installed")) {
		struct uc_package *x = uc_packages_add(out, name, version);

		x->arch = field(p, end, "Architecture");
		x->source = field(p, end, "Source");
		if (!x->source)
			x->source = uc_xstrdup(name);
		x->source[strcspn(x->source, " ")] = 0;
		if (read_list(dir, x, &list) && list.p && claim_files(out, wanted, list.p))
			uc_deb_licences(dir, name, &x->licences);
		else
			drop_last(out);
		uc_buf_free(&list);
	}
	free(name);
	free(version);
	free(status);
}

void uc_deb_installed(const struct uc_root *root, const struct uc_map *wanted,
		      struct uc_packages *out)
{
	char *path = uc_root_host(root, "/var/lib/dpkg/status");
	struct uc_buf b = { 0 };

	if (!uc_file_read(path, STATUS_MAX, &b) && b.p) {
		for (const char *p = b.p, *end; *p; p = *end ? end + 2 : end) {
			end = strstr(p, "\n\n");
			if (!end)
				end = p + strlen(p);
			take_package(root->dir, p, end, wanted, out);
		}
	}
	uc_buf_free(&b);
	free(path);
}
