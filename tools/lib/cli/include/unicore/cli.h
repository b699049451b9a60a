// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_CLI_H
#define UNICORE_CLI_H
/*
 * One table describes a command: parsing, --help, shell completion and the manual page are made
 * from it. Usage in tools/cmd/NAME.c:
 *
 *     struct opts { bool force; const char *out; uint64_t mem; struct uc_strlist env; int fmt; };
 *     static const char *const formats[] = { "text", "json", NULL };
 *     static const struct uc_opt table[] = {
 *         UC_OPT_FLAG('f', "force", struct opts, force, "overwrite what exists"),
 *         UC_OPT_STRING('o', "output", "DIR", UC_HINT_DIR, struct opts, out, "where to put it"),
 *         UC_OPT_SIZE('m', "memory", "SIZE", struct opts, mem, "guest memory"),
 *         UC_OPT_LIST('e', "env", "NAME=VALUE", UC_HINT_NONE, struct opts, env, "set a variable"),
 *         UC_OPT_ENUM(0, "format", formats, struct opts, fmt, "output format"),
 *         UC_OPT_END
 *     };
 *     const struct uc_cmd uc_cmdinfo_NAME = { .name = "NAME", .main = uc_cmd_NAME, ... };
 *
 *     int uc_cmd_NAME(int argc, char **argv)
 *     {
 *         struct opts o = { .fmt = 0 };             // the values here are the defaults
 *         struct uc_args args;
 *         int st = uc_cli_parse(&uc_cmdinfo_NAME, argc, argv, &o, &args);
 *         if (st >= 0)
 *             return st;                            // --help was printed, or a usage error
 *         ...
 *     }
 *
 * Every command has -h/--help without listing it. An option may be written --name VALUE,
 * --name=VALUE, -x VALUE, -xVALUE; flags combine (-ab). `--` ends the options.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <unicore/exit.h>
#include <unicore/msg.h>

/* Strings point into argv; items is allocated (lives until exit). */
struct uc_strlist {
	const char **items;
	size_t n;
};

enum uc_opt_type {
	UC_T_FLAG,   /* bool; --no-NAME clears it if UC_OPT_NEGATABLE */
	UC_T_COUNT,  /* int, +1 each time (-vv) */
	UC_T_STRING, /* const char * */
	UC_T_MAYBE, /* const char *, value optional: --name or --name=VALUE (then "" when absent) */
	UC_T_LIST,  /* struct uc_strlist, may be repeated */
	UC_T_SIZE,  /* uint64_t bytes: number with K, M, G, T (powers of 1024; B, iB may follow) */
	UC_T_UINT,    /* uint64_t, decimal or 0x */
	UC_T_SECONDS, /* double, decimal fraction, or with suffix ms, s, m, h */
	UC_T_ENUM,    /* int: index into choices */
};
enum uc_opt_hint { /* what completion offers for the value */
		   UC_HINT_NONE,
		   UC_HINT_FILE,
		   UC_HINT_DIR,
		   UC_HINT_COMMAND,
};
#define UC_OPT_NEGATABLE 1u
#define UC_OPT_HIDDEN    2u /* not in help, completion and manual */

struct uc_opt {
	char letter;      /* 0: none */
	const char *name; /* without dashes; NULL ends the table */
	enum uc_opt_type type;
	const char *arg;            /* placeholder of the value in help */
	const char *help;           /* one sentence part, lower case, no full stop */
	size_t offset;              /* of the variable in the caller's struct */
	const char *const *choices; /* UC_T_ENUM, NULL-terminated */
	enum uc_opt_hint hint;
	unsigned flags;
	const char *more;  /* further prose for the manual, or NULL */
	uint64_t min, max; /* UC_T_SIZE, UC_T_UINT: allowed range if max != 0 */
};

#define UC_OPT_(l, nm, t, a, h, T, m, ...)                                                         \
	{                                                                                          \
		.letter = (l), .name = (nm), .type = (t), .arg = (a), .help = (h),                 \
		.offset = offsetof(T, m), __VA_ARGS__                                              \
	}
#define UC_OPT_FLAG(l, nm, T, m, h, ...)  UC_OPT_(l, nm, UC_T_FLAG, NULL, h, T, m, __VA_ARGS__)
#define UC_OPT_COUNT(l, nm, T, m, h, ...) UC_OPT_(l, nm, UC_T_COUNT, NULL, h, T, m, __VA_ARGS__)
#define UC_OPT_STRING(l, nm, a, hi, T, m, h, ...)                                                  \
	UC_OPT_(l, nm, UC_T_STRING, a, h, T, m, .hint = (hi), __VA_ARGS__)
