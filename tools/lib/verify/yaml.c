// SPDX-License-Identifier: BSD-3-Clause
/* verify.yaml: cases as data. */
#include <errno.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/cli.h>
#include <unicore/yamlread.h>

#include <unicore/verify.h>

static int decode_seconds(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	double v;

	if (!uc_yaml_is_text(n) || uc_parse_seconds(uc_yaml_text(n), &v) || v <= 0)
		return uc_yaml_fail(d, n, "write seconds, or 500ms, 2m",
				    "a length of time is expected here");
	*(double *)to = v;
	return 0;
}

static int decode_port(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	uint64_t v;

	if (!uc_yaml_is_text(n) || uc_parse_uint(uc_yaml_text(n), &v) || !v || v > 65535)
		return uc_yaml_fail(d, n, "write a number from 1 to 65535", "not a port");
	*(unsigned *)to = (unsigned)v;
	return 0;
}

/* Index of the text in a list of names, or -1. */
static int choice(const yaml_node_t *n, const char *const *names)
{
	for (int i = 0; uc_yaml_is_text(n) && names[i]; i++)
		if (!strcmp(uc_yaml_text(n), names[i]))
			return i;
	return -1;
}

static int decode_timing(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	static const char *const names[] = { "bounded", "waits", "any", NULL };
	int i = choice(n, names);

	if (i < 0)
		return uc_yaml_fail(d, n, "write bounded, waits or any", "not a class of times");
	*(enum uc_vtiming *)to = (enum uc_vtiming)i;
	return 0;
}

static int decode_input(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	struct uc_vcase *c = to;

	return uc_yaml_bytes(d, n, &c->input, &c->input_len);
}

/* ---- files ---- */

static int decode_text(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	struct uc_vfile *f = to;

	return uc_yaml_bytes(d, n, &f->text, &f->len);
}

static const struct uc_yaml_key file_keys[] = {
	{ "name", uc_yaml_string, offsetof(struct uc_vfile, name) },
	{ "from", uc_yaml_string, offsetof(struct uc_vfile, from) },
	{ "text", decode_text, 0 },
	{ "mode", uc_yaml_mode, offsetof(struct uc_vfile, mode) },
	{ NULL, NULL, 0 }
};

static bool is_inside(const char *name)
{
	char *rooted = uc_path_join("/", name), *clean = uc_path_clean(rooted);
	bool ok = name[0] != '/' && !strcmp(clean, rooted);

	free(clean);
	free(rooted);
	return ok;
}

static int add_file(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	struct uc_vcase *c = to;
	struct uc_vfile *f;
	int rc;

	c->files = uc_room(c->files, c->nfiles, sizeof(*f));
	f = &c->files[c->nfiles++];
	*f = (struct uc_vfile){ .mode = -1 };
	rc = uc_yaml_mapping(d, n, file_keys, f);
	if (rc)
		return rc;
	if (!f->from == !f->text)
		return uc_yaml_fail(d, n, "write from: PATH or text: |",
				    "a file comes either from the host or as text");
	if (!f->name && f->from)
		f->name = uc_xstrdup(uc_path_base(f->from));
	if (!f->name || !is_inside(f->name))
		return uc_yaml_fail(d, n, "add name: PATH without / in front and without ..",
				    "a name in the work folder is missing");
	return 0;
}

static int decode_files(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	return uc_yaml_each(d, n, "write one `- name: NAME` a line", "files", add_file, to);
}

/* ---- sessions ---- */

static const char *const step_names[] = { "send", "until", "close", NULL };

static int add_step(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	struct uc_vsession *s = to;
	const yaml_node_pair_t *p;
	struct uc_vstep *step;
	int what;

	if (n->type != YAML_MAPPING_NODE ||
	    n->data.mapping.pairs.top != n->data.mapping.pairs.start + 1)
		return uc_yaml_fail(d, n, "write send: BYTES, until: BYTES or close: yes",
				    "one step of an exchange is expected here");
	p = n->data.mapping.pairs.start;
	what = choice(uc_yaml_node(d, p->key), step_names);
	if (what < 0 || !uc_yaml_node(d, p->value))
		return uc_yaml_fail(d, n, "write send: BYTES, until: BYTES or close: yes",
				    "not a step of an exchange");
	s->steps = uc_room(s->steps, s->nsteps, sizeof(*step));
	step = &s->steps[s->nsteps++];
	*step = (struct uc_vstep){ .send = what == 0 };
	return what == 2 ? 0
			 : uc_yaml_bytes(d, uc_yaml_node(d, p->value), &step->bytes, &step->len);
}

static int decode_exchange(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	return uc_yaml_each(d, n, "write one `- send: BYTES` or `- until: BYTES` a line", "steps",
			    add_step, to);
}

static const struct uc_yaml_key session_keys[] = { { "client", uc_yaml_string,
						     offsetof(struct uc_vsession, script) },
						   { "exchange", decode_exchange, 0 },
						   { NULL, NULL, 0 } };

static int add_session(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	struct uc_vcase *c = to;
	struct uc_vsession *s;
	int rc;

	c->sessions = uc_room(c->sessions, c->nsessions, sizeof(*s));
	s = &c->sessions[c->nsessions++];
	*s = (struct uc_vsession){ 0 };
	rc = uc_yaml_mapping(d, n, session_keys, s);
	if (!rc && !s->script == !s->nsteps)
		rc = uc_yaml_fail(d, n, "write client: COMMAND or exchange: with steps",
				  "a session is either a client or an exchange");
	return rc;
}

