// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include <unicore/link.h>
#include <unicore/msg.h>

enum { ARCHIVE, LAYER, NAME, PROVIDES, LINK, DEFAULT, PATHS, PLATFORM, CALLS, NFIELDS };

static bool parse_line(const char *text, struct uc_ulib *u)
{
	char *line = uc_xstrdup(text), *save, *f[NFIELDS + 1] = { NULL };
	size_t n = 0;
	bool ok;

	for (char *w = strtok_r(line, " ", &save); w && n <= NFIELDS;
	     w = strtok_r(NULL, " ", &save))
		f[n++] = w;
	*u = (struct uc_ulib){ .link = UC_ULIB_NEEDED };
	ok = n == NFIELDS && (!strcmp(f[LINK], "always") || !strcmp(f[LINK], "option") ||
			      !strcmp(f[LINK], "needed"));
	if (ok) {
		if (f[LINK][0] != 'n')
			u->link = f[LINK][0] == 'a' ? UC_ULIB_ALWAYS : UC_ULIB_OPTION;
		u->archive = uc_xstrdup(f[ARCHIVE]);
		u->layer = uc_xstrdup(f[LAYER]);
		u->name = uc_xstrdup(f[NAME]);
		u->provides = strcmp(f[PROVIDES], "-") ? uc_xstrdup(f[PROVIDES]) : NULL;
		u->is_default = !strcmp(f[DEFAULT], "1");
		u->paths = strcmp(f[PATHS], "-") ? uc_xstrdup(f[PATHS]) : NULL;
		u->platform = strcmp(f[PLATFORM], "-") ? uc_xstrdup(f[PLATFORM]) : NULL;
		u->calls = strcmp(f[CALLS], "-") ? uc_xstrdup(f[CALLS]) : NULL;
	}
	free(line);
	return ok;
}

