// SPDX-License-Identifier: BSD-3-Clause
/*
 * What programs open by name at run time: modules, configuration, data. Rules look at what the ELF
 * files of an image are and import, never at which program it is. A rule adds what the source root
 * has.
 */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/msg.h>
#include <unicore/rootfs.h>

/*
 * object: pattern for an object's file name or soname; what its first `*` stands for is {1} in add.
 * defines: symbols, one of which the object must define.
 * imports: instead of these two: symbols, one of which any object (of: PROGRAM: a program; GLIBC:
 * one for glibc) imports. mentions: a string that this object must have in it as well.
 * add: path patterns; a final `/` takes the whole folder. {dir}: the folder of the object; {L}: the
 * multiarch library folder.
 * skip: patterns of names that are left out of whole folders.
 * Lists are separated by spaces.
 */
struct rule {
	const char *name, *object, *defines, *imports, *mentions, *add, *skip;
	enum { ANY, PROGRAM, GLIBC } of;
	bool name_service; /* and what the root's own configuration of it names, if that counts */
};

#define MULTIARCH "/usr/lib/x86_64-linux-gnu"
#define PYTHON_ADD                                                                                 \
	"/usr/lib/python3.{1}/ /usr/lib/python3/ /usr/local/lib/python3.{1}/ /etc/python3.{1}/"
#define PYTHON_SKIP "test tests idlelib tkinter turtledemo ensurepip config-3* *.a"

