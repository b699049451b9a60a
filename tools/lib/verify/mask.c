// SPDX-License-Identifier: BSD-3-Clause
/* What varies between runs of the same program, and comparing without it. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/verify.h>

struct token {
	const char *at;
	size_t n;
};

struct example {
	struct uc_buf text;
	double time[2];
};

struct uc_vmask {
	enum uc_vlevel level;
	struct example *e;
	size_t n;
	/* UC_VL_TOKENS: for the tokens of the first example, which vary and how */
	uint8_t *vary;
	size_t ntokens;
};
enum { FIXED, ANY_WORD, ANY_NUMBER, MOMENT };

static const char *const level_texts[] = {
	"every byte",         "all but words and numbers that vary",
	"lines in any order", "lines without their numbers, in any order",
	"kinds of lines",     "size",
	"presence",
};

const char *uc_vlevel_text(enum uc_vlevel l)
{
	return level_texts[l];
}

/* ---- tokens: words of letters and digits, every other byte alone ---- */

static bool next_token(const char **at, const char *end, struct token *t)
{
	if (*at == end)
		return false;
	t->at = *at;
	if (!isalnum((unsigned char)**at)) {
		(*at)++;
	} else {
		while (*at < end && isalnum((unsigned char)**at))
			(*at)++;
	}
	t->n = (size_t)(*at - t->at);
	return true;
}

static bool is_word(const struct token *t)
{
	return isalnum((unsigned char)*t->at);
}

static bool is_number(const struct token *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (!isdigit((unsigned char)t->at[i]))
			return false;
	return t->n > 0;
}

static bool has_digit(const struct token *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (isdigit((unsigned char)t->at[i]))
			return true;
	return false;
}

static bool same(const struct token *a, const struct token *b)
{
	return a->n == b->n && !memcmp(a->at, b->at, a->n);
}

/* A count of seconds that lies within the run, a second more or less. */
static bool is_moment(const struct token *t, const double time[2])
{
	double v = 0;

	if (!is_number(t) || t->n > 12)
		return false;
	for (size_t i = 0; i < t->n; i++)
		v = v * 10 + (t->at[i] - '0');
	return v >= time[0] - 2 && v <= time[1] + 2;
}

/* ---- level "tokens" ---- */

/* How the token t of example b differs from a, where `was` is what is known. -1: not comparable. */
static int vary(int was, const struct token *a, const struct example *ea, const struct token *b,
		const struct example *eb)
{
	if (same(a, b))
		return was;
	if (!is_word(a) || !is_word(b))
		return -1;
	if (is_moment(a, ea->time) && is_moment(b, eb->time) && (was == FIXED || was == MOMENT))
		return MOMENT;
	return is_number(a) && is_number(b) && was != ANY_WORD ? ANY_NUMBER : ANY_WORD;
}

static bool learn_tokens(struct uc_vmask *m)
{
	size_t cap = m->e[0].text.n;

	m->vary = uc_xzalloc(cap + 1);
	for (size_t i = 1; i < m->n; i++) {
		const char *p = m->e[0].text.p, *q = m->e[i].text.p;
		const char *pe = p + m->e[0].text.n, *qe = q + m->e[i].text.n;
		struct token a, b;
		size_t k = 0;

		while (next_token(&p, pe, &a)) {
			int how;

			if (!next_token(&q, qe, &b))
				return false;
			how = vary(m->vary[k], &a, &m->e[0], &b, &m->e[i]);
			if (how < 0)
				return false;
			m->vary[k++] = (uint8_t)how;
		}
		if (q != qe)
			return false;
	}
	return true;
}

static bool fits_token(int how, const struct token *a, const struct token *b, const double time[2])
{
	switch (how) {
	case ANY_WORD:
		return is_word(b);
	case ANY_NUMBER:
		return is_number(b);
	case MOMENT:
		return is_moment(b, time);
	}
	return same(a, b);
}

static bool match_tokens(const struct uc_vmask *m, const struct example *x)
{
	const char *p = m->e[0].text.p, *q = x->text.p;
	const char *pe = p + m->e[0].text.n, *qe = q + x->text.n;
	struct token a, b;

	for (size_t k = 0; next_token(&p, pe, &a); k++)
		if (!next_token(&q, qe, &b) || !fits_token(m->vary[k], &a, &b, x->time))
			return false;
	return q == qe;
}

/* ---- levels that look at lines ---- */

static char *shape_of(const char *line, size_t n)
{
	const char *end = line + n;
	struct uc_buf b = { 0 };
	struct token t;

	uc_buf_str(&b, "");
	while (next_token(&line, end, &t)) {
		if (is_word(&t) && has_digit(&t))
			uc_buf_str(&b, "#");
		else
			uc_buf_add(&b, t.at, t.n);
	}
	return b.p ? b.p : uc_xstrdup("");
}

