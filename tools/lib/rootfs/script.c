// SPDX-License-Identifier: BSD-3-Clause
/* Scripts: their interpreter, and the programs that a shell script names. */
#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <unicore/msg.h>
#include <unicore/rootfs.h>

#define SHEBANG_MAX 255 /* as the kernel's BINPRM_BUF_SIZE */
#define SCRIPT_MAX  (1u << 20)

static const char *const program_dirs[] = { "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin",
					    "/sbin" };

char *uc_script_line(const struct uc_root *root, const char *canon)
{
	char *host = uc_root_host(root, canon), line[SHEBANG_MAX + 1];
	int fd = open(host, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, line, SHEBANG_MAX);

	if (fd >= 0) close(fd);
	free(host);
	if (n < 3 || line[0] != '#' || line[1] != '!') return NULL;
	line[n] = 0;
	line[strcspn(line, "\n")] = 0;
	return uc_xstrdup(line + 2 + strspn(line + 2, " \t"));
}

bool uc_script_is_shell(const char *line)
{
	static const char *const shells[] = { "sh", "dash", "bash", "ash", "ksh", "zsh" };
	const char *space = line + strcspn(line, " \t");
	char *path = uc_xstrndup(line, (size_t)(space - line));
	const char *name = uc_path_base(path);
	bool yes = false;

	if (!strcmp(name, "env")) name = space + strspn(space, " \t");
	for (size_t i = 0; i < sizeof(shells) / sizeof(*shells); i++) {
		size_t n = strlen(shells[i]);

		yes |= !strncmp(name, shells[i], n) &&
		       (!name[n] || isspace((unsigned char)name[n]));
	}
	free(path);
	return yes;
}

static char *in_path(const struct uc_rootfs *r, const char *name)
{
	for (size_t i = 0; i < sizeof(program_dirs) / sizeof(*program_dirs); i++) {
		char *path = uc_path_join(program_dirs[i], name);

		if (uc_root_has(r->root, path)) return path;
		free(path);
	}
	return NULL;
}

/* ---- programs that a shell script names ---- */

static void take_words(struct uc_rootfs *r, const char *canon);

/* Anything else than a program of that name does not matter: most words mean something else. */
static void take_word(struct uc_rootfs *r, const char *word)
{
	char *path = word[0] == '/' ? uc_xstrdup(word) : in_path(r, word), *canon, *line;
	struct stat st;

	if (!path || uc_root_lookup(r->root, path, false, NULL, &canon, &st)) {
		free(path);
		return;
	}
	uc_tree_because(r->tree, "a script names it");
	if (S_ISREG(st.st_mode) && (st.st_mode & 0111) && !uc_rootfs_pick(r, path) &&
	    (line = uc_script_line(r->root, canon))) {
		if (uc_script_is_shell(line)) take_words(r, canon);
		free(line);
	}
	free(canon);
	free(path);
}

static bool word_char(char c) { return isalnum((unsigned char)c) || (c && strchr("_+.-/[", c)); }

/* `${NAME:-word}`: the word may be a program, the name is none. */
static char *past_name(char *p)
{
	char *q = p;

	while (isalnum((unsigned char)*q) || *q == '_') q++;
	if (*q == ':') q++;
	return *q == '-' ? q + 1 : p;
}

/* Words of one line up to a comment. */
static void take_line(struct uc_rootfs *r, char *line)
{
	for (char *p = line; *p;) {
		size_t n = 0;
		char end;

		if (*p == '#' && (p == line || isspace((unsigned char)p[-1]))) return;
		if (p > line && p[-1] == '{') p = past_name(p);
		while (word_char(p[n])) n++;
		end = p[n];
		p[n] = 0;
		if (n && *p != '-' && *p != '.' && end != '=') take_word(r, p);
		p += n;
		if (!end) return;
		*p++ = end;
	}
}

static void take_words(struct uc_rootfs *r, const char *canon)
{
	char *key = uc_xasprintf("words %s", canon), *host = uc_root_host(r->root, canon);
	char *save, *line;
	struct uc_buf b;

	if (uc_vec_add_once(&r->fired, key) && !uc_file_read(host, SCRIPT_MAX, &b)) {
		for (line = strtok_r(b.p, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
			take_line(r, line);
		uc_buf_free(&b);
	}
	free(key);
	free(host);
}

/* ---- interpreters ---- */

/* `#!/usr/bin/env [-S] NAME` runs NAME as well. */
static char *env_word(const char *args)
{
	char *copy = uc_xstrdup(args), *save, *word, *out = NULL;

	for (word = strtok_r(copy, " \t", &save); word; word = strtok_r(NULL, " \t", &save))
		if (word[0] != '-' && !strchr(word, '=')) break;
	if (word) out = uc_xstrdup(word);
	free(copy);
	return out;
}

static int env_program(struct uc_rootfs *r, const char *args, const char *name)
{
	char *word = env_word(args), *path = word ? in_path(r, word) : NULL;
	int rc = 0;

	if (path) rc = uc_rootfs_program(r, path, name, NULL);
	else if (word)
		rc = uc_fail(UC_ST_UNAVAILABLE, word,
			     "name the package that has it as another source",
			     "the script %s needs it, but it is not in the source", name);
	free(path);
	free(word);
	return rc;
}

int uc_rootfs_script(struct uc_rootfs *r, char *line, const char *canon, const char *name)
{
	bool shell = uc_script_is_shell(line);
	size_t n = strcspn(line, " \t");
	char *args = line + n + strspn(line + n, " \t");
	int rc;

	line[n] = 0;
	if (!uc_root_has(r->root, line))
		return uc_fail(UC_ST_UNAVAILABLE, line,
			       "name the package or file that has it as another source",
			       "the script %s needs it, but it is not in the source", name);
	rc = uc_rootfs_program(r, line, name, NULL);
	if (!rc && !strcmp(uc_path_base(line), "env")) rc = env_program(r, args, name);
	if (!rc && shell && !r->whole) take_words(r, canon);
	return rc;
}

void uc_rootfs_script_beside(struct uc_rootfs *r, const char *canon)
{
	char *dir = uc_path_dir(canon), *line = NULL, *word = NULL, *path = NULL;

	for (size_t i = 0; i < sizeof(program_dirs) / sizeof(*program_dirs) && !line; i++)
		if (!strcmp(dir, program_dirs[i])) line = uc_script_line(r->root, canon);
	if (line) {
		size_t n = strcspn(line, " \t");

		if (line[n]) {
			line[n] = 0;
			word = env_word(line + n + 1);
		}
		if (uc_root_has(r->root, line)) uc_rootfs_pick(r, line);
		if (word && !strcmp(uc_path_base(line), "env")) path = in_path(r, word);
		if (path) uc_rootfs_pick(r, path);
	}
	free(path);
	free(word);
	free(line);
	free(dir);
}
