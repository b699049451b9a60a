// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <unicore/msg.h>
#include <unicore/vmm.h>

static const char syntax[] = "write HOSTDIR:GUESTDIR or HOSTDIR:GUESTDIR:ro";

/* Cuts a trailing ":ro" or ":rw". */
static bool cut_mode(char *s)
{
	char *c = strrchr(s, ':');

	if (!c || (strcmp(c, ":ro") && strcmp(c, ":rw")))
		return false;
	bool ro = c[2] == 'o';
	*c = 0;
	return ro;
}

int uc_volume_parse(const char *spec, struct uc_volume *out)
{
	struct stat st;
	char *s = uc_xstrdup(spec);

	*out = (struct uc_volume){ .ro = cut_mode(s) };
	char *c = strchr(s, ':');
	if (!c || c == s || !c[1]) {
		free(s);
		return uc_fail(UC_ST_USAGE, spec, syntax, "not a volume");
	}
	*c = 0;
	if (c[1] != '/' || strchr(c + 1, ':')) {
		free(s);
		return uc_fail(UC_ST_USAGE, spec, syntax,
			       "the guest folder must be an absolute path without `:`");
	}
	out->guest = uc_path_clean(c + 1);
	out->host = realpath(s, NULL);
	int err = out->host && stat(out->host, &st) == 0 ? 0 : errno;
	int status = 0;
	if (err)
		status = uc_fail_os(UC_ST_NOINPUT, s, "create the folder first", err,
				    "cannot use it as a volume");
	else if (!S_ISDIR(st.st_mode))
		status = uc_fail(UC_ST_NOINPUT, s, "name the folder that holds it",
				 "a volume must be a folder");
	else if (!strcmp(out->guest, "/"))
		status = uc_fail(UC_ST_USAGE, spec, "choose a folder below it",
				 "a volume cannot replace the guest's root");
	free(s);
	if (status)
		uc_volume_free(out);
	return status;
}

void uc_volume_free(struct uc_volume *v)
{
	free(v->host);
	free(v->guest);
	*v = (struct uc_volume){ 0 };
}
