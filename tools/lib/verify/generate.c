// SPDX-License-Identifier: BSD-3-Clause
/*
 * Cases made from a given one: its input, files and arguments are changed at random places, numbers
 * become boundary values, options of the program are added. The same seed gives the same cases.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/msg.h>

#include "internal.h"

#define CHANGES_MAX 4          /* changes of one case */
#define CHUNK_MAX   64         /* bytes that are moved at once */
#define LONG_RUN    5000       /* bytes of a line that is made long */
#define TEXT_MAX    (1u << 20) /* of an input that is changed */
#define HANG_S      10         /* limit of a run: some options wait for ever */

/* ---- chance ---- */

/* splitmix64. */
static uint64_t next(uint64_t *seed)
{
	uint64_t z = *seed += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static size_t below(uint64_t *seed, size_t n)
{
	return n ? (size_t)(next(seed) % n) : 0;
}

static const char *const boundaries[] = {
	"0",
	"1",
	"-1",
	"127",
	"128",
	"255",
	"256",
	"32767",
	"32768",
	"65535",
	"65536",
	"2147483647",
	"-2147483648",
	"2147483648",
	"4294967295",
	"4294967296",
	"9223372036854775807",
	"18446744073709551616",
};

/* ---- texts ---- */

static void splice(struct uc_buf *b, size_t at, size_t gone, const char *put, size_t n)
{
	struct uc_buf out = { 0 };

	if (at)
		uc_buf_add(&out, b->p, at);
	if (n)
		uc_buf_add(&out, put, n);
	if (at + gone < b->n)
		uc_buf_add(&out, b->p + at + gone, b->n - at - gone);
	uc_buf_free(b);
	*b = out;
}

/* The number at or after a random place; false: there is none. */
static bool find_number(const struct uc_buf *b, uint64_t *seed, size_t *at, size_t *n)
{
	size_t i = below(seed, b->n);

	while (i < b->n && !isdigit((unsigned char)b->p[i]))
		i++;
	for (*at = i; i < b->n && isdigit((unsigned char)b->p[i]);)
		i++;
	*n = i - *at;
	return *n > 0;
}

static void change_text(struct uc_buf *b, uint64_t *seed)
{
	static const char odd[] = { 0, '\n', '\r', '\t', ' ', '%', '\\', '-', '/', 127, -1, -128 };
	size_t at = below(seed, b->n + 1), n = 1 + below(seed, CHUNK_MAX), m;
	const char *number = boundaries[below(seed, sizeof(boundaries) / sizeof(*boundaries))];
	char byte = odd[below(seed, sizeof(odd))], *run;

	n = n < b->n - at ? n : b->n - at;
	switch (below(seed, 8)) {
	case 0: /* another byte */
		if (at < b->n)
			b->p[at] = (char)(b->p[at] ^ (1 << below(seed, 8)));
		break;
	case 1:
		splice(b, at, 0, &byte, 1);
		break;
	case 2:
		splice(b, at, n, NULL, 0);
		break;
	case 3: /* again */
		run = uc_xstrndup(b->p ? b->p + at : "", n);
		splice(b, at, 0, run, strlen(run));
		free(run);
		break;
	case 4: /* the rest is missing */
		splice(b, at, b->n - at, NULL, 0);
		break;
	case 5:
		if (find_number(b, seed, &at, &m))
			splice(b, at, m, number, strlen(number));
		break;
	case 6: /* a long line */
		run = uc_xmalloc(LONG_RUN);
		memset(run, 'x', LONG_RUN);
		splice(b, at, 0, run, LONG_RUN);
		free(run);
		break;
	default:
		splice(b, at, n, &byte, 1);
	}
}

static void change_input(struct uc_vcase *c, uint64_t *seed)
{
	struct uc_buf b = { 0 };

	if (c->input_len > TEXT_MAX)
		return;
	uc_buf_add(&b, c->input ? c->input : "", c->input_len);
	change_text(&b, seed);
	free(c->input);
	c->input = b.p;
	c->input_len = b.n;
}

static void change_file(struct uc_vcase *c, uint64_t *seed)
{
	struct uc_vfile *f = &c->files[below(seed, c->nfiles)];
	struct uc_buf b = { 0 };

	if (verify_file_take_in(f, TEXT_MAX))
		return;
	uc_buf_add(&b, f->text ? f->text : "", f->len);
	change_text(&b, seed);
	free(f->text);
	f->text = b.p ? b.p : uc_xstrdup("");
	f->len = b.n;
}

/* ---- arguments ---- */

static void put_argument(struct uc_vcase *c, size_t at, const char *s)
{
	uc_vec_add(&c->args, s);
	char *last = c->args.v[c->args.n - 1];

	memmove(c->args.v + at + 1, c->args.v + at, (c->args.n - 1 - at) * sizeof(*c->args.v));
	c->args.v[at] = last;
}

static void set_argument(struct uc_vcase *c, size_t at, const char *s)
{
	free(c->args.v[at]);
	c->args.v[at] = uc_xstrdup(s);
}

static void change_argument_text(struct uc_vcase *c, size_t at, uint64_t *seed)
{
	struct uc_buf b = { 0 };

	uc_buf_str(&b, c->args.v[at]);
	change_text(&b, seed);
	uc_buf_add(&b, "", 1); /* what follows a NUL is no argument */
	set_argument(c, at, b.p);
	uc_buf_free(&b);
}

static void change_arguments(struct uc_vcase *c, const struct uc_vec *options, uint64_t *seed)
{
	size_t at = below(seed, c->args.n), other = below(seed, c->args.n);
	char *was;

	if (!c->args.n || (options->n && below(seed, 2))) {
		put_argument(c, 0, options->n ? options->v[below(seed, options->n)] : "-");
		return;
	}
	switch (below(seed, 6)) {
	case 0:
		free(c->args.v[at]);
		c->args.n--;
		memmove(c->args.v + at, c->args.v + at + 1, (c->args.n - at) * sizeof(*c->args.v));
		break;
	case 1:
		put_argument(c, at, c->args.v[other]);
		break;
	case 2:
		was = c->args.v[at];
		c->args.v[at] = c->args.v[other];
		c->args.v[other] = was;
		break;
	case 3:
		put_argument(c, at, "");
		break;
	case 4:
		set_argument(c, at,
			     boundaries[below(seed, sizeof(boundaries) / sizeof(*boundaries))]);
		break;
	default:
		change_argument_text(c, at, seed);
	}
}

void uc_verify_generate(const struct uc_vcase *from, const struct uc_vec *options, uint64_t seed,
			unsigned number, struct uc_vcase *out)
{
	uint64_t s = seed ^ (uint64_t)number * 0x9e3779b97f4a7c15u;

	verify_case_copy(from, out);
	free(out->name);
	out->name = uc_xasprintf("%s, made %u", from->name, number);
	if (!(out->timeout_s > 0))
		out->timeout_s = HANG_S;
	for (size_t n = 1 + below(&s, CHANGES_MAX); n; n--)
		switch (below(&s, 3)) {
		case 0:
			change_arguments(out, options, &s);
			break;
		case 1:
			if (out->input_len) {
				change_input(out, &s);
				break;
			} /* fall through */
		default:
			if (out->nfiles)
				change_file(out, &s);
			else if (out->input_len)
				change_input(out, &s);
			else
				change_arguments(out, options, &s);
		}
}

/* ---- options of a program ---- */

static bool is_option_char(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_';
}

/* Words that begin with a dash, behind white space, a comma or a bracket. */
static void options_of_text(const char *p, const char *end, struct uc_vec *options)
{
	for (const char *s = p; s < end; s++) {
		size_t n = 1;

		if (*s != '-' || (s > p && !strchr(" \t\n,[(|", s[-1])))
			continue;
		while (s + n < end && is_option_char(s[n]))
			n++;
		if (n == 2 || (n > 3 && s[1] == '-')) {
			char *o = uc_xstrndup(s, n);

			uc_vec_add_once(options, o);
			free(o);
		}
		s += n - 1;
	}
}

/* Is it what getopt(3) takes: letters, each once, with colons behind? */
static bool is_optstring(const char *s, size_t n)
{
	bool seen[256] = { false }, colon = false;
	size_t letters = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == ':') {
			colon = true;
			continue;
		}
		if ((i || (c != '+' && c != '-')) && (!isalnum(c) || seen[c]))
			return false;
		seen[c] = true;
		letters++;
	}
	return letters >= 4 && colon;
}