static const struct rule rules[] = {
	{ .name = "name service",
	  .imports = "getaddrinfo gethostbyname gethostbyname_r gethostbyaddr getnameinfo "
		     "getpwnam getpwnam_r getpwuid getpwuid_r getgrnam getgrnam_r getgrgid "
		     "getgrouplist initgroups "
		     "getservbyname getservbyport getprotobyname getprotobynumber",
	  .add = "/etc/services /etc/protocols /etc/gai.conf {L}/libnss_files.so.2 "
		 "{L}/libnss_dns.so.2 "
		 "/lib64/libnss_files.so.2 /lib64/libnss_dns.so.2",
	  .name_service = true },
	{ .name = "character sets",
	  .imports = "iconv_open",
	  .add = "{L}/gconv/gconv-modules {L}/gconv/gconv-modules.cache {L}/gconv/ISO8859-1.so "
		 "{L}/gconv/ISO8859-15.so {L}/gconv/CP1252.so {L}/gconv/UTF-16.so "
		 "{L}/gconv/UTF-32.so {L}/gconv/UTF-7.so "
		 "{L}/gconv/UNICODE.so" },
	{ .name = "all character sets",
	  .imports = "iconv_open",
	  .of = PROGRAM,
	  .add = "{L}/gconv/" },
	{ .name = "locale",
	  .imports = "setlocale newlocale",
	  .of = GLIBC,
	  .add = "/usr/lib/locale/C.utf8/" },
	{ .name = "shell", .imports = "system popen wordexp", .add = "/bin/sh" },
	{ .name = "shell",
	  .imports = "execl execle execlp execv execve execvp execvpe fexecve posix_spawn "
		     "posix_spawnp",
	  .mentions = "/bin/sh",
	  .add = "/bin/sh" },
	{ .name = "time zone",
	  .imports = "tzset localtime localtime_r mktime",
	  .add = "/etc/localtime /etc/timezone" },
	{ .name = "OpenSSL",
	  .object = "libcrypto.so.3",
	  .add = "{dir}/ossl-modules/ {dir}/engines-3/ /etc/ssl/openssl.cnf "
		 "/usr/lib/ssl/openssl.cnf "
		 "/usr/lib/ssl/certs /usr/lib/ssl/private /etc/pki/tls/openssl.cnf" },
	{ .name = "OpenSSL 1.1",
	  .object = "libcrypto.so.1.1",
	  .add = "{dir}/engines-1.1/ /etc/ssl/openssl.cnf" },
	{ .name = "certificates",
	  .object = "libssl.so.*",
	  .add = "/etc/ssl/certs/ca-certificates.crt /etc/ssl/cert.pem /usr/lib/ssl/cert.pem "
		 "/etc/pki/tls/certs/ca-bundle.crt" },
	{ .name = "certificates (GnuTLS)",
	  .object = "libgnutls.so.*",
	  .add = "/etc/ssl/certs/ca-certificates.crt" },
	{ .name = "Python", .object = "libpython3.*.so*", .add = PYTHON_ADD, .skip = PYTHON_SKIP },
	{ .name = "Python",
	  .object = "python3.*",
	  .defines = "Py_BytesMain Py_Main",
	  .add = PYTHON_ADD,
	  .skip = PYTHON_SKIP },
	{ .name = "Perl",
	  .object = "*",
	  .defines = "perl_parse",
	  .add = "{L}/perl-base/ {L}/perl/ {L}/perl5/ /usr/share/perl/ /usr/share/perl5/ "
		 "/etc/perl/",
	  .skip = "*.pod *.h *.a" },
	{ .name = "Ruby",
	  .object = "libruby*.so*",
	  .add = "/usr/lib/ruby/ {L}/ruby/",
	  .skip = "*.h *.a" },
	{ .name = "Tcl", .object = "libtcl*.so*", .add = "/usr/share/tcltk/tcl{1}/ {L}/tcltk/" },
	{ .name = "Lua",
	  .object = "liblua5.*.so*",
	  .add = "/usr/share/lua/5.{1}/ {L}/lua/5.{1}/ /usr/local/share/lua/5.{1}/ "
		 "/usr/local/lib/lua/5.{1}/" },
	{ .name = "PHP",
	  .object = "*",
	  .defines = "php_module_startup",
	  .add = "/usr/lib/php/20*/ /etc/php/" },
	{ .name = "Node.js", .object = "libnode.so.*", .add = "/usr/share/nodejs/" },
	{ .name = "Guile", .object = "libguile-*.so*", .add = "/usr/share/guile/ {L}/guile/" },
	{ .name = "Java",
	  .object = "libjvm.so",
	  .add = "{dir}/../../",
	  .skip = "src.zip *.h jmods" },
	{ .name = "Java", .object = "libjli.so", .add = "{dir}/../", .skip = "src.zip *.h jmods" },
	{ .name = "ImageMagick",
	  .object = "libMagickCore-*.so*",
	  .add = "{dir}/ImageMagick-*/ /etc/ImageMagick-*/ /usr/share/ImageMagick-*/",
	  .skip = "*.a" },
	{ .name = "GraphicsMagick",
	  .object = "libGraphicsMagick*.so*",
	  .add = "/usr/lib/GraphicsMagick-*/ /usr/share/GraphicsMagick-*/" },
	{ .name = "terminals",
	  .object = "libtinfo*.so.*",
	  .add = "/lib/terminfo/*/linux /lib/terminfo/*/xterm /lib/terminfo/*/xterm-256color "
		 "/lib/terminfo/*/vt100 "
		 "/lib/terminfo/*/vt220 /lib/terminfo/*/dumb /lib/terminfo/*/ansi "
		 "/lib/terminfo/*/screen "
		 "/lib/terminfo/*/screen-256color /lib/terminfo/*/tmux "
		 "/lib/terminfo/*/tmux-256color "
		 "/usr/share/terminfo/l/linux /usr/share/terminfo/x/xterm "
		 "/usr/share/terminfo/x/xterm-256color "
		 "/usr/share/terminfo/v/vt100 /usr/share/terminfo/d/dumb" },
	{ .name = "readline", .object = "libreadline.so.*", .add = "/etc/inputrc" },
	{ .name = "fontconfig",
	  .object = "libfontconfig.so.*",
	  .add = "/etc/fonts/ /usr/share/fontconfig/" },
	{ .name = "gdk-pixbuf",
	  .object = "libgdk_pixbuf-2.0.so.*",
	  .add = "{dir}/gdk-pixbuf-2.0/" },
	{ .name = "GIO",
	  .object = "libgio-2.0.so.*",
	  .add = "{dir}/gio/modules/ /usr/share/glib-2.0/schemas/gschemas.compiled "
		 "/usr/share/mime/mime.cache" },
	{ .name = "graphviz", .object = "libgvc.so.*", .add = "{dir}/graphviz/" },
	{ .name = "PAM",
	  .object = "libpam.so.*",
	  .add = "{dir}/security/ /etc/pam.d/ /etc/security/" },
	{ .name = "SASL", .object = "libsasl2.so.*", .add = "{dir}/sasl2/" },
	{ .name = "LDAP", .object = "libldap*.so.*", .add = "/etc/ldap/ldap.conf" },
	{ .name = "Kerberos", .object = "libkrb5.so.*", .add = "{dir}/krb5/ /etc/krb5.conf" },
	{ .name = "NSS (Mozilla)",
	  .object = "libnss3.so",
	  .add = "{dir}/nss/ {dir}/libsoftokn3.so {dir}/libfreebl3.so {dir}/libfreeblpriv3.so "
		 "{dir}/libnssckbi.so "
		 "{dir}/libnssdbm3.so" },
	{ .name = "file types",
	  .object = "libmagic.so.*",
	  .add = "/etc/magic /usr/share/misc/magic.mgc /usr/lib/file/magic.mgc" },
	{ .name = "HEIF", .object = "libheif.so.*", .add = "{dir}/libheif/" },
	{ .name = "PROJ", .object = "libproj.so.*", .add = "/usr/share/proj/" },
	{ .name = "GDAL", .object = "libgdal.so.*", .add = "/usr/share/gdal/" },
	{ .name = "X11",
	  .object = "libX11.so.*",
	  .add = "/usr/share/X11/locale/ /usr/share/X11/XErrorDB" },
	{ .name = "keyboards", .object = "libxkbcommon.so.*", .add = "/usr/share/X11/xkb/" },
	{ .name = "ALSA", .object = "libasound.so.*", .add = "/usr/share/alsa/ {dir}/alsa-lib/" },
	{ .name = "unwinding",
	  .imports = "pthread_exit pthread_cancel",
	  .add = "{L}/libgcc_s.so.1 /lib64/libgcc_s.so.1" },
	{ .name = "Ghostscript",
	  .object = "libgs.so.*",
	  .add = "/usr/share/ghostscript/ /usr/share/color/icc/" },
	{ .name = "VLC", .object = "libvlccore.so.*", .add = "{dir}/vlc/" },
	{ .name = "GStreamer", .object = "libgstreamer-1.0.so.*", .add = "{dir}/gstreamer-1.0/" },
	{ .name = "enchant",
	  .object = "libenchant-2.so.*",
	  .add = "{dir}/enchant-2/ /usr/share/enchant-2/" },
	{ .name = "Erlang",
	  .object = "beam.smp",
	  .add = "/usr/lib/erlang/",
	  .skip = "src include *.a *.h" },
};

