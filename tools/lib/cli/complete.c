// SPDX-License-Identifier: BSD-3-Clause
/* Completion scripts for bash, zsh and fish. */
#include <string.h>

#include "internal.h"

/* s inside single quotes of a shell. */
static void quoted(FILE *f, const char *s, const char *escape)
{
	for (; *s; s++) {
		if (*s == '\'')
			fputs("'\\''", f);
		else if (strchr(escape, *s))
			fprintf(f, "\\%c", *s);
		else
			fputc(*s, f);
	}
}

static bool visible(const struct uc_opt *o)
{
	return !(o->flags & UC_OPT_HIDDEN);
}

#define FOR_OPTS(o, c)                                                                             \
	for (const struct uc_opt *o = (c)->opts; o && o->name; o++)                                \
		if (visible(o))

static void bash_value_case(const struct uc_opt *o, const char *cmd, FILE *f)
{
	if (!uc_opt_takes_value(o))
		return;
	fprintf(f, "\t%s:--%s", cmd, o->name);
	if (o->letter)
		fprintf(f, "|%s:-%c", cmd, o->letter);
	fputs(") COMPREPLY=(", f);
	if (o->type == UC_T_ENUM) {
		fputs("$(compgen -W '", f);
		for (int i = 0; o->choices[i]; i++)
			fprintf(f, "%s%s", i ? " " : "", o->choices[i]);
		fputs("' -- \"$cur\")", f);
	} else if (o->hint == UC_HINT_FILE) {
		fputs("$(compgen -f -- \"$cur\")", f);
	} else if (o->hint == UC_HINT_DIR) {
		fputs("$(compgen -d -- \"$cur\")", f);
	}
	fputs("); return ;;\n", f);
}

void uc_cli_complete_bash(const struct uc_cmd *const *cmds, FILE *f)
{
	fputs("# bash completion for unicore\n_unicore()\n{\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} "
	      "cmd=${COMP_WORDS[1]}\n"
	      "\tCOMPREPLY=()\n"
	      "\tif ((COMP_CWORD == 1)); then\n\t\tCOMPREPLY=($(compgen -W '",
	      f);
	for (size_t i = 0; cmds[i]; i++)
		fprintf(f, "%s%s", i ? " " : "", cmds[i]->name);
	fputs("' -- \"$cur\"))\n\t\treturn\n\tfi\n\tcase $cmd:$prev in\n", f);
	for (size_t i = 0; cmds[i]; i++)
		FOR_OPTS(o, cmds[i])
	bash_value_case(o, cmds[i]->name, f);
	fputs("\tesac\n\tcase $cmd:$cur in\n", f);
	for (size_t i = 0; cmds[i]; i++) {
		fprintf(f, "\t%s:-*) COMPREPLY=($(compgen -W '--help", cmds[i]->name);
		FOR_OPTS(o, cmds[i])
		fprintf(f, " --%s", o->name);
		fputs("' -- \"$cur\")) ;;\n", f);
	}
	for (size_t i = 0; cmds[i]; i++) {
		if (cmds[i]->positional != UC_HINT_COMMAND)
			continue;
		fprintf(f, "\t%s:*) COMPREPLY=($(compgen -W '", cmds[i]->name);
		for (size_t j = 0; cmds[j]; j++)
			fprintf(f, "%s%s", j ? " " : "", cmds[j]->name);
		fputs("' -- \"$cur\")) ;;\n", f);
	}
	fputs("\t*) COMPREPLY=($(compgen -f -- \"$cur\")) ;;\n\tesac\n}\n"
	      "complete -o filenames -F _unicore unicore\n",
	      f);
}

