// SPDX-License-Identifier: BSD-3-Clause
/* The report as a page that needs nothing else, and as JUnit's XML. */
#include <errno.h>
#include <string.h>

#include <unicore/msg.h>
#include <unicore/util.h>

#include "view.h"

static const char head[] =
	"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
	"<title>unicore verify</title>\n<style>\n"
	"body{font:14px/1.45 system-ui,sans-serif;margin:2em auto;max-width:80em;padding:0 1em;"
	"color:#222;background:#fff}\n"
	"table{border-collapse:collapse;width:100%}td,th{padding:.2em .6em;text-align:left;"
	"border-bottom:1px solid #ddd;vertical-align:top}\n"
	".side td{width:50%;font:12px/1.4 ui-monospace,monospace;white-space:pre-wrap;"
	"word-break:break-all}\n"
	".d{background:#fde2e2}.ok{color:#17662b}.bad{color:#a11}\n"
	"@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}td,th{border-color:"
	"#333}.d{background:#4a1f1f}.ok{color:#7c7}.bad{color:#f88}}\n"
	"</style></head><body>\n";

static void cell(const char *line, size_t n, bool differs, FILE *f)
{
	fprintf(f, "<td%s>", differs ? " class=d" : "");
	uc_html_bytes(line, n, f);
	fputs("</td>", f);
}

static void side_by_side(const json_t *d, FILE *f)
{
	const char *a = uc_json_str(d, "native"), *b = uc_json_str(d, "guest");

	fputs("<h3>", f);
	uc_html_text(uc_json_str(d, "channel"), f);
	fputs("</h3><table class=side><tr><th>native</th><th>guest</th></tr>\n", f);
	while (*a || *b) {
		size_t m = strcspn(a, "\n"), n = strcspn(b, "\n");
		bool differs = m != n || memcmp(a, b, n);

		fputs("<tr>", f);
		cell(a, m, differs, f);
		cell(b, n, differs, f);
		fputs("</tr>\n", f);
		a += m + (a[m] == '\n');
		b += n + (b[n] == '\n');
	}
	fputs("</table>\n", f);
}

static void channel_cells(const json_t *r, FILE *f)
{
	const json_t *channels = json_object_get(r, "channels");

	for (int ch = 0; ch < UC_VCH_N; ch++) {
		const json_t *e = json_object_get(channels, uc_vchannel_names[ch]);
		double a = verify_num(e, "agreement");

		if (!e)
			fputs("<td></td>", f);
		else
			fprintf(f, "<td class=%s title=\"%s\">%.1f%%</td>", a >= 1 ? "ok" : "bad",
				uc_json_str(e, "compared"), 100 * a);
	}
}

static void overview(const json_t *report, FILE *f)
{
	json_t *k, *r;
	size_t i, j;

	fputs("<table><tr><th>case</th><th>platform</th><th>score</th>", f);
	for (int ch = 0; ch < UC_VCH_N; ch++)
		fprintf(f, "<th>%s</th>", uc_vchannel_names[ch]);
	fputs("</tr>\n", f);
	json_array_foreach(json_object_get(report, "cases"), i, k)
	{
		json_array_foreach(json_object_get(k, "results"), j, r)
		{
			fputs("<tr><td>", f);
			uc_html_text(uc_json_str(k, "name"), f);
			fprintf(f, "</td><td>%s</td><td>%.2f</td>", uc_json_str(r, "platform"),
				verify_num(r, "score"));
			channel_cells(r, f);
			fputs("</tr>\n", f);
		}
	}
	fputs("</table>\n", f);
}

static void reproducer(const json_t *o, FILE *f)
{
	const json_t *r = json_object_get(o, "reproducer");
	json_t *a;
	size_t i;

	if (!r)
		return;
	fputs("<p>Reproducer <i>", f);
	uc_html_text(uc_json_str(r, "name"), f);
	fputs("</i>:<code>", f);
	json_array_foreach(json_object_get(r, "arguments"), i, a)
	{
		fputc(' ', f);
		uc_html_text(json_string_value(a), f);
	}
	fprintf(f, "</code>, %.0f bytes of input, %.0f files</p>\n", verify_num(r, "input_bytes"),
		verify_num(r, "files"));
}

static void faults(const json_t *list, FILE *f)
{
	size_t i, j;
	json_t *e, *ch;

	fputs("<table><tr><th>case</th><th>platform</th><th>fault</th><th>noticed by</th></tr>\n",
	      f);
	json_array_foreach(list, i, e)
	{
		bool seen = json_is_true(json_object_get(e, "noticed"));

		fputs("<tr><td>", f);
		uc_html_text(uc_json_str(e, "case"), f);
		fprintf(f, "</td><td>%s</td><td>", uc_json_str(e, "platform"));
		uc_html_text(uc_json_str(e, "fault"), f);
		fprintf(f, "</td><td class=%s>", seen ? "ok" : "bad");
		json_array_foreach(json_object_get(e, "channels"), j, ch)
			fprintf(f, "%s ", json_string_value(ch));
		fputs(seen ? "" : "nothing", f);
		reproducer(e, f);
		fputs("</td></tr>\n", f);
	}
	fputs("</table>\n", f);
}

