// SPDX-License-Identifier: BSD-3-Clause
/* The option parser. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/cli.h>

#include "internal.h"

#define GO_ON (-1)

bool uc_opt_takes_value(const struct uc_opt *o)
{
	return o->type != UC_T_FLAG && o->type != UC_T_COUNT && o->type != UC_T_MAYBE;
}

/* What a parse works on. */
struct parse {
	const struct uc_cmd *cmd;
	char **argv;
	int argc, at;
	void *out;
	struct uc_args *args;
	char fix[128];
};

static const char *see_help(struct parse *p)
{
	snprintf(p->fix, sizeof(p->fix), "see `unicore %s --help`", p->cmd->name);
	return p->fix;
}

static const struct uc_opt *find_long(const struct uc_cmd *cmd, const char *name, size_t len)
{
	for (const struct uc_opt *o = cmd->opts; o && o->name; o++)
		if (strlen(o->name) == len && !memcmp(o->name, name, len))
			return o;
	return NULL;
}

static const struct uc_opt *find_letter(const struct uc_cmd *cmd, char letter)
{
	for (const struct uc_opt *o = cmd->opts; o && o->name; o++)
		if (o->letter == letter)
			return o;
	return NULL;
}

static void list_add(struct uc_strlist *l, const char *s)
{
	const char **items = realloc(l->items, (l->n + 1) * sizeof(*items));

	if (!items)
		abort(); /* a few pointers: nothing sensible is left to do */
	l->items = items;
	l->items[l->n++] = s;
}

static int bad_value(const struct uc_opt *o, const char *value, const char *fix, const char *why)
{
	char what[256];

	snprintf(what, sizeof(what), "--%s %s", o->name, value);
	return uc_fail(UC_ST_USAGE, what, fix, "%s", why);
}

static int set_enum(const struct uc_opt *o, const char *value, int *out)
{
	char all[256], fix[300];

	for (int i = 0; o->choices[i]; i++) {
		if (!strcmp(o->choices[i], value)) {
			*out = i;
			return GO_ON;
		}
	}
	uc_opt_placeholder(o, all, sizeof(all));
	snprintf(fix, sizeof(fix), "choose one of %s", all);
	return bad_value(o, value, fix, "not a known value");
}

static int set_number(const struct uc_opt *o, const char *value, uint64_t *out)
{
	bool size = o->type == UC_T_SIZE;
	uint64_t v = 0;
	int err = size ? uc_parse_size(value, &v) : uc_parse_uint(value, &v);

	if (err == -EINVAL)
		return bad_value(o, value,
				 size ? "write a number such as 65536, 64K, 256M or 1G" : NULL,
				 size ? "not a size" : "not a number");
	if (err || (o->max && (v < o->min || v > o->max))) {
		char lo[32], hi[32], why[128];

		if (!o->max) {
			snprintf(why, sizeof(why), "the number is too large");
		} else if (size) {
			snprintf(why, sizeof(why), "out of range %s..%s",
				 uc_size_text(o->min, lo, sizeof(lo)),
				 uc_size_text(o->max, hi, sizeof(hi)));
		} else {
			snprintf(why, sizeof(why), "out of range %llu..%llu",
				 (unsigned long long)o->min, (unsigned long long)o->max);
		}
		return bad_value(o, value, NULL, why);
	}
	*out = v;
	return GO_ON;
}

/* value is NULL for options without one. */
static int opt_set(struct parse *p, const struct uc_opt *o, const char *value, bool on)
{
	void *at = (char *)p->out + o->offset;

	switch (o->type) {
	case UC_T_FLAG:
		*(bool *)at = on;
		return GO_ON;
	case UC_T_COUNT:
		++*(int *)at;
		return GO_ON;
	case UC_T_MAYBE:
		*(const char **)at = value ? value : "";
		return GO_ON;
	case UC_T_STRING:
		*(const char **)at = value;
		return GO_ON;
	case UC_T_LIST:
		list_add(at, value);
		return GO_ON;
	case UC_T_SIZE:
	case UC_T_UINT:
		return set_number(o, value, at);
	case UC_T_SECONDS:
		if (uc_parse_seconds(value, at))
			return bad_value(o, value,
					 "write seconds such as 10 or 0.5, or 500ms, 2m, 1h",
					 "not a duration");
		return GO_ON;
	case UC_T_ENUM:
		return set_enum(o, value, at);
	}
	return UC_ST_INTERNAL;
}

