// SPDX-License-Identifier: BSD-3-Clause
#include <string.h>

#include <unicore/depsview.h>
#include <unicore/msg.h>

#include "view.h"

const char *uc_deps_step_text(const json_t *step, char *buf, size_t cap)
{
	const char *f = uc_json_str(step, "function"), *data = uc_json_str(step, "data");

	snprintf(buf, cap, "%s:%s%s", uc_path_base(uc_json_str(step, "file")), *f ? "" : "data ",
		 *f ? f : data);
	return buf;
}

void uc_deps_print_path(const json_t *via, const char *between, FILE *f)
{
	char buf[512];
	json_t *step;
	size_t i;

	json_array_foreach(via, i, step)
		fprintf(f, "%s%s", i ? between : "", uc_deps_step_text(step, buf, sizeof(buf)));
}

static void print_files(const json_t *doc, FILE *f)
{
	json_t *o;
	size_t i;

	fputs("files:\n", f);
	json_array_foreach(json_object_get(doc, "libraries"), i, o)
		fprintf(f, "  %-52s %s\n", uc_json_str(o, "path"), uc_json_str(o, "why"));
}

/* " request=0x5401,0x5413,..." */
static void print_arguments(const json_t *call, FILE *f)
{
	const json_t *o, *v;
	size_t i, k;

	json_array_foreach(json_object_get(call, "arguments"), i, o)
	{
		bool hex = !strcmp(uc_json_str(o, "name"), "request"), any = false;

		fprintf(f, " %s=", uc_json_str(o, "name"));
		json_array_foreach(json_object_get(o, "values"), k, v)
		{
			fprintf(f, hex ? "%s0x%llx" : "%s%lld", any ? "," : "",
				(long long)json_integer_value(v));
			any = true;
		}
		if (!json_is_true(json_object_get(o, "complete")))
			fputs(any ? ",..." : "...", f);
	}
}

static void print_calls(const json_t *doc, bool paths, FILE *f)
{
	json_t *o;
	size_t i;

	fputs("system calls:\n", f);
	json_array_foreach(json_object_get(doc, "syscalls"), i, o)
	{
		const json_t *via = json_object_get(o, "via");
		const char *need = uc_json_str(o, "need");

		fprintf(f, "  %4lld %-24s",
			(long long)json_integer_value(json_object_get(o, "number")),
			uc_json_str(o, "name"));
		if (!json_is_true(json_object_get(o, "static")))
			fputs(" traced only", f);
		else if (json_is_true(json_object_get(o, "traced")))
			fputs(" traced", f);
		if (strcmp(need, "unknown"))
			fprintf(f, " %s", need);
		if (!strcmp(uc_json_str(o, "phase"), "steady"))
			fputs(" steady", f);
		print_arguments(o, f);
		if (paths && json_array_size(via)) {
			fputs(" ", f);
			uc_deps_print_path(via, " > ", f);
		}
		fputs("\n", f);
	}
}

static void print_unknown(const json_t *doc, FILE *f)
{
	json_t *o;
	size_t i;

	if (!json_array_size(json_object_get(doc, "unresolved")))
		return;
	fputs("unresolved (any system call may be made there):\n", f);
	json_array_foreach(json_object_get(doc, "unresolved"), i, o)
	{
		fprintf(f, "  %s: ", uc_json_str(o, "why"));
		uc_deps_print_path(json_object_get(o, "via"), " > ", f);
		fputs("\n", f);
	}
}

void uc_deps_show_text(const json_t *doc, bool paths, FILE *f)
{
	print_files(doc, f);
	print_calls(doc, paths, f);
	print_unknown(doc, f);
	fprintf(f, "%zu files, %zu system calls, %zu library calls, %zu unresolved%s\n",
		json_array_size(json_object_get(doc, "libraries")),
		json_array_size(json_object_get(doc, "syscalls")),
		json_array_size(json_object_get(doc, "imports")),
		json_array_size(json_object_get(doc, "unresolved")),
		json_is_true(json_object_get(doc, "complete")) ? "" : ": not complete");
}

/* ---- --explain ---- */

static bool names_file(const json_t *o, const char *what)
{
	const char *path = uc_json_str(o, "path"), *soname = uc_json_str(o, "soname");

	return !strcmp(path, what) || !strcmp(uc_path_base(path), what) || !strcmp(soname, what);
}

static const json_t *find_file(const json_t *doc, const char *what)
{
	json_t *o;
	size_t i;

	json_array_foreach(json_object_get(doc, "libraries"), i,
			   o) if (names_file(o, what)) return o;
	return NULL;
}

static void explain_file(const json_t *doc, const json_t *o, FILE *f)
{
	for (unsigned n = 0; o && n < 64; n++) {
		const char *by = uc_json_str(o, "needed_by");

		fprintf(f, "%*s%s: %s (%lld functions reached)\n", (int)(2 * n), "",
			uc_json_str(o, "path"), uc_json_str(o, "why"),
			(long long)json_integer_value(json_object_get(o, "reached")));
		o = *by ? find_file(doc, by) : NULL;
	}
}

static void explain_call(const json_t *o, FILE *f)
{
	const json_t *via = json_object_get(o, "via");
	char buf[512];
	json_t *step;
	size_t i;

	fprintf(f, "%s (%lld): %lld places in reached code make it%s\n", uc_json_str(o, "name"),
		(long long)json_integer_value(json_object_get(o, "number")),
		(long long)json_integer_value(json_object_get(o, "sites")),
		json_is_true(json_object_get(o, "traced")) ? "; seen in a trace" : "");
	json_array_foreach(via, i, step)
		fprintf(f, "  %s (at %s)\n", uc_deps_step_text(step, buf, sizeof(buf)),
			uc_json_str(step, "at"));
}

int uc_deps_explain(const json_t *doc, const struct uc_systab *tab, const char *what, FILE *f)
{
	const json_t *file = find_file(doc, what);
	uint64_t nr;
	json_t *o;
	size_t i;

	if (file) {
		explain_file(doc, file, f);
		return 0;
	}
	if (uc_parse_uint(what, &nr)) {
		int known = uc_systab_number(tab, what);

		if (known < 0)
			return uc_fail(UC_ST_USAGE, what, "name a system call or one of the files",
				       "neither a system call nor a file of the program");
		nr = (uint64_t)known;
	}
	json_array_foreach(json_object_get(doc, "syscalls"), i,
			   o) if (json_integer_value(json_object_get(o, "number")) ==
				  (json_int_t)nr)
	{
		explain_call(o, f);
		return 0;
	}
	fprintf(f, "%s: no reached code makes it%s\n", what,
		json_is_true(json_object_get(doc, "complete"))
			? ""
			: ", but there are calls whose number is not known");
	return 0;
}