static void page(const json_t *report, FILE *f)
{
	const json_t *ci = json_object_get(report, "interval");
	json_t *k, *r, *d;
	size_t i, j, l;

	fputs(head, f);
	fputs("<h1>", f);
	uc_html_text(uc_json_str(report, "source"), f);
	fprintf(f, ": %.2f</h1><p>95%% interval %.1f to %.1f, %.0f comparisons. Native runs: ",
		verify_num(report, "score"), json_number_value(json_array_get(ci, 0)),
		json_number_value(json_array_get(ci, 1)), verify_num(report, "comparisons"));
	uc_html_text(uc_json_str(report, "isolation"), f);
	fputs(".</p>\n", f);
	if (json_object_get(report, "faults"))
		faults(json_object_get(report, "faults"), f);
	else
		overview(report, f);
	json_array_foreach(json_object_get(report, "cases"), i, k)
	{
		json_array_foreach(json_object_get(k, "results"), j, r)
		{
			json_array_foreach(json_object_get(r, "differences"), l, d)
			{
				fputs("<h2>", f);
				uc_html_text(uc_json_str(k, "name"), f);
				fprintf(f, " on %s</h2>\n", uc_json_str(r, "platform"));
				side_by_side(d, f);
			}
			reproducer(r, f);
		}
	}
	fputs("</body></html>\n", f);
}

/* ---- JUnit ---- */

static void failure(const json_t *d, FILE *f)
{
	fputs("<failure message=\"", f);
	uc_html_text(uc_json_str(d, "channel"), f);
	fputs(" differs\">native:\n", f);
	uc_html_text(uc_json_str(d, "native"), f);
	fputs("\nguest:\n", f);
	uc_html_text(uc_json_str(d, "guest"), f);
	fputs("</failure>\n", f);
}

static void fault_case(const json_t *e, FILE *f)
{
	fputs("<testcase name=\"", f);
	uc_html_text(uc_json_str(e, "case"), f);
	fputs(": ", f);
	uc_html_text(uc_json_str(e, "fault"), f);
	fprintf(f, "\" classname=\"%s\">", uc_json_str(e, "platform"));
	if (!json_is_true(json_object_get(e, "noticed")))
		fputs("<failure message=\"not noticed\"/>", f);
	fputs("</testcase>\n", f);
}

static void suite(const json_t *report, FILE *f)
{
	const json_t *injected = json_object_get(report, "faults");
	size_t i, j, tests = json_array_size(injected), failures = uc_verify_unnoticed(report);
	json_t *k, *r;

	json_array_foreach(json_object_get(report, "cases"), i, k)
	{
		json_array_foreach(json_object_get(k, "results"), j, r)
		{
			tests++;
			failures += json_array_size(json_object_get(r, "differences")) > 0;
		}
	}
	fprintf(f, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"");
	uc_html_text(uc_json_str(report, "source"), f);
	fprintf(f, "\" tests=\"%zu\" failures=\"%zu\">\n", tests, failures);
	json_array_foreach(injected, i, r) fault_case(r, f);
	json_array_foreach(json_object_get(report, "cases"), i, k)
	{
		json_array_foreach(json_object_get(k, "results"), j, r)
		{
			const json_t *d = json_object_get(r, "differences");

			fputs("<testcase name=\"", f);
			uc_html_text(uc_json_str(k, "name"), f);
			fprintf(f, "\" classname=\"%s\" time=\"%.3f\">\n",
				uc_json_str(r, "platform"), verify_num(r, "wall_ms") / 1000);
			if (json_array_size(d))
				failure(json_array_get(d, 0), f);
			fputs("</testcase>\n", f);
		}
	}
	fputs("</testsuite>\n", f);
}

/* ---- */

static int to_file(const char *path, const json_t *report, void (*write)(const json_t *, FILE *))
{
	FILE *f = fopen(path, "we");

	if (!f)
		return uc_fail_os(UC_ST_CANTCREAT, path, NULL, errno, "cannot create it");
	write(report, f);
	return fclose(f) ? uc_fail_os(UC_ST_CANTCREAT, path, NULL, errno, "cannot write it") : 0;
}

int uc_verify_junit(const json_t *report, const char *path)
{
	return to_file(path, report, suite);
}

int uc_verify_html(const json_t *report, const char *path)
{
	return to_file(path, report, page);
}