static int unknown_option(struct parse *p, const char *name)
{
	const char *names[128];
	size_t n = 0;

	for (const struct uc_opt *o = p->cmd->opts; o && o->name && n < 126; o++)
		if (!(o->flags & UC_OPT_HIDDEN))
			names[n++] = o->name;
	names[n++] = "help";
	names[n] = NULL;
	const char *near = strlen(name) > 1 ? uc_nearest(name, names) : NULL;
	char what[128];
	snprintf(what, sizeof(what), "%s%.100s", strlen(name) > 1 ? "--" : "-", name);
	if (near)
		return uc_fail(UC_ST_USAGE, what, see_help(p), "unknown option; did you mean --%s?",
			       near);
	return uc_fail(UC_ST_USAGE, what, see_help(p), "unknown option");
}

static int parse_long(struct parse *p, const char *text)
{
	const char *eq = strchr(text, '=');
	size_t len = eq ? (size_t)(eq - text) : strlen(text);
	const struct uc_opt *o = find_long(p->cmd, text, len);
	char name[128];
	bool on = true;

	snprintf(name, sizeof(name), "%.*s", (int)(len < 120 ? len : 120), text);
	if (!o && !strncmp(text, "no-", 3)) {
		o = find_long(p->cmd, text + 3, len - 3);
		if (o && !(o->flags & UC_OPT_NEGATABLE))
			o = NULL;
		on = false;
	}
	if (!o && !strcmp(name, "help")) {
		uc_cli_help(p->cmd, stdout);
		return UC_ST_OK;
	}
	if (!o)
		return unknown_option(p, name);
	if (!uc_opt_takes_value(o)) {
		if (eq && o->type != UC_T_MAYBE)
			return bad_value(o, eq + 1, NULL, "this option takes no value");
		return opt_set(p, o, eq ? eq + 1 : NULL, on);
	}
	if (eq)
		return opt_set(p, o, eq + 1, on);
	if (p->at >= p->argc) {
		char what[140];

		snprintf(what, sizeof(what), "--%s", name);
		return uc_fail(UC_ST_USAGE, what, see_help(p), "a value is missing");
	}
	return opt_set(p, o, p->argv[p->at++], on);
}

static int parse_letters(struct parse *p, const char *s)
{
	while (*s) {
		const struct uc_opt *o = find_letter(p->cmd, *s);
		char name[2] = { *s, 0 };

		s++;
		if (!o && name[0] == 'h') {
			uc_cli_help(p->cmd, stdout);
			return UC_ST_OK;
		}
		if (!o)
			return unknown_option(p, name);
		int st;
		if (!uc_opt_takes_value(o)) {
			st = opt_set(p, o, NULL, true);
			if (st != GO_ON)
				return st;
			continue;
		}
		if (*s)
			return opt_set(p, o, s, true);
		if (p->at < p->argc)
			return opt_set(p, o, p->argv[p->at++], true);
		char what[3] = { '-', name[0], 0 };
		return uc_fail(UC_ST_USAGE, what, see_help(p), "a value is missing");
	}
	return GO_ON;
}

static int check_count(struct parse *p)
{
	size_t n = p->args->n;

	if (n < p->cmd->min_args)
		return uc_fail(UC_ST_USAGE, p->cmd->name, see_help(p),
			       "an argument is missing: unicore %s %s", p->cmd->name,
			       p->cmd->synopsis);
	if (n > p->cmd->max_args)
		return uc_fail(UC_ST_USAGE, p->args->v[p->cmd->max_args], see_help(p),
			       "unexpected argument");
	return GO_ON;
}

int uc_cli_parse(const struct uc_cmd *cmd, int argc, char **argv, void *out, struct uc_args *args)
{
	struct parse p = {
		.cmd = cmd, .argv = argv, .argc = argc, .at = 1, .out = out, .args = args
	};
	bool options = true;

	args->n = 0;
	args->v = calloc((size_t)argc + 1, sizeof(*args->v));
	if (!args->v)
		return uc_fail(UC_ST_OSERR, cmd->name, NULL, "out of memory");
	while (p.at < argc) {
		char *a = argv[p.at++];
		int st = GO_ON;

		if (options && cmd->stop_after && args->n >= cmd->stop_after) {
			options = false; /* the rest belongs to another program */
			if (!strcmp(a, "--"))
				continue;
		}
		if (!options || a[0] != '-' || !a[1])
			args->v[args->n++] = a;
		else if (!strcmp(a, "--"))
			/* before the first positional argument `--` only protects that one */
			options = cmd->stop_after != 0 && args->n < cmd->stop_after &&
				  p.at < argc && (args->v[args->n++] = argv[p.at++]);
		else if (a[1] == '-')
			st = parse_long(&p, a + 2);
		else
			st = parse_letters(&p, a + 1);
		if (st != GO_ON)
			return st;
	}
	return check_count(&p);
}

size_t uc_cli_after_dashes(int argc, char **argv, bool *given)
{
	int at = 1;

	while (at < argc && argv[at] && strcmp(argv[at], "--")) at++;
	*given = at < argc;
	return *given ? (size_t)(argc - at - 1) : 0;
}