/* ---- conditions ---- */

/* Does name match pattern, and what does its first `*` stand for up to the next fixed character? */
static bool match(const char *pattern, const char *name, char *capture, size_t cap)
{
	size_t head = strcspn(pattern, "*"), n = 0;
	const char *stop;

	if (fnmatch(pattern, name, 0)) return false;
	capture[0] = 0;
	if (!pattern[head]) return true;
	stop = pattern + head + 1;
	for (const char *p = name + head; *p && n + 1 < cap; p++) {
		if (*stop && !fnmatch(stop, p, 0)) break;
		capture[n++] = *p;
	}
	capture[n] = 0;
	return true;
}

static bool any_of(const char *words, const struct uc_map *symbols)
{
	char *copy = uc_xstrdup(words), *save, *w;
	bool hit = false;

	for (w = strtok_r(copy, " ", &save); w && !hit; w = strtok_r(NULL, " ", &save))
		hit = uc_map_get(symbols, w) != NULL;
	free(copy);
	return hit;
}

static bool mentions(const struct uc_root *root, const struct uc_object *o, const char *text)
{
	char *host = uc_root_host(root, o->path);
	bool yes = uc_file_mentions(host, text, strlen(text) + 1);

	free(host);
	return yes;
}

static bool by_imports(const struct uc_root *root, const struct rule *rule,
		       const struct uc_object *o)
{
	if ((rule->of == PROGRAM && !o->program) || (rule->of == GLIBC && o->musl)) return false;
	return any_of(rule->imports, &o->elf.imported) &&
	       (!rule->mentions || mentions(root, o, rule->mentions));
}

