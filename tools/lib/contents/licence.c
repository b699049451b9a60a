// SPDX-License-Identifier: BSD-3-Clause
/* Short names of licences in Debian's copyright files, and what SPDX calls them. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <unicore/contents.h>

static const struct {
	const char *debian, *spdx;
} licences[] = {
	{ "Apache-2.0", "Apache-2.0" },
	{ "Apache-2", "Apache-2.0" },
	{ "Artistic", "Artistic-1.0-Perl" },
	{ "Artistic-2", "Artistic-2.0" },
	{ "Artistic-2.0", "Artistic-2.0" },
	{ "BSD-2-clause", "BSD-2-Clause" },
	{ "BSD-3-clause", "BSD-3-Clause" },
	{ "BSD-4-clause", "BSD-4-Clause" },
	{ "BSL-1.0", "BSL-1.0" },
	{ "CC0-1.0", "CC0-1.0" },
	{ "curl", "curl" },
	{ "Expat", "MIT" },
	{ "GFDL-1.1+", "GFDL-1.1-or-later" },
	{ "GFDL-1.2", "GFDL-1.2-only" },
	{ "GFDL-1.2+", "GFDL-1.2-or-later" },
	{ "GFDL-1.3", "GFDL-1.3-only" },
	{ "GFDL-1.3+", "GFDL-1.3-or-later" },
	{ "GPL-1", "GPL-1.0-only" },
	{ "GPL-1+", "GPL-1.0-or-later" },
	{ "GPL-2", "GPL-2.0-only" },
	{ "GPL-2.0", "GPL-2.0-only" },
	{ "GPL-2+", "GPL-2.0-or-later" },
	{ "GPL-2.0+", "GPL-2.0-or-later" },
	{ "GPL-3", "GPL-3.0-only" },
	{ "GPL-3.0", "GPL-3.0-only" },
	{ "GPL-3+", "GPL-3.0-or-later" },
	{ "GPL-3.0+", "GPL-3.0-or-later" },
	{ "ISC", "ISC" },
	{ "LGPL-2", "LGPL-2.0-only" },
	{ "LGPL-2+", "LGPL-2.0-or-later" },
	{ "LGPL-2.1", "LGPL-2.1-only" },
	{ "LGPL-2.1+", "LGPL-2.1-or-later" },
	{ "LGPL-3", "LGPL-3.0-only" },
	{ "LGPL-3+", "LGPL-3.0-or-later" },
	{ "MIT", "MIT" },
	{ "MPL-1.1", "MPL-1.1" },
	{ "MPL-2.0", "MPL-2.0" },
	{ "PSF-2", "PSF-2.0" },
	{ "Python", "Python-2.0" },
	{ "Unicode", "Unicode-TOU" },
	{ "Unlicense", "Unlicense" },
	{ "WTFPL", "WTFPL" },
	{ "X11", "X11" },
	{ "zlib", "Zlib" },
	{ "Zlib", "Zlib" },
};

bool uc_spdx_licence(const char *name, char *out, size_t cap)
{
	size_t n;

	for (size_t i = 0; i < sizeof(licences) / sizeof(*licences); i++)
		if (!strcasecmp(licences[i].debian, name)) {
			snprintf(out, cap, "%s", licences[i].spdx);
			return true;
		}
	/* idstring: letters, digits, dots and hyphens */
	n = (size_t)snprintf(out, cap, "LicenseRef-debian-");
	for (; *name && n + 1 < cap; name++)
		out[n++] = isalnum((unsigned char)*name) || *name == '.' ? *name : '-';
	out[n] = 0;
	return false;
}
