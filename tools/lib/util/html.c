// SPDX-License-Identifier: BSD-3-Clause
#include <string.h>

#include <unicore/util.h>

void uc_html_bytes(const char *s, size_t n, FILE *f)
{
	for (; n--; s++) {
		switch (*s) {
		case '<':
			fputs("&lt;", f);
			break;
		case '>':
			fputs("&gt;", f);
			break;
		case '&':
			fputs("&amp;", f);
			break;
		case '"':
			fputs("&quot;", f);
			break;
		default:
			fputc((unsigned char)*s < ' ' && !strchr("\t\n", *s) ? '?' : *s, f);
		}
	}
}

void uc_html_text(const char *s, FILE *f)
{
	uc_html_bytes(s, strlen(s), f);
}
