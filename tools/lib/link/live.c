// SPDX-License-Identifier: BSD-3-Clause
/*
 * Why each object is in a kernel: the way that the linker's garbage collection took, from the roots
 * through relocations to sections. What no strong reference leads to was taken for one from a
 * part of
 * its µlib (uc/part.h) or starts by itself; for that the map's own reason stands.
 */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <unicore/members.h>

#define NOWHERE SIZE_MAX

struct section {
	size_t member, index; /* index: in its object */
	char *name;
	Elf_Data *relocs;
	bool kept, seen;
};
struct object {
	Elf_Data *symbols;
	size_t nsymbols, strings;
	size_t first, nsections; /* in live.sections, by index */
	Elf *elf;
};
struct live {
	struct uc_members *m;
	struct object *objects; /* by member */
	struct section *sections;
	size_t nsections, *queue, nqueue;
	struct uc_map globals; /* symbol -> section + 1 */
};

static bool is_kept(const struct uc_member *m, const char *name)
{
	for (size_t i = 0; i < m->nsections; i++)
		if (!strcmp(m->sections[i].name, name))
			return true;
	return false;
}

static void take_sections(struct live *l, size_t member, Elf *e)
{
	struct object *o = &l->objects[member];
	size_t strings = 0;
	Elf_Scn *scn = NULL;

	elf_getshdrstrndx(e, &strings);
	o->elf = e;
	o->first = l->nsections;
	for (size_t i = 0;; i++) {
		GElf_Shdr h;
		const char *name = NULL;

		if (i && (!(scn = elf_nextscn(e, scn)) || !gelf_getshdr(scn, &h)))
			break;
		if (i)
			name = elf_strptr(e, strings, h.sh_name);
		l->sections = uc_room(l->sections, l->nsections, sizeof(*l->sections));
		l->sections[l->nsections++] =
			(struct section){ .member = member,
					  .index = i,
					  .name = uc_xstrdup(name ? name : ""),
					  .kept = name && is_kept(&l->m->v[member], name) };
		if (i && h.sh_type == SHT_SYMTAB) {
			o->symbols = elf_getdata(scn, NULL);
			o->nsymbols = h.sh_entsize ? h.sh_size / h.sh_entsize : 0;
			o->strings = h.sh_link;
		}
	}
	o->nsections = l->nsections - o->first;
	scn = NULL;
	while ((scn = elf_nextscn(e, scn))) {
		GElf_Shdr h;

		if (gelf_getshdr(scn, &h) && h.sh_type == SHT_RELA && h.sh_info < o->nsections)
			l->sections[o->first + h.sh_info].relocs = elf_getdata(scn, NULL);
	}
}

static const char *symbol_name(const struct object *o, const GElf_Sym *s)
{
	const char *name = elf_strptr(o->elf, o->strings, s->st_name);

	return name ? name : "";
}

static void take_globals(struct live *l, size_t member)
{
	const struct object *o = &l->objects[member];
	GElf_Sym s;

	for (size_t i = 0; o->symbols && i < o->nsymbols; i++) {
		if (!gelf_getsym(o->symbols, (int)i, &s) || GELF_ST_BIND(s.st_info) == STB_LOCAL ||
		    s.st_shndx == SHN_UNDEF || s.st_shndx >= o->nsections)
			continue;
		void **slot = uc_map_put(&l->globals, symbol_name(o, &s));

		/* As the linker does: a strong definition goes before a weak one. */
		if (!*slot || GELF_ST_BIND(s.st_info) != STB_WEAK)
			*slot = (void *)(o->first + s.st_shndx + 1);
	}
}

/* ---- the walk ---- */

static void explain(struct uc_member *m, enum uc_member_why why, size_t by, const char *symbol,
		    const char *from)
{
	char *s = symbol ? uc_xstrdup(symbol) : NULL;

	free(m->symbol);
	free(m->from);
	m->why = why;
	m->by = by;
	m->symbol = s;
	m->from = from ? uc_xstrdup(from) : NULL;
}

static void visit(struct live *l, size_t at, enum uc_member_why why, size_t by, const char *symbol,
		  const char *from, bool *done)
{
	struct section *s = &l->sections[at];

	if (!s->kept || s->seen)
		return;
	s->seen = true;
	l->queue[l->nqueue++] = at;
	if (done[s->member])
		return;
	done[s->member] = true;
	if (why)
		explain(&l->m->v[s->member], why, by, symbol, from);
}

static void follow(struct live *l, size_t at, bool *done)
{
	const struct section s = l->sections[at];
	const struct object *o = &l->objects[s.member];
	GElf_Rela r;

	for (int i = 0; s.relocs && gelf_getrela(s.relocs, i, &r); i++) {
		GElf_Sym sym;
		size_t to;

		if (!o->symbols || !gelf_getsym(o->symbols, (int)GELF_R_SYM(r.r_info), &sym))
			continue;
		if (sym.st_shndx != SHN_UNDEF && sym.st_shndx < o->nsections)
			to = o->first + sym.st_shndx;
		else {
			to = (size_t)uc_map_get(&l->globals, symbol_name(o, &sym));
			if (!to-- || GELF_ST_BIND(sym.st_info) == STB_WEAK)
				continue;
		}
		visit(l, to, UC_WHY_SYMBOL, s.member, symbol_name(o, &sym), s.name, done);
	}
}