#define UC_OPT_MAYBE(l, nm, a, hi, T, m, h, ...)                                                   \
	UC_OPT_(l, nm, UC_T_MAYBE, a, h, T, m, .hint = (hi), __VA_ARGS__)
#define UC_OPT_LIST(l, nm, a, hi, T, m, h, ...)                                                    \
	UC_OPT_(l, nm, UC_T_LIST, a, h, T, m, .hint = (hi), __VA_ARGS__)
#define UC_OPT_SIZE(l, nm, a, T, m, h, ...)    UC_OPT_(l, nm, UC_T_SIZE, a, h, T, m, __VA_ARGS__)
#define UC_OPT_UINT(l, nm, a, T, m, h, ...)    UC_OPT_(l, nm, UC_T_UINT, a, h, T, m, __VA_ARGS__)
#define UC_OPT_SECONDS(l, nm, a, T, m, h, ...) UC_OPT_(l, nm, UC_T_SECONDS, a, h, T, m, __VA_ARGS__)
#define UC_OPT_ENUM(l, nm, ch, T, m, h, ...)                                                       \
	UC_OPT_(l, nm, UC_T_ENUM, NULL, h, T, m, .choices = (ch), __VA_ARGS__)
#define UC_OPT_END                                                                                 \
	{                                                                                          \
		.name = NULL                                                                       \
	}

/* Prose for the manual. text: paragraphs separated by an empty line; a line that starts with two
 * spaces is an example and is kept as it is. */
struct uc_section {
	const char *title;
	const char *text;
};

struct uc_cmd {
	const char *name;
	int (*main)(int argc,
		    char **argv); /* argv[0] is the command's name; returns the exit status */
	const char *synopsis;     /* positional part: "[options] SOURCE..." */
	const char *summary;      /* one sentence part for lists */
	const char *description;  /* prose as in struct uc_section; first in --help too */
	const struct uc_opt *opts;
	const struct uc_section *sections; /* NULL-title-terminated, or NULL */
	const char *see_also;              /* "unicore(1), qemu-system-x86_64(1)", or NULL */
	unsigned min_args, max_args; /* positional arguments; max 0 with min 0: none; UC_ARGS_ANY */
	/* After this many positional arguments everything is left alone (options of another
	 * program; one leading `--` there is dropped). 0: options may stand anywhere. */
	unsigned stop_after;
	enum uc_opt_hint positional; /* completion of positional arguments */
};
#define UC_ARGS_ANY 0xffffffffu

/* Positional arguments in order, pointing into argv; v is NULL-terminated, allocated. */
struct uc_args {
	char **v;
	size_t n;
};

/*
 * Parses argv[1..] into *out (a struct that the offsets refer to) and *args.
 * Returns -1 to go on, or the exit status to end with: 0 after --help, UC_ST_USAGE after a message.
 */
int uc_cli_parse(const struct uc_cmd *cmd, int argc, char **argv, void *out, struct uc_args *args);

/* How many arguments stand behind a `--`; they are the last of struct uc_args. *given: is there
 * one? */
size_t uc_cli_after_dashes(int argc, char **argv, bool *given);

/* Values, for other users of the same syntax. 0 or -EINVAL / -ERANGE. */
int uc_parse_size(const char *s, uint64_t *out);
int uc_parse_uint(const char *s, uint64_t *out);
int uc_parse_seconds(const char *s, double *out);
/* "256M", "1.5M": shortest exact or one-decimal form. buf of 16 bytes at least. */
const char *uc_size_text(uint64_t bytes, char *buf, size_t cap);
/* Nearest name in a NULL-terminated list, or NULL if nothing is near (for "did you mean"). */
const char *uc_nearest(const char *word, const char *const *names);

/* Generators; cmds is NULL-terminated. */
void uc_cli_help(const struct uc_cmd *cmd, FILE *f);
void uc_cli_man(const struct uc_cmd *cmd, FILE *f);
void uc_cli_man_main(const struct uc_cmd *const *cmds, FILE *f); /* unicore(1) */
void uc_cli_complete_bash(const struct uc_cmd *const *cmds, FILE *f);
void uc_cli_complete_zsh(const struct uc_cmd *const *cmds, FILE *f);
void uc_cli_complete_fish(const struct uc_cmd *const *cmds, FILE *f);

#endif
