// SPDX-License-Identifier: BSD-3-Clause
/*
 * Reads a maintainer script without running it, for what programs rely on:
 *   update-alternatives --install LINK NAME TARGET PRIORITY [--slave LINK NAME TARGET]...
 *   adduser/useradd/addgroup/groupadd --system ... NAME
 *   chown [-R] USER[:GROUP] PATH..., dpkg-statoverride --add USER GROUP MODE PATH
 *   mkdir -p DIR..., install -d [-o USER] [-g GROUP] DIR...
 * Understands quotes, continued lines and variables of enclosing `for V in WORDS` loops and of
 * plain V=VALUE assignments; what stays unknown is left out.
 */
#include <stdlib.h>
#include <string.h>

#include <unicore/deb.h>

#define MAX_VARS 32

struct var {
	char name[32];
	struct uc_vec values;
};
struct script {
	struct uc_deb_effects *fx;
	struct var vars[MAX_VARS];
	size_t nvars;
};

/* Splits one command into words; quotes are dropped. */
static void split(const char *s, size_t n, struct uc_vec *words)
{
	struct uc_buf w = { 0 };
	bool in = false;
	char quote = 0;

	for (size_t i = 0; i <= n; i++) {
		char c = i < n ? s[i] : ' ';

		if (quote && c == quote) {
			quote = 0;
		} else if (!quote && (c == '"' || c == '\'')) {
			quote = c;
			in = true;
		} else if (!quote && (c == ' ' || c == '\t')) {
			if (in) uc_vec_add(words, w.p ? w.p : "");
			w.n = 0;
			if (w.p) w.p[0] = 0;
			in = false;
		} else {
			uc_buf_add(&w, &c, 1);
			in = true;
		}
	}
	uc_buf_free(&w);
}

static struct var *var_find(struct script *s, const char *name, size_t n)
{
	for (size_t i = s->nvars; i-- > 0;)
		if (strlen(s->vars[i].name) == n && !strncmp(s->vars[i].name, name, n))
			return &s->vars[i];
	return NULL;
}

static void var_set(struct script *s, const char *name, size_t n, char *const *values, size_t count)
{
	struct var *v = var_find(s, name, n);

	if (!n || n >= sizeof(v->name)) return;
	if (!v) {
		if (s->nvars == MAX_VARS) return;
		v = &s->vars[s->nvars++];
		memcpy(v->name, name, n);
		v->name[n] = 0;
	}
	uc_vec_free(&v->values);
	for (size_t i = 0; i < count; i++) uc_vec_add(&v->values, values[i]);
}

static size_t name_length(const char *p)
{
	size_t n = 0;

	while (p[n] == '_' || (p[n] >= 'A' && p[n] <= 'Z') || (p[n] >= 'a' && p[n] <= 'z') ||
	       (n && p[n] >= '0' && p[n] <= '9'))
		n++;
	return n;
}

/* The variable that decides how often a command runs: the first in its words with several
 * values. */
static struct var *loop_var(struct script *s, const struct uc_vec *words)
{
	for (size_t i = 0; i < words->n; i++)
		for (const char *p = words->v[i]; (p = strchr(p, '$')); p++) {
			const char *name = p + 1 + (p[1] == '{');
			struct var *v = var_find(s, name, name_length(name));

			if (v && v->values.n > 1) return v;
		}
	return NULL;
}

/* Substitutes variables; NULL if one is unknown. */
static char *expand(struct script *s, const char *word, const struct var *loop, size_t pass)
{
	struct uc_buf b = { 0 };

	uc_buf_add(&b, "", 0);
	while (*word) {
		size_t brace, n;
		struct var *v;

		if (*word != '$') {
			uc_buf_add(&b, word++, 1);
			continue;
		}
		brace = word[1] == '{';
		n = name_length(word + 1 + brace);
		v = var_find(s, word + 1 + brace, n);
		if (!v || !v->values.n || (brace && word[2 + n] != '}')) {
			uc_buf_free(&b);
			return NULL;
		}
		uc_buf_str(&b, v->values.v[v == loop ? pass : 0]);
		word += 1 + n + 2 * brace;
	}
	return b.p;
}

static void add_link(struct script *s, const char *link, const char *target, const struct var *loop,
		     size_t pass)
{
	char *l = expand(s, link, loop, pass), *t = expand(s, target, loop, pass);

	if (l && t && l[0] == '/' && t[0] == '/') {
		void **slot = uc_map_put(&s->fx->links, l);

		if (!*slot) *slot = uc_xstrdup(t);
	}
	free(l);
	free(t);
}

static void install(struct script *s, const struct uc_vec *w)
{
	const struct var *loop = loop_var(s, w);

	for (size_t pass = 0; pass < (loop ? loop->values.n : 1); pass++)
		for (size_t i = 0; i + 3 < w->n; i++)
			if (!strcmp(w->v[i], "--install") || !strcmp(w->v[i], "--slave"))
				add_link(s, w->v[i + 1], w->v[i + 3], loop, pass);
}