static void walk(struct live *l, bool *done)
{
	for (size_t i = 0; i < l->nqueue; i++)
		follow(l, l->queue[i], done);
	l->nqueue = 0;
}

static void root(struct live *l, const char *symbol, enum uc_member_why why, bool *done)
{
	size_t at = (size_t)uc_map_get(&l->globals, symbol);

	if (at)
		visit(l, at - 1, why, 0, symbol, NULL, done);
	walk(l, done);
}

static void roots(struct live *l, const char *prefix, const struct uc_vec *names,
		  enum uc_member_why why, bool *done)
{
	for (size_t i = 0; i < names->n; i++) {
		char *symbol = uc_xasprintf("%s%s", prefix, names->v[i]);

		root(l, symbol, why, done);
		free(symbol);
	}
}

static void walk_all(struct live *l, const struct uc_vec *calls, const struct uc_vec *parts,
		     const char *entry)
{
	bool *done = uc_xzalloc(l->m->n + 1);

	root(l, entry, UC_WHY_ENTRY, done);
	roots(l, "uc_sys_", calls, UC_WHY_CALL, done);
	roots(l, "uc_part_", parts, UC_WHY_PART, done);
	/* The rest begins where the linker was told to keep sections, or at a weak reference. */
	for (size_t i = 0; i < l->nsections; i++) {
		visit(l, i, UC_WHY_UNKNOWN, 0, NULL, NULL, done);
		walk(l, done);
	}
	free(done);
}

/* ---- the archives ---- */

static size_t member_named(const struct uc_members *m, const char *archive, const char *object)
{
	for (size_t i = 0; i < m->n; i++) {
		size_t n = strlen(m->v[i].object);

		if (!strcmp(m->v[i].archive, archive) && !strncmp(m->v[i].object, object, n) &&
		    !strcmp(object + n, ".o"))
			return i;
	}
	return NOWHERE;
}

static void take_members(struct live *l, const char *archive, Elf *ar, int fd)
{
	Elf_Cmd cmd = ELF_C_READ_MMAP;
	Elf *e;

	while ((e = elf_begin(fd, cmd, ar))) {
		Elf_Arhdr *h = elf_getarhdr(e);
		size_t at = h ? member_named(l->m, archive, h->ar_name) : NOWHERE;

		cmd = elf_next(e);
		if (at == NOWHERE || elf_kind(e) != ELF_K_ELF || l->objects[at].elf)
			elf_end(e);
		else
			take_sections(l, at, e);
	}
}

struct opened {
	Elf **elf;
	int *fd;
	size_t n;
};

static int open_archives(struct live *l, struct opened *o)
{
	struct uc_vec seen = { 0 };
	int rc = 0;

	elf_version(EV_CURRENT);
	for (size_t i = 0; i < l->m->n && !rc; i++) {
		const char *path = l->m->v[i].archive;

		if (!uc_vec_add_once(&seen, path))
			continue;
		o->fd = uc_room(o->fd, o->n, sizeof(*o->fd));
		o->elf = uc_room(o->elf, o->n, sizeof(*o->elf));
		o->fd[o->n] = open(path, O_RDONLY | O_CLOEXEC);
		if (o->fd[o->n] < 0) {
			rc = -errno;
			break;
		}
		o->elf[o->n] = elf_begin(o->fd[o->n], ELF_C_READ_MMAP, NULL);
		if (o->elf[o->n])
			take_members(l, path, o->elf[o->n], o->fd[o->n]);
		o->n++;
	}
	uc_vec_free(&seen);
	return rc;
}

int uc_members_explain(struct uc_members *m, const struct uc_vec *calls, const struct uc_vec *parts,
		       const char *entry)
{
	struct live l = { .m = m, .objects = uc_xzalloc((m->n + 1) * sizeof(*l.objects)) };
	struct opened o = { 0 };
	int rc = open_archives(&l, &o);

	for (size_t i = 0; i < m->n && !rc; i++)
		take_globals(&l, i);
	l.queue = uc_xmalloc((l.nsections + 1) * sizeof(*l.queue));
	if (!rc)
		walk_all(&l, calls, parts, entry);
	for (size_t i = 0; i < m->n; i++)
		elf_end(l.objects[i].elf);
	for (size_t i = 0; i < o.n; i++) {
		elf_end(o.elf[i]);
		close(o.fd[i]);
	}
	for (size_t i = 0; i < l.nsections; i++)
		free(l.sections[i].name);
	uc_members_compact(m);
	free(o.elf);
	free(o.fd);
	free(l.sections);
	free(l.objects);
	free(l.queue);
	uc_map_free(&l.globals);
	return rc;
}
