// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include <unicore/depsview.h>
#include <unicore/msg.h>

static const char *const roles[] = { "program", "loader", "library", "plugin", "other program" };

/* Bytes that are not UTF-8 must not cost the whole report. */
static json_t *text(const char *s)
{
	json_t *j = s ? json_string(s) : json_null();

	return j ? j : json_string("?");
}

static json_t *hex(uint64_t v)
{
	char buf[24];

	snprintf(buf, sizeof(buf), "0x%llx", (unsigned long long)v);
	return json_string(buf);
}

static json_t *path_json(const struct uc_deps *d, const struct uc_deps_path *p)
{
	json_t *a = json_array();

	for (size_t i = 0; i < p->n; i++) {
		const struct uc_deps_step *s = &p->v[i];
		json_t *o = json_object();

		json_object_set_new(o, "file", text(d->files[s->file].path));
		json_object_set_new(o, s->data ? "data" : "function",
				    s->name ? text(s->name) : hex(s->function));
		json_object_set_new(o, "at", hex(s->at));
		json_array_append_new(a, o);
	}
	return a;
}

static json_t *files_json(const struct uc_deps *d)
{
	json_t *a = json_array();

	for (size_t i = 0; i < d->nfiles; i++) {
		const struct uc_deps_file *f = &d->files[i];
		json_t *o = json_object();

		json_object_set_new(o, "path", text(f->path));
		json_object_set_new(o, "soname", text(f->soname));
		json_object_set_new(o, "role", json_string(roles[f->role]));
		json_object_set_new(o, "needed_by",
				    f->by == i ? json_null() : text(d->files[f->by].path));
		json_object_set_new(o, "why", text(f->why));
		json_object_set_new(o, "libc", json_string(f->musl ? "musl" : "glibc"));
		json_object_set_new(o, "functions", json_integer((json_int_t)f->functions));
		json_object_set_new(o, "reached", json_integer((json_int_t)f->reached));
		json_array_append_new(a, o);
	}
	return a;
}

/* What each argument is called, by call. */
static const struct {
	const char *call, *arg[UC_DEPS_ARGS];
} arguments[] = {
	{ "ioctl", { "request", NULL } },         { "fcntl", { "cmd", NULL } },
	{ "prctl", { "option", NULL } },          { "socket", { "domain", "type" } },
	{ "setsockopt", { "level", "optname" } }, { "futex", { "op", NULL } },
	{ "mmap", { "flags", NULL } },
};

static const char *argument_name(const char *call, unsigned k)
{
	for (size_t i = 0; i < sizeof(arguments) / sizeof(*arguments); i++)
		if (!strcmp(arguments[i].call, call))
			return arguments[i].arg[k];
	return NULL;
}

static json_t *arguments_json(const struct uc_deps_call *c, const char *call)
{
	json_t *a = json_array();

	for (unsigned k = 0; k < UC_DEPS_ARGS; k++) {
		const char *name = argument_name(call, k);
		json_t *values = json_array();

		for (size_t i = 0; i < c->arg[k].n; i++)
			json_array_append_new(values, json_integer(c->arg[k].v[i]));
		if (name && c->arg[k].asked)
			json_array_append_new(a,
					      json_pack("{s:s, s:b, s:O}", "name", name, "complete",
							!c->arg[k].unknown, "values", values));
		json_decref(values);
	}
	return a;
}

static json_t *calls_json(const struct uc_deps *d, const struct uc_systab *tab)
{
	json_t *a = json_array();

	for (size_t i = 0; i < d->ncalls; i++) {
		const struct uc_deps_call *c = &d->calls[i];
		const char *known = !d->arch && c->nr < tab->n ? tab->name[c->nr] : NULL;
		const char *name = c->name ? c->name : known;
		json_t *o = json_object();

		json_object_set_new(o, "name", text(name ? name : "?"));
		json_object_set_new(o, "number", json_integer(c->nr));
		json_object_set_new(o, "static", json_true());
		json_object_set_new(o, "traced", json_false());
		json_object_set_new(o, "need", json_string("unknown"));
		json_object_set_new(o, "sites", json_integer((json_int_t)c->sites));
		json_object_set_new(o, "phase",
				    d->arch     ? json_null()
				    : c->steady ? json_string("steady")
						: json_string("start"));
		json_object_set_new(o, "arguments", arguments_json(c, name ? name : ""));
		json_object_set_new(o, "via", path_json(d, &c->via));
		json_array_append_new(a, o);
	}
	return a;
}