static void zsh_option(const struct uc_opt *o, FILE *f)
{
	bool list = o->type == UC_T_LIST || o->type == UC_T_COUNT;

	fputs("\t\t\t'", f);
	if (list)
		fputc('*', f);
	if (o->letter && !list)
		fprintf(f, "(-%c --%s)", o->letter, o->name);
	if (o->letter)
		fprintf(f, "'{-%c,--%s%s}'", o->letter, o->name, uc_opt_takes_value(o) ? "=" : "");
	else
		fprintf(f, "--%s%s", o->name,
			uc_opt_takes_value(o)   ? "="
			: o->type == UC_T_MAYBE ? "=-"
						: "");
	fputc('[', f);
	quoted(f, o->help, "[]:");
	fputc(']', f);
	if (uc_opt_takes_value(o) || o->type == UC_T_MAYBE) {
		fprintf(f, "%s", o->type == UC_T_MAYBE ? "::" : ":");
		quoted(f, o->arg ? o->arg : o->name, "[]:");
		fputc(':', f);
		if (o->type == UC_T_ENUM) {
			fputc('(', f);
			for (int i = 0; o->choices[i]; i++)
				fprintf(f, "%s%s", i ? " " : "", o->choices[i]);
			fputc(')', f);
		} else if (o->hint == UC_HINT_FILE) {
			fputs("_files", f);
		} else if (o->hint == UC_HINT_DIR) {
			fputs("_files -/", f);
		}
	}
	fputs("' \\\n", f);
}

void uc_cli_complete_zsh(const struct uc_cmd *const *cmds, FILE *f)
{
	fputs("#compdef unicore\n_unicore()\n{\n\tlocal -a commands\n\tcommands=(\n", f);
	for (size_t i = 0; cmds[i]; i++) {
		fprintf(f, "\t\t'%s:", cmds[i]->name);
		quoted(f, cmds[i]->summary, ":");
		fputs("'\n", f);
	}
	fputs("\t)\n\tif ((CURRENT == 2)); then\n\t\t_describe command commands\n\t\treturn\n\tfi\n"
	      "\tlocal cmd=$words[2]\n\tshift words\n\t((CURRENT--))\n\tcase $cmd in\n",
	      f);
	for (size_t i = 0; cmds[i]; i++) {
		fprintf(f, "\t%s)\n\t\t_arguments \\\n", cmds[i]->name);
		FOR_OPTS(o, cmds[i])
		zsh_option(o, f);
		fputs("\t\t\t'(-h --help)'{-h,--help}'[show this text]' \\\n", f);
		if (cmds[i]->positional == UC_HINT_COMMAND)
			fputs("\t\t\t':command:->command'\n\t\t[[ $state = command ]] && "
			      "_describe command commands ;;\n",
			      f);
		else
			fputs("\t\t\t'*:file:_files' ;;\n", f);
	}
	fputs("\tesac\n}\n_unicore \"$@\"\n", f);
}

void uc_cli_complete_fish(const struct uc_cmd *const *cmds, FILE *f)
{
	fputs("# fish completion for unicore\n", f);
	for (size_t i = 0; cmds[i]; i++) {
		fprintf(f, "complete -c unicore -n __fish_use_subcommand -f -a %s -d '",
			cmds[i]->name);
		quoted(f, cmds[i]->summary, "");
		fputs("'\n", f);
	}
	for (size_t i = 0; cmds[i]; i++) {
		FOR_OPTS(o, cmds[i])
		{
			fprintf(f, "complete -c unicore -n '__fish_seen_subcommand_from %s' -l %s",
				cmds[i]->name, o->name);
			if (o->letter)
				fprintf(f, " -s %c", o->letter);
			if (uc_opt_takes_value(o))
				fputs(o->hint == UC_HINT_FILE || o->hint == UC_HINT_DIR ? " -r"
											: " -x",
				      f);
			if (o->type == UC_T_ENUM) {
				fputs(" -a '", f);
				for (int k = 0; o->choices[k]; k++)
					fprintf(f, "%s%s", k ? " " : "", o->choices[k]);
				fputc('\'', f);
			}
			fputs(" -d '", f);
			quoted(f, o->help, "");
			fputs("'\n", f);
		}
	}
}