static bool applies(const struct uc_root *root, const struct rule *rule, const struct uc_object *o,
		    char *capture, size_t cap)
{
	capture[0] = 0;
	if (rule->imports) return by_imports(root, rule, o);
	if (rule->defines && !any_of(rule->defines, &o->elf.defined)) return false;
	return match(rule->object, uc_path_base(o->path), capture, cap) ||
	       (o->elf.soname && match(rule->object, o->elf.soname, capture, cap));
}

/* ---- actions ---- */

static char *fill_in(const char *pattern, size_t n, const struct uc_object *o, const char *capture)
{
	const struct {
		const char *key;
		const char *value;
	} vars[] = {
		{ "{1}", capture },
		{ "{L}", MULTIARCH },
		{ "{dir}", NULL },
	};
	char *dir = uc_path_dir(o->path);
	struct uc_buf b = { 0 };

	for (size_t i = 0; i < n;) {
		size_t v = 0;

		while (v < 3 && strncmp(pattern + i, vars[v].key, strlen(vars[v].key))) v++;
		if (v < 3) {
			uc_buf_str(&b, vars[v].value ? vars[v].value : dir);
			i += strlen(vars[v].key);
		} else {
			uc_buf_add(&b, pattern + i++, 1);
		}
	}
	free(dir);
	return b.p;
}

static void add_pattern(struct uc_rootfs *r, const struct rule *rule, const char *pattern)
{
	size_t n = strlen(pattern);
	bool whole = pattern[n - 1] == '/';
	char *trimmed = uc_xstrndup(pattern, n - whole);
	struct uc_vec paths = { 0 };

	uc_root_glob(r->root, trimmed, &paths);
	for (size_t i = 0; i < paths.n; i++) {
		if (whole) uc_rootfs_pick_tree(r, paths.v[i], rule->skip);
		else uc_rootfs_pick(r, paths.v[i]);
	}
	uc_vec_free(&paths);
	free(trimmed);
}

static void fire(struct uc_rootfs *r, const struct rule *rule, const struct uc_object *o,
		 const char *capture)
{
	const char *p = rule->add;

	if (rule->name_service && r->own_names) uc_rootfs_name_service(r, MULTIARCH);
	uc_note(2, "rule `%s` applies because of %s", rule->name, o->path);
	uc_tree_because(r->tree, "rule `%s`, which applies because of %s", rule->name, o->path);
	while (*p) {
		size_t n = strcspn(p, " ");
		char *pattern = fill_in(p, n, o, capture);

		add_pattern(r, rule, pattern);
		free(pattern);
		p += n + strspn(p + n, " ");
	}
}

/* A locale named by the program's environment. */
static bool locales(struct uc_rootfs *r)
{
	static const char *const names[] = { "LANG=", "LC_ALL=", "LC_CTYPE=" };
	bool any = false;

	for (size_t i = 0; r->env && i < r->env->n; i++)
		for (size_t k = 0; k < 3; k++)
			if (uc_has_prefix(r->env->v[i], names[k]) &&
			    strlen(r->env->v[i]) > strlen(names[k]))
				any = true;
	if (!any || !uc_vec_add_once(&r->fired, "locale")) return false;
	uc_tree_because(r->tree, "the environment asks for a locale");
	uc_rootfs_pick_tree(r, "/usr/lib/locale/C.utf8", NULL);
	uc_rootfs_pick(r, "/usr/lib/locale/locale-archive");
	return true;
}

/* A rule fires once for each object it matches by name, once in all if it looks at imports. */
static bool try_rule(struct uc_rootfs *r, size_t k)
{
	const struct rule *rule = &rules[k];
	char capture[64], *key;
	bool any = false;

	for (size_t i = 0; i < r->objects.n; i++) {
		const struct uc_object *o = r->objects.e[i].value;

		key = uc_xasprintf("%zu %s", k, rule->imports ? "" : o->path);
		if (!uc_vec_has(&r->fired, key) &&
		    applies(r->root, rule, o, capture, sizeof(capture))) {
			uc_vec_add(&r->fired, key);
			fire(r, rule, o, capture);
			any = true;
		}
		free(key);
		if (any && rule->imports) break;
	}
	return any;
}

bool uc_rootfs_rules(struct uc_rootfs *r)
{
	bool any = locales(r);

	for (size_t k = 0; k < sizeof(rules) / sizeof(*rules); k++) any |= try_rule(r, k);
	return any;
}