static json_t *unknown_json(const struct uc_deps *d)
{
	json_t *a = json_array();

	for (size_t i = 0; i < d->nunknown; i++) {
		json_t *o = json_object();

		json_object_set_new(o, "why", text(d->unknown[i].why));
		json_object_set_new(o, "via", path_json(d, &d->unknown[i].via));
		json_array_append_new(a, o);
	}
	return a;
}

static json_t *uses_json(const struct uc_deps *d)
{
	json_t *a = json_array();

	for (size_t i = 0; i < d->nuses; i++) {
		const struct uc_deps_use *u = &d->uses[i];
		json_t *o = json_object();

		json_object_set_new(o, "path", text(u->path));
		json_object_set_new(o, "use", json_string(u->executed ? "execute" : "open"));
		json_object_set_new(o, "file", text(d->files[u->file].path));
		json_object_set_new(o, "function", text(u->name));
		json_object_set_new(o, "at", hex(u->at));
		json_array_append_new(a, o);
	}
	return a;
}

static json_t *imports_json(const struct uc_deps *d)
{
	json_t *a = json_array();

	for (size_t i = 0; i < d->nimports; i++) {
		const struct uc_deps_import *m = &d->imports[i];
		json_t *o;

		if (d->files[m->file].role != UC_DEPS_PROGRAM)
			continue;
		o = json_object();
		json_object_set_new(o, "name", text(m->name));
		json_object_set_new(o, "version", text(m->version));
		json_object_set_new(o, "from", text(d->files[m->file].path));
		json_object_set_new(o, "library",
				    m->to == UINT32_MAX ? json_null() : text(d->files[m->to].path));
		json_array_append_new(a, o);
	}
	return a;
}

json_t *uc_deps_report(const struct uc_deps *d, const struct uc_systab *tab,
		       const struct uc_vec *sources)
{
	json_t *o = json_object(), *s = json_array();

	for (size_t i = 0; i < sources->n; i++)
		json_array_append_new(s, text(sources->v[i]));
	json_object_set_new(o, "report", json_string(UC_DEPS_REPORT));
	json_object_set_new(o, "sources", s);
	json_object_set_new(o, "arch", json_string(d->arch ? d->arch : "x86_64"));
	/* Are these all calls the program can make? */
	json_object_set_new(o, "complete",
			    json_boolean(d->analysed && !d->nunknown && !d->partial));
	json_object_set_new(o, "libraries", files_json(d));
	json_object_set_new(o, "syscalls", calls_json(d, tab));
	json_object_set_new(o, "unresolved", unknown_json(d));
	json_object_set_new(o, "imports", imports_json(d));
	json_object_set_new(o, "named_files", uses_json(d));
	return o;
}

json_t *uc_deps_load(const char *path)
{
	json_error_t e;
	json_t *doc = json_load_file(path, 0, &e);
	const char *kind = json_string_value(json_object_get(doc, "report"));

	if (doc && kind && !strcmp(kind, UC_DEPS_REPORT) &&
	    json_is_array(json_object_get(doc, "libraries")) &&
	    json_is_array(json_object_get(doc, "syscalls")))
		return doc;
	if (doc)
		uc_fail(UC_ST_DATA, path, "make it with unicore deps --json",
			"it is no report of unicore deps");
	else
		uc_fail(UC_ST_DATA, path, NULL, "%s (line %d)", e.text, e.line);
	json_decref(doc);
	return NULL;
}
