// SPDX-License-Identifier: BSD-3-Clause
/* Manual pages in man(7) roff. */
#include <ctype.h>
#include <string.h>

#include "internal.h"

/* Text with roff's special characters protected. */
static void roff(FILE *f, const char *s, size_t n)
{
	bool line_start = true;

	for (size_t i = 0; i < n; i++) {
		if (line_start && (s[i] == '.' || s[i] == '\''))
			fputs("\\&", f);
		line_start = s[i] == '\n';
		if (s[i] == '\\')
			fputs("\\e", f);
		else if (s[i] == '-')
			fputs("\\-", f);
		else if (s[i] == '`') /* quoted program text */
			fputs(i && s[i - 1] != ' ' && s[i - 1] != '(' ? "\\(cq" : "\\(oq", f);
		else
			fputc(s[i], f);
	}
}

static void roff_str(FILE *f, const char *s)
{
	roff(f, s, strlen(s));
}

struct man_state {
	FILE *f;
	bool any, verbatim;
};

static void paragraph(const char *s, size_t n, bool verbatim, void *arg)
{
	struct man_state *st = arg;

	if (verbatim != st->verbatim)
		fputs(verbatim ? ".PP\n.in +4n\n.EX\n" : ".EE\n.in\n", st->f);
	if (!verbatim && st->any)
		fputs(".PP\n", st->f);
	st->any = true;
	st->verbatim = verbatim;
	roff(st->f, s, n);
	fputc('\n', st->f);
}

static void prose(FILE *f, const char *text)
{
	struct man_state st = { .f = f };

	uc_prose_walk(text, paragraph, &st);
	if (st.verbatim)
		fputs(".EE\n.in\n", f);
}

static void upper(FILE *f, const char *s)
{
	for (; *s; s++)
		fputc(toupper((unsigned char)*s), f);
}

static void option(FILE *f, const struct uc_opt *o)
{
	char value[160];

	uc_opt_placeholder(o, value, sizeof(value));
	fputs(".TP\n", f);
	if (o->letter)
		fprintf(f, "\\fB\\-%c\\fR, ", o->letter);
	fputs("\\fB\\-\\-", f);
	roff_str(f, o->name);
	fputs("\\fR", f);
	if (*value) {
		fputs(o->type == UC_T_MAYBE ? "[=\\fI" : " \\fI", f);
		roff_str(f, value);
		fputs(o->type == UC_T_MAYBE ? "\\fR]" : "\\fR", f);
	}
	fputc('\n', f);
	fputc(toupper((unsigned char)o->help[0]), f);
	roff_str(f, o->help + 1);
	fputs(".\n", f);
	if (o->more) {
		roff_str(f, o->more);
		fputc('\n', f);
	}
}

static void statuses(FILE *f)
{
	static const struct { int value; const char *text; } all[] = {
#define UC_STATUS_ROW(name, value, text) { value, text },
		UC_STATUSES(UC_STATUS_ROW)
#undef UC_STATUS_ROW
	};

	fputs(".SH EXIT STATUS\n", f);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		fprintf(f, ".TP\n%d\n%s\n", all[i].value, all[i].text);
	fprintf(f, ".TP\n%d+N\nThe program was ended by signal N.\n", UC_ST_SIGNAL_BASE);
}

static void heading(FILE *f, const char *command)
{
	fputs(".\\\" Made by `unicore help --man`; change the command's table instead.\n.TH UNICORE", f);
	if (command) {
		fputs("\\-", f);
		upper(f, command);
	}
	fputs(" 1 \"\" \"unicore\" \"User Commands\"\n", f);
}

void uc_cli_man(const struct uc_cmd *cmd, FILE *f)
{
	heading(f, cmd->name);
	fprintf(f, ".SH NAME\nunicore\\-%s \\- ", cmd->name);
	roff_str(f, cmd->summary);
	fprintf(f, "\n.SH SYNOPSIS\n\\fBunicore %s\\fR ", cmd->name);
	roff_str(f, cmd->synopsis);
	fputs("\n.SH DESCRIPTION\n", f);
	prose(f, cmd->description);
	fputs(".SH OPTIONS\n", f);
	for (const struct uc_opt *o = cmd->opts; o && o->name; o++)
		if (!(o->flags & UC_OPT_HIDDEN))
			option(f, o);
	fputs(".TP\n\\fB\\-h\\fR, \\fB\\-\\-help\\fR\nShow a short help text.\n", f);
	for (const struct uc_section *s = cmd->sections; s && s->title; s++) {
		fputs(".SH ", f);
		upper(f, s->title);
		fputc('\n', f);
		prose(f, s->text);
	}
	statuses(f);
	fputs(".SH SEE ALSO\n", f);
	roff_str(f, cmd->see_also ? cmd->see_also : "unicore(1)");
	fputc('\n', f);
}

void uc_cli_man_main(const struct uc_cmd *const *cmds, FILE *f)
{
	heading(f, NULL);
	fputs(".SH NAME\nunicore \\- run a Linux program in a virtual machine of its own, without Linux\n"
	      ".SH SYNOPSIS\n\\fBunicore\\fR \\fICOMMAND\\fR [options] ...\n.SH DESCRIPTION\n", f);
	prose(f, "unicore turns a Linux program into a small virtual machine image: the unmodified "
		 "program, its files, and a kernel made of only those parts that the program needs. "
		 "`unicore run` starts it and connects the terminal, so that it is used like the "
		 "program itself: standard input and output, arguments, signals and exit status pass "
		 "through.\n\n"
		 "  unicore run /usr/bin/sqlite3 -- :memory: 'select 6*7'\n"
		 "  unicore build -o hello.img ./hello\n"
		 "  unicore run hello.img");
	fputs(".SH COMMANDS\n", f);
	for (; *cmds; cmds++) {
		fprintf(f, ".TP\n\\fB%s\\fR\n", (*cmds)->name);
		fputc(toupper((unsigned char)(*cmds)->summary[0]), f);
		roff_str(f, (*cmds)->summary + 1);
		fprintf(f, ". See \\fBunicore\\-%s\\fR(1).\n", (*cmds)->name);
	}
	statuses(f);
	fputs(".SH ENVIRONMENT\n.TP\n\\fBXDG_CACHE_HOME\\fR\nImages that are built on the fly and "
	      "measurements of this machine are kept in \\fIunicore\\fR below it (default: "
	      "~/.cache).\n.TP\n\\fBUNICORE_QEMU\\fR\nThe emulator to use when \\-\\-qemu is not "
	      "given.\n", f);
	fputs(".SH SEE ALSO\nunicore\\-run(1), unicore\\-build(1), qemu\\-system\\-x86_64(1)\n", f);
}
