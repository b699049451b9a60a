// SPDX-License-Identifier: BSD-3-Clause
/* The report as text. */
#include <string.h>

#include "view.h"

double verify_num(const json_t *o, const char *key)
{
	return json_number_value(json_object_get(o, key));
}

static const char *line_of(const char **at, size_t *n)
{
	const char *line = *at;

	*n = strcspn(line, "\n");
	*at = line + *n + (line[*n] == '\n');
	return line;
}

/* The first line that differs. */
static void show_difference(const json_t *d, FILE *f)
{
	const char *a = uc_json_str(d, "native"), *b = uc_json_str(d, "guest");
	unsigned number = 1;

	for (;; number++) {
		size_t m, n;
		const char *x = line_of(&a, &m), *y = line_of(&b, &n);

		if (m == n && !memcmp(x, y, n) && (*a || *b))
			continue;
		fprintf(f, "    %s, line %u\n      native: %.*s\n      guest:  %.*s\n",
			uc_json_str(d, "channel"), number, (int)(m < 200 ? m : 200), x,
			(int)(n < 200 ? n : 200), y);
		return;
	}
}

static void show_reproducer(const json_t *o, FILE *f)
{
	const json_t *r = json_object_get(o, "reproducer");
	json_t *a;
	size_t i;

	if (!r)
		return;
	fprintf(f, "    reproducer \"%s\"%s:", uc_json_str(r, "name"),
		json_is_true(json_object_get(r, "holds")) ? "" : " (not always)");
	json_array_foreach(json_object_get(r, "arguments"), i, a)
		fprintf(f, " %s", json_string_value(a));
	fprintf(f, " (%.0f bytes of input, %.0f files)\n", verify_num(r, "input_bytes"),
		verify_num(r, "files"));
}

static void show_result(const json_t *r, FILE *f)
{
	const char *name;
	json_t *e;
	size_t i;

	fprintf(f, "  %-6s %6.2f ", uc_json_str(r, "platform"), verify_num(r, "score"));
	json_object_foreach(json_object_get(r, "channels"), name, e)
	{
		double a = verify_num(e, "agreement");

		if (a >= 1)
			fprintf(f, " %s", name);
		else
			fprintf(f, " [%s %.1f%%]", name, 100 * a);
	}
	fputc('\n', f);
	json_array_foreach(json_object_get(r, "differences"), i, e) show_difference(e, f);
	show_reproducer(r, f);
}

static void show_faults(const json_t *faults, FILE *f)
{
	size_t i, j, noticed = 0, n = json_array_size(faults);
	json_t *e, *ch;

	json_array_foreach(faults, i, e)
	{
		bool seen = json_is_true(json_object_get(e, "noticed"));

		noticed += seen;
		fprintf(f, "%s on %s: %s %s", uc_json_str(e, "case"), uc_json_str(e, "platform"),
			uc_json_str(e, "fault"), seen ? "noticed by" : "not noticed");
		json_array_foreach(json_object_get(e, "channels"), j, ch)
			fprintf(f, " %s", json_string_value(ch));
		fputc('\n', f);
		show_reproducer(e, f);
	}
	fprintf(f, "%zu of %zu injected faults noticed (%.1f%%)\n", noticed, n,
		n ? 100.0 * (double)noticed / (double)n : 100.0);
}

void uc_verify_text(const json_t *report, FILE *f)
{
	const json_t *ci = json_object_get(report, "interval");
	json_t *k, *r;
	size_t i, j;

	if (json_object_get(report, "faults")) {
		show_faults(json_object_get(report, "faults"), f);
		return;
	}
	json_array_foreach(json_object_get(report, "cases"), i, k)
	{
		fprintf(f, "%s\n", uc_json_str(k, "name"));
		json_array_foreach(json_object_get(k, "results"), j, r) show_result(r, f);
	}
	fprintf(f, "score %.2f (95%% interval %.1f to %.1f, %.0f comparisons)\n",
		verify_num(report, "score"), json_number_value(json_array_get(ci, 0)),
		json_number_value(json_array_get(ci, 1)), verify_num(report, "comparisons"));
	json_array_foreach(json_object_get(report, "regressions"), i, r)
		fprintf(f, "worse than before: %s\n", json_string_value(r));
}