static void options_of_file(const char *path, struct uc_vec *options)
{
	struct uc_buf b = { 0 };

	if (uc_file_read(path, VERIFY_TEXT_MAX, &b))
		return;
	for (size_t at = 0, n; at < b.n; at += n + 1) {
		n = strnlen(b.p + at, b.n - at);
		if (n < 5 || n > 128 || !is_optstring(b.p + at, n))
			continue;
		for (size_t i = 0; i < n; i++)
			if (isalnum((unsigned char)b.p[at + i])) {
				const char o[] = { '-', b.p[at + i], 0 };

				uc_vec_add_once(options, o);
			}
	}
	uc_buf_free(&b);
}

int uc_verify_options(struct uc_verify *v, const struct uc_vcase *c, struct uc_vec *options)
{
	static char help[] = "--help";
	char *words[] = { help }, *path = uc_path_join(v->root, verify_exec(v, c));
	struct uc_vcase k = { .name = c->name,
			      .exec = c->exec,
			      .args = { .v = words, .n = 1 },
			      .timeout_s = HANG_S };
	struct uc_vrun r = { 0 };
	int rc = uc_vrun_native(v, &k, false, &r);

	for (int ch = UC_VCH_STDOUT; ch <= UC_VCH_STDERR && !rc; ch++)
		if (r.text[ch].n)
			options_of_text(r.text[ch].p, r.text[ch].p + r.text[ch].n, options);
	options_of_file(path, options);
	uc_vrun_free(&r);
	free(path);
	return rc;
}