/* ---- users and owners ---- */

static bool is_name(const char *w)
{
	size_t n = strspn(w, "abcdefghijklmnopqrstuvwxyz0123456789_-");

	return n > 0 && n < 32 && !w[n] && w[0] != '-' && !(w[0] >= '0' && w[0] <= '9');
}

/* Options of adduser(8), useradd(8) and the group commands that take a value in the next word. */
static bool takes_value(const char *w)
{
	static const char *const v[] = { "--home",     "--shell",   "--gecos",    "--comment",
					 "--ingroup",  "--gid",     "--uid",      "--home-dir",
					 "--firstuid", "--lastuid", "--firstgid", "--lastgid",
					 "--conf",     "-d",        "-s",         "-c",
					 "-g",         "-u",        "-G" };

	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++)
		if (!strcmp(w, v[i])) return true;
	return false;
}

static bool makes_home(const struct uc_vec *w, size_t at)
{
	bool add = !strcmp(uc_path_base(w->v[at]), "adduser"), yes = add;

	for (size_t i = at + 1; i < w->n; i++) {
		if (!strcmp(w->v[i], "--no-create-home") || !strcmp(w->v[i], "-M")) return false;
		yes |= !strcmp(w->v[i], "-m") || !strcmp(w->v[i], "--create-home");
	}
	return yes;
}

/* Folders that programs keep data in; nothing else is made for a script. */
static void add_dir(struct script *s, const char *path, const char *user, const char *group)
{
	static const char *const places[] = { "/var/", "/run/", "/srv/", "/etc/" };
	char *clean = uc_path_clean(path);
	void **slot;

	for (size_t i = 0; path[0] == '/' && !strpbrk(path, "*?[\n") && i < 4; i++) {
		if (!uc_has_prefix(clean, places[i])) continue;
		uc_vec_add_once(&s->fx->dirs, clean);
		if (!user) continue;
		slot = uc_map_put(&s->fx->chowns, clean);
		free(*slot);
		*slot = group ? uc_xasprintf("%s:%s", user, group)
			      : uc_xasprintf("%s:%s", user, user);
	}
	free(clean);
}

static void account(struct script *s, const struct uc_vec *w, size_t at, bool user)
{
	char *name = NULL, *home = NULL, *extra = NULL;

	for (size_t i = at + 1; i < w->n && !strchr("|&<>2", w->v[i][0]); i++) {
		if (!strncmp(w->v[i], "--home=", 7) && !home) {
			home = expand(s, w->v[i] + 7, NULL, 0);
		} else if (takes_value(w->v[i]) && i + 1 < w->n) {
			if (!home && (!strcmp(w->v[i], "--home") || !strcmp(w->v[i], "-d") ||
				      !strcmp(w->v[i], "--home-dir")))
				home = expand(s, w->v[i + 1], NULL, 0);
			i++;
		} else if (w->v[i][0] != '-') {
			char *v = expand(s, w->v[i], NULL, 0);

			if (v && v[0] != '-' && (!name || !extra)) *(name ? &extra : &name) = v;
			else free(v);
		}
	}
	/* `adduser USER GROUP` only adds to a group. */
	if (name && is_name(name) && !extra) {
		uc_vec_add_once(&s->fx->groups, name);
		if (user && home && makes_home(w, at)) add_dir(s, home, name, NULL);
		if (user) {
			void **slot = uc_map_put(&s->fx->users, name);

			if (!*slot)
				*slot = uc_xstrdup(home && home[0] == '/' && !strpbrk(home, ":\n")
							   ? home
							   : "/nonexistent");
		}
	}
	free(name);
	free(home);
	free(extra);
}

static void chown_paths(struct script *s, const struct uc_vec *w, size_t at)
{
	char *owner = NULL, *path;

	for (size_t i = at + 1; i < w->n && !strchr("|&<>2", w->v[i][0]); i++) {
		if (w->v[i][0] == '-') continue;
		if (!owner) {
			owner = expand(s, w->v[i], NULL, 0);
			if (!owner) return;
			continue;
		}
		path = expand(s, w->v[i], NULL, 0);
		if (path && path[0] == '/' && !strpbrk(path, "*?[")) {
			void **slot = uc_map_put(&s->fx->chowns, path);

			free(*slot);
			*slot = uc_xstrdup(owner);
		}
		free(path);
	}
	free(owner);
}