static void lines_of(const struct uc_buf *text, bool shapes, struct uc_vec *out)
{
	const char *p = text->p, *end = p + text->n;

	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		size_t n = (size_t)((nl ? nl : end) - p);

		uc_vec_take(out, shapes ? shape_of(p, n) : uc_xstrndup(p, n));
		p += n + (nl != NULL);
	}
	uc_vec_sort(out);
}

static void unique(struct uc_vec *v)
{
	size_t n = 0;

	for (size_t i = 0; i < v->n; i++) {
		if (n && !strcmp(v->v[i], v->v[n - 1])) {
			free(v->v[i]);
			continue;
		}
		v->v[n++] = v->v[i];
	}
	v->n = n;
}

static bool same_lines(const struct uc_buf *a, const struct uc_buf *b, bool shapes, bool once)
{
	struct uc_vec x = { 0 }, y = { 0 };
	bool yes;

	lines_of(a, shapes, &x);
	lines_of(b, shapes, &y);
	if (once) {
		unique(&x);
		unique(&y);
	}
	yes = x.n == y.n;
	for (size_t i = 0; yes && i < x.n; i++)
		yes = !strcmp(x.v[i], y.v[i]);
	uc_vec_free(&x);
	uc_vec_free(&y);
	return yes;
}

static size_t count_lines(const struct uc_buf *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++)
		n += b->p[i] == '\n';
	return n;
}

static bool is_text(const struct uc_buf *b)
{
	return !memchr(b->p ? b->p : "", 0, b->n);
}

static bool same_size(const struct uc_buf *a, const struct uc_buf *b)
{
	bool text = is_text(a) && is_text(b) && count_lines(a);

	return text ? count_lines(a) == count_lines(b) : a->n == b->n;
}

static bool like(enum uc_vlevel l, const struct uc_buf *a, const struct uc_buf *b)
{
	switch (l) {
	case UC_VL_BYTES:
	case UC_VL_TOKENS:
		return a->n == b->n && (!a->n || !memcmp(a->p, b->p, a->n));
	case UC_VL_LINES:
		return same_lines(a, b, false, false);
	case UC_VL_SHAPES:
		return same_lines(a, b, true, false);
	case UC_VL_KINDS:
		return same_lines(a, b, true, true);
	case UC_VL_SIZE:
		return same_size(a, b);
	case UC_VL_PRESENCE:
		return !a->n == !b->n;
	}
	return false;
}

/* ---- */

static bool all_like(struct uc_vmask *m, enum uc_vlevel l)
{
	if (l == UC_VL_TOKENS)
		return learn_tokens(m);
	for (size_t i = 1; i < m->n; i++)
		if (!like(l, &m->e[0].text, &m->e[i].text))
			return false;
	return true;
}

struct uc_vmask *uc_vmask_learn(const struct uc_buf *const texts[], const double (*times)[2],
				size_t n)
{
	struct uc_vmask *m = uc_xzalloc(sizeof(*m));

	m->e = uc_xzalloc(n * sizeof(*m->e));
	m->n = n;
	for (size_t i = 0; i < n; i++) {
		m->e[i].text = *texts[i];
		m->e[i].text.p = texts[i]->p ? texts[i]->p : "";
		memcpy(m->e[i].time, times[i], sizeof(m->e[i].time));
	}
	while (m->level < UC_VL_PRESENCE && !all_like(m, m->level))
		m->level++;
	return m;
}

bool uc_vmask_matches(const struct uc_vmask *m, const struct uc_buf *text, const double time[2])
{
	struct example x = { *text, { time[0], time[1] } };

	if (!x.text.p)
		x.text.p = "";
	if (m->level == UC_VL_TOKENS && match_tokens(m, &x))
		return true;
	if (m->level == UC_VL_PRESENCE && x.text.n == 0)
		for (size_t i = 0; i < m->n; i++)
			if (!m->e[i].text.n)
				return true;
	for (size_t i = 0; i < m->n; i++)
		if (like(m->level, &m->e[i].text, &x.text))
			return true;
	return false;
}

enum uc_vlevel uc_vmask_level(const struct uc_vmask *m)
{
	return m->level;
}

void uc_vmask_free(struct uc_vmask *m)
{
	if (!m)
		return;
	free(m->vary);
	free(m->e);
	free(m);
}

double uc_vtext_similarity(const struct uc_buf *a, const struct uc_buf *b)
{
	struct uc_vec x = { 0 }, y = { 0 };
	size_t i = 0, j = 0, both = 0, all;

	lines_of(a, false, &x);
	lines_of(b, false, &y);
	while (i < x.n && j < y.n) {
		int c = strcmp(x.v[i], y.v[j]);

		both += c == 0;
		i += c <= 0;
		j += c >= 0;
	}
	all = x.n + y.n - both;
	uc_vec_free(&x);
	uc_vec_free(&y);
	return all ? (double)both / (double)all : 1;
}
