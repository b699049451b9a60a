// SPDX-License-Identifier: BSD-3-Clause
/* Graph of files and of the system calls that their code makes, in Graphviz' language. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <unicore/msg.h>

#include "view.h"

static void quoted(const char *s, FILE *f)
{
	fputc('"', f);
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			fputc('\\', f);
		fputc((unsigned char)*s < ' ' ? '?' : *s, f);
	}
	fputc('"', f);
}

static void edge(const char *from, const char *to, const char *more, FILE *f)
{
	fputc('\t', f);
	quoted(from, f);
	fputs(" -> ", f);
	quoted(to, f);
	fprintf(f, "%s;\n", more);
}

static void files(const json_t *doc, FILE *f)
{
	json_t *o;
	size_t i;

	json_array_foreach(json_object_get(doc, "libraries"), i, o)
	{
		const char *role = uc_json_str(o, "role"), *by = uc_json_str(o, "needed_by");

		fputc('\t', f);
		quoted(uc_json_str(o, "path"), f);
		fputs(" [label=", f);
		quoted(uc_path_base(uc_json_str(o, "path")), f);
		fprintf(f, ", shape=box%s];\n", strcmp(role, "program") ? "" : ", style=bold");
		if (*by)
			edge(by, uc_json_str(o, "path"), "", f);
	}
}

static void calls(const json_t *doc, FILE *f)
{
	json_t *o;
	size_t i;

	json_array_foreach(json_object_get(doc, "syscalls"), i, o)
	{
		const json_t *via = json_object_get(o, "via");
		size_t n = json_array_size(via);

		if (n)
			edge(uc_json_str(json_array_get(via, n - 1), "file"),
			     uc_json_str(o, "name"), " [style=dotted]", f);
	}
}

void uc_deps_show_dot(const json_t *doc, FILE *f)
{
	fputs("digraph deps {\n\trankdir=LR;\n\tnode [fontname=\"sans-serif\", fontsize=10];\n", f);
	files(doc, f);
	calls(doc, f);
	fputs("}\n", f);
}

int uc_deps_draw(const json_t *doc, const char *path)
{
	char *dot = uc_xasprintf("%s.dot%ld", path, (long)getpid());
	const char *argv[] = { "dot", "-Tsvg", "-o", path, dot, NULL };
	struct uc_buf err = { 0 };
	FILE *f = fopen(dot, "we");
	int rc = 0;

	if (!f)
		rc = uc_fail_os(UC_ST_CANTCREAT, dot, NULL, errno, "cannot create it");
	if (f)
		uc_deps_show_dot(doc, f);
	if (f && fclose(f))
		rc = uc_fail_os(UC_ST_CANTCREAT, dot, NULL, errno, "cannot write it");
	if (!rc)
		rc = uc_run(argv, NULL, NULL, &err);
	if (rc < 0)
		rc = uc_fail(UC_ST_UNAVAILABLE, "dot", "install graphviz, or use --dot",
			     "cannot run it: %s", strerror(-rc));
	else if (rc && err.n)
		rc = uc_fail(UC_ST_CANTCREAT, path, NULL, "dot says: %s", err.p);
	unlink(dot);
	uc_buf_free(&err);
	free(dot);
	return rc;
}
