// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include <uc/abi/faults.h>
#include <unicore/cli.h>
#include <unicore/fault.h>
#include <unicore/link.h>
#include <unicore/msg.h>

#define NUMBERS 3 /* NTH, EVERY, VALUE */

const struct uc_fault_kind uc_fault_kinds[] = {
#define KIND(id, name, text) { name, text },
	UC_INJECT_KINDS(KIND)
#undef KIND
		{ NULL, NULL }
};

static int number_of_call(const char *name, int *nr)
{
	struct uc_systab tab;
	int rc = uc_systab_installed(NULL, &tab);

	if (!rc) {
		*nr = uc_systab_number(&tab, name);
		if (*nr < 0)
			rc = uc_fail(UC_ST_USAGE, name, uc_systab_nearest(&tab, name),
				     "is no system call");
		uc_systab_free(&tab);
	}
	return rc;
}

int uc_fault_check_kind(const char *name)
{
	const struct uc_fault_kind *k = uc_fault_kinds;

	while (k->name && strcmp(k->name, name))
		k++;
	return k->name ? 0
		       : uc_fail(UC_ST_USAGE, name, "unicore-verify(1) lists them",
				 "is no kind of fault");
}

static int take_numbers(const char *spec, char *next, uint64_t v[NUMBERS])
{
	char *word;
	int i = 0;

	while ((word = strsep(&next, ":")))
		if (i == NUMBERS || uc_parse_uint(word, &v[i++]))
			return uc_fail(UC_ST_USAGE, spec, "write KIND:CALL[:NTH[:EVERY[:VALUE]]]",
				       "not a fault");
	return 0;
}

int uc_fault_param(const char *spec, char **param)
{
	char *copy = uc_xstrdup(spec), *next = copy, *kind = strsep(&next, ":"),
	     *call = next ? strsep(&next, ":") : "";
	uint64_t v[NUMBERS] = { 1, 0, 0 };
	int nr = 0, rc = uc_fault_check_kind(kind);

	if (!rc)
		rc = number_of_call(call, &nr);
	if (!rc)
		rc = take_numbers(spec, next, v);
	if (!rc)
		*param = uc_xasprintf("%s:%d:%lu:%lu:%lu", kind, nr, (unsigned long)v[0],
				      (unsigned long)v[1], (unsigned long)v[2]);
	free(copy);
	return rc;
}
