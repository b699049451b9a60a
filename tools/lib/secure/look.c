// SPDX-License-Identifier: BSD-3-Clause
/* A process of the host, as proc(5) shows it. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

static char *file_of(pid_t pid, const char *name)
{
	char *path = uc_xasprintf("/proc/%d/%s", pid, name);
	struct uc_buf b = { 0 };

	if (uc_file_read(path, 1 << 20, &b))
		uc_buf_free(&b);
	free(path);
	return b.p;
}

/* "Seccomp:	2" becomes "Seccomp 2". */
static void look_status(pid_t pid, struct uc_vec *out)
{
	char *text = file_of(pid, "status"), *next = text, *l;

	while ((l = strsep(&next, "\n"))) {
		char *colon = strchr(l, ':');

		if (colon) {
			*colon = ' ';
			uc_vec_add(out, l);
		}
	}
	free(text);
}

static void look_namespaces(pid_t pid, struct uc_vec *out)
{
	static const char *const kinds[] = { "user", "mnt", "pid", "net", "ipc", "uts" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		char *theirs = uc_xasprintf("/proc/%d/ns/%s", pid, kinds[i]);
		char *mine = uc_xasprintf("/proc/self/ns/%s", kinds[i]);
		char *a = uc_readlink_dup(-1, theirs), *b = uc_readlink_dup(-1, mine);

		if (a && b)
			uc_vec_take(out, uc_xasprintf("%s %s", strcmp(a, b) ? "own" : "shared",
						      kinds[i]));
		free(a);
		free(b);
		free(theirs);
		free(mine);
	}
}

static void look_folder(pid_t pid, const char *name, struct uc_vec *out)
{
	char *path = uc_xasprintf("/proc/%d/%s", pid, name);
	DIR *d = opendir(path);
	struct dirent *e;

	if (d)
		uc_vec_take(out, uc_xasprintf("folder %s", name));
	while (d && (e = readdir(d)))
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
			uc_vec_take(out, uc_xasprintf("%s %s", name, e->d_name));
	if (d)
		closedir(d);
	free(path);
}

static void look_limits(pid_t pid, struct uc_vec *out)
{
	static const char name[] = "Max core file size";
	char *text = file_of(pid, "limits"), *l = text ? strstr(text, name) : NULL;

	if (l) {
		l += strlen(name);
		l += strspn(l, " ");
		l[strcspn(l, " ")] = 0;
		uc_vec_take(out, uc_xasprintf("core %s", l));
	}
	free(text);
}

void secure_look(pid_t pid, bool maps, struct secure_boot *out)
{
	char *text = maps ? file_of(pid, "maps") : NULL;

	if (pid <= 0)
		return;
	look_status(pid, &out->status);
	look_namespaces(pid, &out->facts);
	look_folder(pid, "fd", &out->facts);
	look_folder(pid, "root", &out->facts);
	look_limits(pid, &out->facts);
	if (text)
		secure_maps_parse(out, text);
}
