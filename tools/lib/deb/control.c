// SPDX-License-Identifier: BSD-3-Clause
/* Relations between packages from a control file (Debian Policy 5.1, 7.1). */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <unicore/deb.h>

/* "a (>= 1) | b:any, c" -> a, b, c */
static void add_relations(const char *text, size_t n, struct uc_vec *out)
{
	for (size_t i = 0; i < n;) {
		size_t start = i + strspn(text + i, " \t\n"), len;
		char *name;

		if (start >= n) return;
		len = strcspn(text + start, " \t\n:(,|[<");
		name = uc_xstrndup(text + start, len);
		if (start + len <= n && uc_deb_valid_name(name)) uc_vec_add_once(out, name);
		free(name);
		i = start + len + strcspn(text + start + len, ",|") + 1;
	}
}

static struct uc_vec *list_of(struct uc_deb *d, const char *field, size_t n)
{
	static const char *const depends[] = { "Depends", "Pre-Depends" };

	for (size_t i = 0; i < 2; i++)
		if (strlen(depends[i]) == n && !strncasecmp(depends[i], field, n))
			return &d->depends;
	return n == 8 && !strncasecmp("Provides", field, n) ? &d->provides : NULL;
}

void uc_deb_control(const char *data, size_t n, struct uc_deb *d)
{
	char *text = uc_xstrndup(data, n);

	for (char *p = text; *p;) {
		char *end = p + strcspn(p, "\n"), *colon = memchr(p, ':', (size_t)(end - p));
		struct uc_vec *list = colon ? list_of(d, p, (size_t)(colon - p)) : NULL;

		if (colon && colon - p == 6 && !strncasecmp("Source", p, 6) && !d->source) {
			const char *name = colon + 1 + strspn(colon + 1, " ");

			d->source = uc_xstrndup(name, strcspn(name, " \n"));
		}
		/* A field goes on in lines that begin with white space. */
		while (*end && (end[1] == ' ' || end[1] == '\t')) end += 1 + strcspn(end + 1, "\n");
		if (list) add_relations(colon + 1, (size_t)(end - colon - 1), list);
		p = *end ? end + 1 : end;
	}
	free(text);
}
