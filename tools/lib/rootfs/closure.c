// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/msg.h>
#include <unicore/rootfs.h>

struct uc_object *uc_rootfs_object(struct uc_rootfs *r, const char *canon,
				   const struct uc_object *requester, bool optional)
{
	struct uc_object *o = uc_map_get(&r->objects, canon);
	const char *why;
	struct uc_elf e;
	char *host;

	if (o) {
		/* Needed by a program after all. */
		if (!optional && o->optional) {
			o->optional = false;
			o->requester = requester;
			o->resolved = false; /* what it needs is needed now, too */
		}
		return o;
	}
	host = uc_root_host(r->root, canon);
	switch (uc_elf_read(host, &e, &why)) {
	case UC_ELF_OK: break;
	case UC_ELF_BAD:
		uc_note(1, "%s: %s; taken as it is", canon, why);
		free(host);
		return NULL;
	default: free(host); return NULL;
	}
	free(host);
	if (!uc_elf_is_native(&e) || (!e.has_dynamic && !e.interp)) {
		if (requester || optional || !uc_elf_is_native(&e)) {
			uc_elf_free(&e);
			return NULL;
		}
	}
	o = uc_xzalloc(sizeof(*o));
	o->path = uc_xstrdup(canon);
	o->elf = e;
	o->requester = requester;
	o->optional = optional;
	o->musl = requester ? requester->musl : e.interp && strstr(e.interp, "/ld-musl-");
	*uc_map_put(&r->objects, canon) = o;
	return o;
}

static void report_missing(struct uc_rootfs *r, const struct uc_object *o, const char *name)
{
	char *key = uc_xasprintf("%s\n%s", name, o->path);
	const char *but = r->unusable ? r->unusable : "not found";

	if (!uc_vec_add_once(&r->missing, key)) {
		free(key);
		return;
	}
	free(key);
	if (o->optional)
		uc_note(1, "%s: not found, so the plug-in %s will not load", name, o->path);
	else if (r->allow_missing) uc_warn(name, "needed by %s, but %s", o->path, but);
	else
		r->status = uc_fail(UC_ST_UNAVAILABLE, name,
				    "install the package that has it, name it as another source, "
				    "or use --allow-missing",
				    "needed by %s, but %s", o->path, but);
}

static void forget_unusable(struct uc_rootfs *r)
{
	free(r->unusable);
	r->unusable = NULL;
}

static void resolve(struct uc_rootfs *r, struct uc_object *o)
{
	o->resolved = true;
	forget_unusable(r);
	if (o->elf.interp) {
		char *canon;

		if (uc_rootfs_usable(r, o->elf.interp, &canon)) {
			uc_rootfs_object(r, canon, o, o->optional);
			free(canon);
			uc_tree_because(r->tree, "loads %s", o->path);
			uc_rootfs_pick(r, o->elf.interp);
		} else {
			report_missing(r, o, o->elf.interp);
		}
	}
	for (size_t i = 0; i < o->elf.needed.n; i++) {
		forget_unusable(r);
		uc_tree_because(r->tree, "needed by %s", o->path);
		if (!uc_rootfs_library(r, o, o->elf.needed.v[i]))
			report_missing(r, o, o->elf.needed.v[i]);
	}
	forget_unusable(r);
}

/* The map grows while it is walked: entries are only ever appended. */
static bool resolve_all(struct uc_rootfs *r)
{
	bool any = false;

	for (size_t i = 0; i < r->objects.n; i++) {
		struct uc_object *o = r->objects.e[i].value;

		if (!o->resolved) {
			resolve(r, o);
			any = true;
		}
	}
	return any;
}

int uc_rootfs_close(struct uc_rootfs *r)
{
	bool again = true;

	while (again) {
		again = resolve_all(r);
		if (!r->whole && (uc_rootfs_rules(r) | uc_rootfs_opened_by_name(r))) again = true;
	}
	return r->status;
}

void uc_rootfs_free(struct uc_rootfs *r)
{
	for (size_t i = 0; i < r->objects.n; i++) {
		struct uc_object *o = r->objects.e[i].value;

		uc_elf_free(&o->elf);
		free(o->path);
		free(o);
	}
	uc_map_free(&r->objects);
	uc_vec_free(&r->confdirs);
	uc_vec_free(&r->fired);
	uc_vec_free(&r->missing);
	forget_unusable(r);
	free(r->failed);
}
