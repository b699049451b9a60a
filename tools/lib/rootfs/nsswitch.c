// SPDX-License-Identifier: BSD-3-Clause
/* Modules of the C library's name service that a configuration names, nsswitch.conf(5). */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/rootfs.h>

#define CONFIGURATION_MAX (1u << 20)

static void add_module(struct uc_rootfs *r, const char *dir, const char *service)
{
	char *path = uc_xasprintf("%s/libnss_%s.so.2", dir, service);

	uc_rootfs_pick(r, path);
	free(path);
}

/* DATABASE: SERVICE [STATUS=ACTION] SERVICE ... */
static void add_line(struct uc_rootfs *r, const char *dir, char *line)
{
	char *at = strchr(line, ':'), *save, *word;
	bool action = false;

	line[strcspn(line, "#")] = 0;
	if (!at || at >= line + strlen(line))
		return;
	for (word = strtok_r(at + 1, " \t", &save); word; word = strtok_r(NULL, " \t", &save)) {
		action |= *word == '[';
		if (!action && !strchr(word, '/'))
			add_module(r, dir, word);
		if (strchr(word, ']'))
			action = false;
	}
}

void uc_rootfs_name_service(struct uc_rootfs *r, const char *dir)
{
	char *host = uc_root_host(r->root, "/etc/nsswitch.conf"), *next, *line;
	struct uc_buf b = { 0 };

	if (!uc_file_read(host, CONFIGURATION_MAX, &b)) {
		for (next = b.p; (line = strsep(&next, "\n"));)
			add_line(r, dir, line);
	}
	uc_buf_free(&b);
	free(host);
}
