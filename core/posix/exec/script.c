// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <uc/string.h>
#include "script.h"

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

static char *skip_blanks(char *p, const char *end)
{
	while (p < end && blank(*p))
		p++;
	return p;
}

static char *word_end(char *p, const char *end)
{
	while (p < end && !blank(*p) && *p)
		p++;
	return p;
}

int uc_script_parse(char *buf, size_t len, struct uc_script *out)
{
	char *end, *name, *name_end, *arg;
	bool whole;

	if (len > UC_SCRIPT_LINE)
		len = UC_SCRIPT_LINE;
	if (len < 2 || buf[0] != '#' || buf[1] != '!')
		return -ENOEXEC;
	end = memchr(buf, '\n', len);
	whole = end || len < UC_SCRIPT_LINE;
	if (!end)
		end = buf + len;
	while (end > buf + 2 && blank(end[-1]))
		end--;
	name = skip_blanks(buf + 2, end);
	name_end = word_end(name, end);
	/* A name that runs to the end of what is looked at may be cut off. */
	if (name == name_end || (name_end == end && !whole))
		return -ENOEXEC;
	arg = skip_blanks(name_end, end);
	out->interp = name;
	out->arg = arg < end && *arg ? arg : NULL;
	*end = '\0';
	*name_end = '\0';
	return 0;
}