/* mkdir -p DIR...; install -d [-o USER] [-g GROUP] [-m MODE] DIR... */
static void make_dirs(struct script *s, const struct uc_vec *w, size_t at, bool install)
{
	char *user = NULL, *group = NULL;
	bool folders = !install;

	for (size_t i = at + 1; install && i < w->n; i++) {
		folders |= w->v[i][0] == '-' && w->v[i][1] != '-' && strchr(w->v[i], 'd');
		if (!strcmp(w->v[i], "-o") && i + 1 < w->n && !user)
			user = expand(s, w->v[i + 1], NULL, 0);
		if (!strcmp(w->v[i], "-g") && i + 1 < w->n && !group)
			group = expand(s, w->v[i + 1], NULL, 0);
	}
	for (size_t i = at + 1; folders && i < w->n && !strchr("|&<>2", w->v[i][0]); i++) {
		char *path = w->v[i][0] == '-' ? NULL : expand(s, w->v[i], NULL, 0);

		if (path && path[0] == '/') add_dir(s, path, user, group);
		free(path);
	}
	free(user);
	free(group);
}

/* dpkg-statoverride --update --add USER GROUP MODE PATH */
static void statoverride(struct script *s, const struct uc_vec *w, size_t at)
{
	for (size_t i = at + 1; i + 4 < w->n; i++) {
		char *v[4] = { NULL };
		bool ok = !strcmp(w->v[i], "--add");

		for (size_t k = 0; ok && k < 4; k++)
			ok = (v[k] = expand(s, w->v[i + 1 + k], NULL, 0)) != NULL;
		if (ok && v[3][0] == '/') {
			void **slot = uc_map_put(&s->fx->chowns, v[3]);

			free(*slot);
			*slot = uc_xasprintf("%s:%s", v[0], v[1]);
		}
		for (size_t k = 0; k < 4; k++) free(v[k]);
	}
}

static void program(struct script *s, const struct uc_vec *w, size_t i)
{
	const char *name = uc_path_base(w->v[i]);

	if (!strcmp(name, "update-alternatives")) install(s, w);
	else if (!strcmp(name, "adduser") || !strcmp(name, "useradd")) account(s, w, i, true);
	else if (!strcmp(name, "addgroup") || !strcmp(name, "groupadd")) account(s, w, i, false);
	else if (!strcmp(name, "chown")) chown_paths(s, w, i);
	else if (!strcmp(name, "mkdir") || !strcmp(name, "install"))
		make_dirs(s, w, i, name[0] == 'i');
	else if (!strcmp(name, "dpkg-statoverride")) statoverride(s, w, i);
}

/* A program stands first, or after a shell word that another command may follow. */
static bool starts_command(const struct uc_vec *w, size_t i)
{
	static const char *const before[] = { "if", "then", "else", "elif", "do",  "!",
					      "{",  "&&",   "||",   "(",    "exec" };

	if (i == 0) return true;
	for (size_t k = 0; k < sizeof(before) / sizeof(*before); k++)
		if (!strcmp(w->v[i - 1], before[k])) return true;
	return uc_has_suffix(w->v[i - 1], ")");
}

static void assign(struct script *s, const char *word, size_t len)
{
	char *value = expand(s, word + len + 1, NULL, 0);

	var_set(s, word, len, &value, value ? 1 : 0);
	free(value);
}

static void command(struct script *s, const char *text, size_t n)
{
	struct uc_vec w = { 0 };

	split(text, n, &w);
	for (size_t i = 0; i < w.n; i++) {
		size_t len = name_length(w.v[i]);

		if (!starts_command(&w, i)) continue;
		if (!strcmp(w.v[i], "for") && i + 2 < w.n && !strcmp(w.v[i + 2], "in"))
			var_set(s, w.v[i + 1], strlen(w.v[i + 1]), w.v + i + 3, w.n - i - 3);
		else if (len && w.v[i][len] == '=') assign(s, w.v[i], len);
		else program(s, &w, i);
	}
	uc_vec_free(&w);
}

void uc_deb_script(const char *script, size_t n, struct uc_deb_effects *fx)
{
	struct script s = { .fx = fx };
	struct uc_buf b = { 0 };

	for (size_t i = 0; i <= n; i++) {
		char c = i < n ? script[i] : '\n';

		if (c == '\\' && i + 1 < n && script[i + 1] == '\n') {
			i++;
			uc_buf_str(&b, " ");
		} else if (c == '#' && (!b.n || strchr(" \t", b.p[b.n - 1]))) {
			while (i + 1 < n && script[i + 1] != '\n') i++;
		} else if (c == '\n' || c == ';' || c == 0) {
			command(&s, b.p ? b.p : "", b.n);
			b.n = 0;
		} else {
			uc_buf_add(&b, &c, 1);
		}
	}
	for (size_t i = 0; i < s.nvars; i++) uc_vec_free(&s.vars[i].values);
	uc_buf_free(&b);
}

static void free_values(struct uc_map *m)
{
	for (size_t i = 0; i < m->n; i++) free(m->e[i].value);
	uc_map_free(m);
}

void uc_deb_effects_free(struct uc_deb_effects *fx)
{
	free_values(&fx->links);
	free_values(&fx->users);
	free_values(&fx->chowns);
	uc_vec_free(&fx->groups);
	uc_vec_free(&fx->dirs);
}
