// SPDX-License-Identifier: BSD-3-Clause
/* What a case does without a fault. Many faults of one program are reduced by way of the same
 * smaller cases, so it is kept for all of them. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

struct entry {
	struct uc_verify v;
	struct uc_vcase c;
	struct verify_known known;
};
struct verify_kept {
	struct uc_map entries;
};

struct verify_kept *verify_kept_new(void)
{
	return uc_xzalloc(sizeof(struct verify_kept));
}

static void entry_free(struct entry *e)
{
	uc_vset_free(e->known.s);
	uc_vcase_free(&e->c);
	free(e);
}

void verify_kept_free(struct verify_kept *k)
{
	for (size_t i = 0; i < k->entries.n; i++)
		if (k->entries.e[i].value)
			entry_free(k->entries.e[i].value);
	uc_map_free(&k->entries);
	free(k);
}

static int run(struct entry *e, const char *plat)
{
	struct verify_look l;
	int rc = uc_vset_grow(e->known.s, e->v.runs);

	if (rc)
		return rc;
	rc = verify_look(&e->v, e->known.s, &e->c, plat, &l);
	memcpy(e->known.base, l.agree, sizeof(l.agree));
	verify_look_free(&l);
	return rc;
}

int verify_known(const struct uc_verify *v, const struct uc_vcase *c, const char *plat,
		 struct verify_known **out)
{
	struct entry *e = uc_xzalloc(sizeof(*e));
	int rc = 0;

	e->v = *v;
	verify_case_copy(c, &e->c);
	free(e->c.fault);
	e->c.fault = NULL;
	free(e->c.name);
	e->c.name = uc_xstrdup("kept");
	char *text = verify_case_text(&e->c),
	     *key = uc_xasprintf("%s %u %d\n%s", plat, v->runs, v->trace, text);
	struct entry *there = uc_map_get(&v->kept->entries, key);

	if (there) {
		entry_free(e);
		e = there;
	} else {
		e->known.s = uc_vset_new(&e->v, &e->c);
		rc = run(e, plat);
		if (rc)
			entry_free(e);
		else
			*uc_map_put(&v->kept->entries, key) = e;
	}
	free(text);
	free(key);
	if (!rc)
		*out = &e->known;
	return rc;
}
