// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/cli.h>
#include <unicore/link.h>

static bool is_name(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!(s[i] == '_' || (s[i] >= 'a' && s[i] <= 'z') || (s[i] >= '0' && s[i] <= '9')))
			return false;
	return n > 0 && n < 64;
}

static bool is_word(const char *p, const char *end, const char *word)
{
	return (size_t)(end - p) == strlen(word) && !memcmp(p, word, (size_t)(end - p));
}

static int parse_line(const char *p, const char *end, struct uc_systab *t)
{
	unsigned nr = 0, digits = 0;
	const char *name;

	for (; p < end && *p >= '0' && *p <= '9' && digits < 5; p++, digits++)
		nr = nr * 10 + (unsigned)(*p - '0');
	if (!digits || nr >= UC_SYSTAB_MAX || p == end || *p != ' ') return -EINVAL;
	name = ++p;
	while (p < end && *p != ' ') p++;
	if (!is_name(name, (size_t)(p - name)) || t->name[nr]) return -EINVAL;
	t->name[nr] = uc_xstrndup(name, (size_t)(p - name));
	while (p < end) {
		const char *kind = ++p;

		while (p < end && *p != ' ') p++;
		t->path[nr] |= is_word(kind, p, "path");
		t->restarts[nr] |= is_word(kind, p, "+restart");
	}
	if (nr >= t->n) t->n = nr + 1;
	return 0;
}

static const char part[] = "part ";

static bool is_part(const char *p, const char *end)
{
	return (size_t)(end - p) >= sizeof(part) && !memcmp(p, part, sizeof(part) - 1);
}

/* NAME, NAME CALL, or with an argument, a mask and at least one value. */
static int parse_part(const char *p, const char *end, struct uc_systab *t)
{
	unsigned words = 1;

	p += sizeof(part) - 1;
	for (const char *q = p; q < end; q++)
		words += *q == ' ';
	if (words > 2 && words < 5)
		return -EINVAL;
	uc_vec_take(&t->parts, uc_xstrndup(p, (size_t)(end - p)));
	return 0;
}

int uc_systab_parse(const char *text, size_t n, struct uc_systab *out, unsigned *line)
{
	const char *p = text, *end = text + n;

	*out = (struct uc_systab){ .n = 0 };
	for (*line = 1; p < end; (*line)++) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		const char *stop = nl ? nl : end;

		if (stop > p && *p != '#' &&
		    (is_part(p, stop) ? parse_part : parse_line)(p, stop, out)) {
			uc_systab_free(out);
			return -EINVAL;
		}
		p = stop + 1;
	}
	return 0;
}

int uc_systab_load(const char *path, struct uc_systab *out)
{
	struct uc_buf b;
	unsigned line;
	int rc = uc_file_read(path, 1 << 20, &b);

	if (rc)
		return uc_fail_os(UC_ST_UNAVAILABLE, path,
				  "reinstall unicore or set UNICORE_LIBDIR", -rc,
				  "cannot read the table of system calls");
	rc = uc_systab_parse(b.p, b.n, out, &line);
	uc_buf_free(&b);
	if (rc) return uc_fail(UC_ST_DATA, path, "reinstall unicore", "line %u is malformed", line);
	return 0;
}

int uc_systab_number(const struct uc_systab *t, const char *name)
{
	for (unsigned i = 0; i < t->n; i++)
		if (t->name[i] && !strcmp(t->name[i], name)) return (int)i;
	return -1;
}

const char *uc_systab_nearest(const struct uc_systab *t, const char *name)
{
	const char *names[UC_SYSTAB_MAX + 1];
	size_t n = 0;

	for (unsigned i = 0; i < t->n; i++)
		if (t->name[i]) names[n++] = t->name[i];
	names[n] = NULL;
	return uc_nearest(name, names);
}

void uc_systab_free(struct uc_systab *t)
{
	for (unsigned i = 0; i < UC_SYSTAB_MAX; i++) free(t->name[i]);
	uc_vec_free(&t->parts);
	*t = (struct uc_systab){ .n = 0 };
}
