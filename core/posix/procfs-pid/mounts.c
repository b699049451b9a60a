// SPDX-License-Identifier: BSD-3-Clause
#include <uc/string.h>
#include "pid_private.h"

enum style { MOUNTS, MOUNTINFO, MOUNTSTATS };
struct listing { struct uc_text t; enum style style; int id; };

/* Blanks in a path are written as octal escapes (fstab(5)). */
static void put_path(struct uc_text *t, const char *s)
{
	for (; *s; s++) {
		if (strchr(" \t\n\\", *s))
			uc_text_printf(t, "\\%03o", (unsigned char)*s);
		else
			uc_text_bytes(t, s, 1);
	}
}

static void one_mount(struct uc_super *sb, const char *path, void *arg)
{
	struct listing *l = arg;
	const char *rw = sb->readonly ? "ro" : "rw";
	int id = l->id++;

	switch (l->style) {
	case MOUNTS:
		uc_text_printf(&l->t, "%s ", sb->type);
		put_path(&l->t, path);
		uc_text_printf(&l->t, " %s %s,relatime 0 0\n", sb->type, rw);
		break;
	case MOUNTINFO:
		uc_text_printf(&l->t, "%d %d %u:%u / ", id, strcmp(path, "/") ? 1 : 0,
			       uc_dev_major(sb->dev), uc_dev_minor(sb->dev));
		put_path(&l->t, path);
		uc_text_printf(&l->t, " %s,relatime - %s %s %s\n", rw, sb->type, sb->type, rw);
		break;
	case MOUNTSTATS:
		uc_text_printf(&l->t, "device %s mounted on ", sb->type);
		put_path(&l->t, path);
		uc_text_printf(&l->t, " with fstype %s\n", sb->type);
		break;
	}
}

static ssize_t list_mounts(char *buf, size_t cap, enum style style)
{
	struct listing l = { { buf, cap, 0 }, style, 1 };

	uc_vfs_for_each_mount(one_mount, &l);
	return (ssize_t)l.t.len;
}

SHOW(uc_pid_show_mounts) { return list_mounts(buf, cap, MOUNTS); }
SHOW(uc_pid_show_mountinfo) { return list_mounts(buf, cap, MOUNTINFO); }
SHOW(uc_pid_show_mountstats) { return list_mounts(buf, cap, MOUNTSTATS); }