int uc_ulibs_load(const char *path, struct uc_ulibs *out)
{
	struct uc_buf b;
	char *save, *line;
	int rc = uc_file_read(path, 1 << 20, &b);

	*out = (struct uc_ulibs){ 0 };
	if (rc)
		return uc_fail_os(UC_ST_UNAVAILABLE, path, "run make, or set UNICORE_LIBDIR", -rc,
				  "cannot read the list of micro-libraries");
	for (line = strtok_r(b.p, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		struct uc_ulib u;

		if (!parse_line(line, &u)) {
			rc = uc_fail(UC_ST_DATA, path, "run make again", "malformed line `%s`",
				     line);
			break;
		}
		out->v = uc_xrealloc(out->v, (out->n + 1) * sizeof(u));
		out->v[out->n++] = u;
	}
	uc_buf_free(&b);
	if (rc) uc_ulibs_free(out);
	return rc;
}

/* Is u what `want` ("slab") names among the providers of iface ("heap")? */
static bool answers_to(const struct uc_ulib *u, const char *iface, const char *want)
{
	size_t n = strlen(iface);

	if (!u->provides || strcmp(u->provides, iface)) return false;
	return !strcmp(u->name, want) ||
	       (!strncmp(u->name, iface, n) && u->name[n] == '_' && !strcmp(u->name + n + 1, want));
}

static void list_providers(const struct uc_ulibs *u, const char *iface, struct uc_buf *b)
{
	for (size_t i = 0; i < u->n; i++)
		if (u->v[i].provides && (!iface || !strcmp(u->v[i].provides, iface)))
			uc_buf_printf(b, "%s%s%s%s", b->n ? ", " : "",
				      iface ? "" : u->v[i].provides, iface ? "" : "=",
				      u->v[i].name);
}

/* Does f hold for one of the words of a list with commas? */
static bool any_word(const char *list, bool (*f)(void *arg, const char *word), void *arg)
{
	char *copy = uc_xstrdup(list), *save, *w;
	bool yes = false;

	for (w = strtok_r(copy, ",", &save); w && !yes; w = strtok_r(NULL, ",", &save))
		yes = f(arg, w);
	free(copy);
	return yes;
}

static bool is_in(void *vec, const char *word)
{
	return !vec || uc_vec_has(vec, word);
}

/* The provider of iface that an image gets without a choice: one for a call that it may make, else
 * the default, else the first. */
static struct uc_ulib *usual_provider(struct uc_ulibs *u, const char *iface,
				      const struct uc_vec *calls)
{
	struct uc_ulib *best = NULL;

	for (size_t i = 0; i < u->n; i++) {
		struct uc_ulib *l = &u->v[i];

		if (!l->provides || strcmp(l->provides, iface)) continue;
		if (l->calls && any_word(l->calls, is_in, (void *)calls)) return l;
		if (!best || (l->is_default && !best->is_default)) best = l;
	}
	return best;
}

static struct uc_ulib *provider(struct uc_ulibs *u, const char *iface, const char *want)
{

	for (size_t i = 0; i < u->n; i++)
		if (answers_to(&u->v[i], iface, want)) return &u->v[i];
	return NULL;
}

static const char *wanted_for(const struct uc_vec *choose, const char *iface)
{
	size_t n = strlen(iface);

	for (size_t i = choose ? choose->n : 0; i-- > 0;)
		if (!strncmp(choose->v[i], iface, n) && choose->v[i][n] == '=')
			return choose->v[i] + n + 1;
	return NULL;
}

int uc_ulibs_check_choice(struct uc_ulibs *u, const char *choice, const char *where)
{
	const char *eq = strchr(choice, '='), *what = where ? where : choice;
	char *iface = eq ? uc_xstrndup(choice, (size_t)(eq - choice)) : NULL;
	struct uc_buf b = { 0 };
	int rc = 0;

	if (!iface || !usual_provider(u, iface, NULL)) {
		list_providers(u, NULL, &b);
		rc = uc_fail(where ? UC_ST_DATA : UC_ST_USAGE, what, "write INTERFACE=NAME",
			     "no interface `%s`; there are %s", iface ? iface : choice,
			     b.n ? b.p : "none with alternatives");
	} else if (!provider(u, iface, eq + 1)) {
		list_providers(u, iface, &b);
		rc = uc_fail(where ? UC_ST_DATA : UC_ST_USAGE, what, "choose one of those",
			     "no `%s`: %s is provided by %s", eq + 1, iface, b.p);
	}
	uc_buf_free(&b);
	free(iface);
	return rc;
}

int uc_ulibs_check_option(const struct uc_ulibs *u, const char *name, const char *where)
{
	for (size_t i = 0; i < u->n; i++)
		if (u->v[i].link == UC_ULIB_OPTION && !strcmp(u->v[i].name, name)) return 0;
	return uc_fail(where ? UC_ST_DATA : UC_ST_UNAVAILABLE, where ? where : name, NULL,
		       "this build of unicore has no optional micro-library `%s`", name);
}

static bool is_mentioned(const struct uc_ulib *u, const struct uc_ulib_choice *c)
{
	if (u->calls && !any_word(u->calls, is_in, (void *)c->calls)) return false;
	if (!u->paths) return u->is_default;
	return !c->mentions || any_word(u->paths, c->mentions, c->arg);
}

static bool is_chosen(struct uc_ulibs *u, const struct uc_ulib *l, const struct uc_ulib_choice *c)
{
	const char *want;

	if (l->platform && strcmp(l->platform, c->platform)) return false;
	if (l->link == UC_ULIB_OPTION) {
		if (c->with && uc_vec_has(c->with, l->name)) return true;
		return !(c->without && uc_vec_has(c->without, l->name)) && is_mentioned(l, c);
	}
	if (!l->provides) return true;
	want = wanted_for(c->choose, l->provides);
	return l == (want ? provider(u, l->provides, want)
			  : usual_provider(u, l->provides, c->calls));
}

static int check_options(const struct uc_ulibs *u, const struct uc_vec *names)
{
	int rc = 0;

	for (size_t i = 0; names && i < names->n && !rc; i++)
		rc = uc_ulibs_check_option(u, names->v[i], NULL);
	return rc;
}

int uc_ulibs_choose(struct uc_ulibs *u, const struct uc_ulib_choice *c)
{
	int rc = 0;

	for (size_t i = 0; c->choose && i < c->choose->n && !rc; i++)
		rc = uc_ulibs_check_choice(u, c->choose->v[i], NULL);
	if (!rc) rc = check_options(u, c->with);
	if (!rc) rc = check_options(u, c->without);
	for (size_t i = 0; i < u->n && !rc; i++) u->v[i].chosen = is_chosen(u, &u->v[i], c);
	return rc;
}

int uc_ulibs_installed(const char *libdir, struct uc_ulibs *out)
{
	char *path = uc_libfile(libdir, "ulibs.tab");
	int rc = uc_ulibs_load(path, out);

	free(path);
	return rc;
}

int uc_link_ulibs(const char *libdir, const struct uc_ulib_choice *c, struct uc_vec *out)
{
	struct uc_ulib_choice all = *c;
	struct uc_ulibs u;
	int rc = uc_ulibs_installed(libdir, &u);

	all.calls = NULL;
	if (!rc) rc = uc_ulibs_choose(&u, &all);
	for (size_t i = 0; i < u.n && !rc; i++)
		if (u.v[i].chosen) uc_vec_add(out, u.v[i].name);
	uc_ulibs_free(&u);
	return rc;
}

void uc_ulibs_again(const struct uc_ulibs *u, const struct uc_vec *list, struct uc_vec *choose,
		    struct uc_vec *with, struct uc_vec *without)
{
	for (size_t i = 0; i < u->n; i++) {
		const struct uc_ulib *l = &u->v[i];
		bool there = uc_vec_has(list, l->name);

		if (l->platform && strcmp(l->platform, UC_PLATFORM_KVM)) continue;
		if (l->link == UC_ULIB_OPTION) uc_vec_add(there ? with : without, l->name);
		else if (l->provides && there)
			uc_vec_take(choose, uc_xasprintf("%s=%s", l->provides, l->name));
	}
}

void uc_ulibs_free(struct uc_ulibs *u)
{
	for (size_t i = 0; i < u->n; i++) {
		free(u->v[i].archive);
		free(u->v[i].layer);
		free(u->v[i].name);
		free(u->v[i].provides);
		free(u->v[i].paths);
		free(u->v[i].platform);
		free(u->v[i].calls);
	}
	free(u->v);
	*u = (struct uc_ulibs){ 0 };
}
