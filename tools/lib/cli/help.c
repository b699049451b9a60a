// SPDX-License-Identifier: BSD-3-Clause
/* --help text. */
#include <string.h>

#include "internal.h"

#define WIDTH   88
#define OPT_COL 30

/* Prints words of s wrapped at WIDTH, starting at column `col`, continuing at `indent`. */
static void wrap(FILE *f, const char *s, size_t n, size_t col, size_t indent)
{
	const char *end = s + n;
	bool first = true;

	while (s < end) {
		while (s < end && (*s == ' ' || *s == '\n'))
			s++;
		const char *w = s;
		while (s < end && *s != ' ' && *s != '\n')
			s++;
		size_t len = (size_t)(s - w);
		if (!len)
			break;
		if (!first && col + 1 + len > WIDTH) {
			fprintf(f, "\n%*s", (int)indent, "");
			col = indent;
		} else if (!first) {
			fputc(' ', f);
			col++;
		}
		fwrite(w, 1, len, f);
		col += len;
		first = false;
	}
	fputc('\n', f);
}

struct prose_state {
	FILE *f;
	bool any, verbatim;
};

static void paragraph(const char *s, size_t n, bool verbatim, void *arg)
{
	struct prose_state *st = arg;

	if (st->any && !(verbatim && st->verbatim))
		fputc('\n', st->f);
	st->any = true;
	st->verbatim = verbatim;
	if (verbatim)
		fprintf(st->f, "    %.*s\n", (int)n, s);
	else
		wrap(st->f, s, n, 0, 0);
}

static void option(FILE *f, const struct uc_opt *o)
{
	char value[160], head[256];

	uc_opt_placeholder(o, value, sizeof(value));
	const char *sep = o->type == UC_T_MAYBE ? "[=" : *value ? " " : "";
	int n = snprintf(head, sizeof(head), "  %c%c%s --%s%s%s%s", o->letter ? '-' : ' ',
			 o->letter ? o->letter : ' ', o->letter ? "," : " ", o->name, sep, value,
			 o->type == UC_T_MAYBE ? "]" : "");
	fputs(head, f);
	if (n >= OPT_COL - 1)
		fprintf(f, "\n%*s", OPT_COL, "");
	else
		fprintf(f, "%*s", OPT_COL - n, "");
	wrap(f, o->help, strlen(o->help), OPT_COL, OPT_COL);
}

void uc_cli_help(const struct uc_cmd *cmd, FILE *f)
{
	static const struct uc_opt help = {
		.letter = 'h', .name = "help", .type = UC_T_FLAG, .help = "show this text"
	};

	fprintf(f, "usage: unicore %s %s\n\n", cmd->name, cmd->synopsis);
	uc_prose_walk(cmd->description, paragraph, &(struct prose_state){ .f = f });
	fputs("\noptions:\n", f);
	for (const struct uc_opt *o = cmd->opts; o && o->name; o++)
		if (!(o->flags & UC_OPT_HIDDEN))
			option(f, o);
	option(f, &help);
	if (cmd->sections)
		fprintf(f, "\n`unicore help --man %s | man -l -` shows the manual.\n", cmd->name);
}