static int decode_sessions(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	return uc_yaml_each(d, n, "write one `- client: COMMAND` a line", "sessions", add_session,
			    to);
}

static const struct uc_yaml_key network_keys[] = { { "port", decode_port,
						     offsetof(struct uc_vcase, port) },
						   { "sessions", decode_sessions, 0 },
						   { NULL, NULL, 0 } };

static int decode_network(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	struct uc_vcase *c = to;
	int rc = uc_yaml_mapping(d, n, network_keys, c);

	if (!rc && (!c->port || !c->nsessions))
		rc = uc_yaml_fail(d, n, "write port: NUMBER and sessions:",
				  "a server has a port and sessions");
	return rc;
}

/* ---- what is explained ---- */

static int decode_channel(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	int i = choice(n, uc_vchannel_names);

	if (i < 0 || i >= UC_VCH_TEXTS)
		return uc_yaml_fail(d, n, "write stdout, stderr, status, files, network or calls",
				    "not a channel with lines");
	*(int *)to = i;
	return 0;
}

static int decode_pattern(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	regex_t re;
	int rc = uc_yaml_string(d, n, to);

	if (!rc && regcomp(&re, *(char **)to, REG_EXTENDED | REG_NOSUB))
		return uc_yaml_fail(d, n, NULL, "not an extended regular expression");
	if (!rc)
		regfree(&re);
	return rc;
}

static const struct uc_yaml_key ignore_keys[] = {
	{ "channel", decode_channel, offsetof(struct uc_vignore, channel) },
	{ "lines", decode_pattern, offsetof(struct uc_vignore, pattern) },
	{ "why", uc_yaml_string, offsetof(struct uc_vignore, why) },
	{ NULL, NULL, 0 }
};

static int add_ignore(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	struct uc_vcase *c = to;
	struct uc_vignore *i;
	int rc;

	c->ignores = uc_room(c->ignores, c->nignores, sizeof(*i));
	i = &c->ignores[c->nignores++];
	*i = (struct uc_vignore){ .channel = UC_VCH_STDOUT };
	rc = uc_yaml_mapping(d, n, ignore_keys, i);
	if (!rc && (!i->pattern || !i->why))
		rc = uc_yaml_fail(d, n, "write lines: PATTERN and why: REASON",
				  "what is not compared has a pattern and a reason");
	return rc;
}

static int decode_ignores(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	return uc_yaml_each(d, n, "write one `- lines: PATTERN` a line", "exceptions", add_ignore,
			    to);
}

/* ---- cases ---- */

static const struct uc_yaml_key case_keys[] = {
	{ "name", uc_yaml_string, offsetof(struct uc_vcase, name) },
	{ "exec", uc_yaml_string, offsetof(struct uc_vcase, exec) },
	{ "args", uc_yaml_list, offsetof(struct uc_vcase, args) },
	{ "env", uc_yaml_pairs, offsetof(struct uc_vcase, env) },
	{ "stdin", decode_input, 0 },
	{ "files", decode_files, 0 },
	{ "network", decode_network, 0 },
	{ "ignore", decode_ignores, 0 },
	{ "timing", decode_timing, offsetof(struct uc_vcase, timing) },
	{ "timeout", decode_seconds, offsetof(struct uc_vcase, timeout_s) },
	{ "memory", uc_yaml_size, offsetof(struct uc_vcase, memory) },
	{ "fault", uc_yaml_string, offsetof(struct uc_vcase, fault) },
	{ NULL, NULL, 0 }
};

static int add_case(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	struct uc_vcases *all = to;
	struct uc_vcase *c;
	int rc;

	all->v = uc_room(all->v, all->n, sizeof(*c));
	c = &all->v[all->n++];
	*c = (struct uc_vcase){ .line = (unsigned)n->start_mark.line + 1 };
	rc = uc_yaml_mapping(d, n, case_keys, c);
	if (!rc && !c->name)
		c->name = uc_xasprintf("case %zu", all->n);
	for (size_t i = 0; !rc && i + 1 < all->n; i++)
		if (!strcmp(all->v[i].name, c->name))
			rc = uc_yaml_fail(d, n, "give it another name",
					  "two cases are named `%.60s`", c->name);
	return rc;
}

static int decode_cases(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	(void)to;
	return uc_yaml_each(d, n, "write one `- args: [...]` a line", "cases", add_case, d->owner);
}

static const struct uc_yaml_key top_keys[] = { { "version", uc_yaml_version, 0 },
					       { "source", uc_yaml_string,
						 offsetof(struct uc_vcases, source) },
					       { "cases", decode_cases, 0 },
					       { NULL, NULL, 0 } };

static int decode_top(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	struct uc_vcases *all = to;
	int rc = uc_yaml_mapping(d, n, top_keys, all);

	if (!rc && !all->n)
		rc = uc_yaml_fail(d, n, "add cases: and one `- args: [...]` a line",
				  "there are no cases");
	return rc;
}

int uc_vcases_parse(const char *text, size_t n, struct uc_vcases *out,
		    struct uc_manifest_error *err)
{
	struct uc_yaml d = { .owner = out, .guide = "verify.yaml(5)", .err = err };
	int rc;

	*out = (struct uc_vcases){ 0 };
	rc = uc_yaml_parse(&d, text, n, decode_top, out);
	if (rc)
		uc_vcases_free(out);
	return rc;
}

void uc_vcases_free(struct uc_vcases *c)
{
	for (size_t i = 0; i < c->n; i++)
		uc_vcase_free(&c->v[i]);
	free(c->v);
	free(c->source);
	*c = (struct uc_vcases){ 0 };
}
