// SPDX-License-Identifier: BSD-3-Clause
/* What was measured is kept in CACHE/host, valid for one boot of the host. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <unicore/cli.h>
#include <unicore/vmm.h>

#include "host.h"

char *uc_cache_dir(void)
{
	const char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	char *dir;

	if (xdg && xdg[0] == '/')
		dir = uc_path_join(xdg, "unicore");
	else if (home && home[0] == '/')
		dir = uc_path_join(home, ".cache/unicore");
	else
		return NULL;
	if (uc_mkdirs(dir, 0700) < 0) {
		free(dir);
		return NULL;
	}
	return dir;
}

static bool boot_id(char id[64])
{
	struct uc_buf b = { 0 };
	bool ok = uc_file_read("/proc/sys/kernel/random/boot_id", 63, &b) == 0 && b.n > 8;

	if (ok) {
		memcpy(id, b.p, b.n);
		id[b.n] = 0;
		id[strcspn(id, "\n")] = 0;
	}
	uc_buf_free(&b);
	return ok;
}

/* The value of a `key=value` line, or NULL. */
static const char *field(const char *text, const char *key)
{
	size_t n = strlen(key);

	for (const char *p = text; p; p = strchr(p, '\n'), p = p ? p + 1 : NULL)
		if (!strncmp(p, key, n) && p[n] == '=')
			return p + n + 1;
	return NULL;
}

static bool load(const char *path, const char *id, struct uc_host *h)
{
	struct uc_buf b = { 0 };
	bool ok = false;

	if (uc_file_read(path, 4096, &b) == 0 && b.n) {
		const char *was = field(b.p, "boot"), *tsc = field(b.p, "tsc_hz"),
			   *kvm = field(b.p, "kvm");

		ok = was && tsc && kvm && !strncmp(was, id, strlen(id));
		if (ok) {
			h->tsc_hz = strtoull(tsc, NULL, 10);
			h->kvm = *kvm == '1';
		}
	}
	uc_buf_free(&b);
	return ok;
}

static void store(const char *path, const char *id, const struct uc_host *h)
{
	char text[256];
	int n = snprintf(text, sizeof(text), "boot=%s\ntsc_hz=%llu\nkvm=%d\n", id,
			 (unsigned long long)h->tsc_hz, h->kvm);

	/* A cache that cannot be written costs time only. */
	if (uc_file_write(path, text, (size_t)n, 0600) < 0)
		uc_note(1, "%s: cannot keep measurements of this machine", path);
}

void uc_host_get(struct uc_host *h)
{
	char id[64];
	char *dir = uc_cache_dir(), *path = dir ? uc_path_join(dir, "host") : NULL;
	bool cached = path && boot_id(id);

	if (!cached || !load(path, id, h)) {
		h->tsc_hz = uc_host_measure_tsc();
		h->kvm = uc_host_probe_kvm();
		if (cached)
			store(path, id, h);
	}
	free(path);
	free(dir);
}
