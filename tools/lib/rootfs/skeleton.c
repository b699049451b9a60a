// SPDX-License-Identifier: BSD-3-Clause
#include <string.h>

#include <unicore/tree.h>

static const struct {
	const char *path;
	mode_t mode;
} folders[] = {
	{ "/", 0755 },          { "/dev", 0755 },     { "/etc", 0755 },      { "/home", 0755 },
	{ "/mnt", 0755 },       { "/proc", 0555 },    { "/root", 0700 },     { "/run", 0755 },
	{ "/run/lock", 01777 }, { "/sys", 0555 },     { "/tmp", 01777 },     { "/usr", 0755 },
	{ "/usr/bin", 0755 },   { "/usr/lib", 0755 }, { "/usr/sbin", 0755 }, { "/var", 0755 },
	{ "/var/cache", 0755 }, { "/var/lib", 0755 }, { "/var/log", 0755 },  { "/var/tmp", 01777 },
};
static const struct {
	const char *path, *target;
} links[] = {
	{ "/bin", "usr/bin" },  { "/sbin", "usr/sbin" },      { "/lib", "usr/lib" },
	{ "/var/run", "/run" }, { "/var/lock", "/run/lock" }, { "/etc/mtab", "/proc/self/mounts" },
};
/* The fixed numbers of Debian Policy 9.2.2, as far as servers use them. */
const char uc_skeleton_passwd[] = "root:x:0:0:root:/root:/bin/sh\n"
				  "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n"
				  "bin:x:2:2:bin:/bin:/usr/sbin/nologin\n"
				  "sys:x:3:3:sys:/dev:/usr/sbin/nologin\n"
				  "mail:x:8:8:mail:/var/mail:/usr/sbin/nologin\n"
				  "proxy:x:13:13:proxy:/bin:/usr/sbin/nologin\n"
				  "www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\n"
				  "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n";
const char uc_skeleton_group[] =
	"root:x:0:\ndaemon:x:1:\nbin:x:2:\nsys:x:3:\nadm:x:4:\ntty:x:5:\ndisk:x:6:\nmail:x:8:"
	"\nproxy:x:13:\n"
	"www-data:x:33:\nutmp:x:43:\nstaff:x:50:\nusers:x:100:\nnogroup:x:65534:\n";

static const struct {
	const char *path, *text;
} files[] = {
	{ "/etc/passwd", uc_skeleton_passwd },
	{ "/etc/group", uc_skeleton_group },
	{ "/etc/hosts", "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n" },
	{ "/etc/hostname", "unicore\n" },
	{ "/etc/nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n"
				"networks: files\nprotocols: files\nservices: files\n" },
};

void uc_tree_skeleton(struct uc_tree *t)
{
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++)
		if (!uc_tree_get(t, links[i].path))
			uc_tree_link(t, links[i].path, links[i].target, 0, 0);
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		if (!uc_tree_get(t, folders[i].path))
			uc_tree_dir(t, folders[i].path, folders[i].mode, 0, 0);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		if (!uc_tree_get(t, files[i].path))
			uc_tree_text(t, files[i].path, files[i].text, strlen(files[i].text), 0644);
}
