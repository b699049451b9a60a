// SPDX-License-Identifier: BSD-3-Clause
/*
 * Squarified treemaps (Bruls, Huizing, van Wijk 2000): each rectangle's area is its size; within
 * one,
 * rows are filled as long as that makes their rectangles more like squares.
 */
#include <string.h>

#include <unicore/cli.h>
#include <unicore/contents.h>
#include <unicore/depsview.h>

#define WIDTH   1200.0
#define HEIGHT  800.0
#define HEADING 15.0 /* of a rectangle with others in it */
#define SMALL   3.0  /* what is narrower is not divided */

struct box {
	double x, y, w, h;
};

static const char style[] =
	"<style>text{font:11px system-ui,sans-serif;fill:#111;pointer-events:none}"
	"rect{stroke:#fff;stroke-width:.6}rect:hover{stroke:#000;stroke-width:1.5}</style>\n";

/* The worst ratio of sides in a row of `sum` bytes whose smallest and largest are given, of a side
 * that is `side` long; scale: area of a byte. */
static double worst(double side, double sum, double least, double most, double scale)
{
	double thick = sum * scale / side, a = least * scale / thick, b = most * scale / thick;
	double ra = a > thick ? a / thick : thick / a, rb = b > thick ? b / thick : thick / b;

	return ra > rb ? ra : rb;
}

static void draw(const struct uc_sizes *s, struct box b, unsigned depth, unsigned hue, FILE *f);

static void draw_row(const struct uc_sizes *v, size_t n, double sum, struct box *b, double scale,
		     unsigned depth, unsigned hue, FILE *f)
{
	bool down = b->w >= b->h;
	double side = down ? b->h : b->w, thick = sum * scale / side, at = 0;

	for (size_t i = 0; i < n; i++) {
		double len = (double)v[i].bytes * scale / thick;
		struct box r = down ? (struct box){ b->x, b->y + at, thick, len }
				    : (struct box){ b->x + at, b->y, len, thick };

		draw(&v[i], r, depth, depth == 2 ? hue + (unsigned)(i * 47) : hue, f);
		at += len;
	}
	if (down) {
		b->x += thick;
		b->w -= thick;
	} else {
		b->y += thick;
		b->h -= thick;
	}
}

/* Children are sorted, largest first. */
static void fill(const struct uc_sizes *s, struct box b, unsigned depth, unsigned hue, FILE *f)
{
	double scale = s->bytes ? b.w * b.h / (double)s->bytes : 0;

	for (size_t i = 0; i < s->n && s->v[i].bytes;) {
		double side = b.w >= b.h ? b.h : b.w, most = (double)s->v[i].bytes, sum = most;
		size_t n = 1;

		if (side < 0.01)
			return;
		while (i + n < s->n && s->v[i + n].bytes) {
			double next = (double)s->v[i + n].bytes;
			double least = (double)s->v[i + n - 1].bytes;

			if (worst(side, sum + next, next, most, scale) >
			    worst(side, sum, least, most, scale))
				break;
			sum += next;
			n++;
		}
		draw_row(s->v + i, n, sum, &b, scale, depth,
			 depth == 2 ? hue + (unsigned)(i * 47) : hue, f);
		i += n;
	}
}

static void label(const struct uc_sizes *s, struct box b, FILE *f)
{
	size_t fits = (size_t)(b.w / 6.2), n = strlen(s->name);

	if (b.h < 12 || fits < 3)
		return;
	fprintf(f, "<text x=\"%.1f\" y=\"%.1f\">", b.x + 3, b.y + 11.5);
	/* The end of a path says more than its beginning. */
	for (const char *p = s->name + (n > fits ? n - fits : 0); *p;) {
		char c[2] = { *p++, 0 };

		if (!(c[0] & 0x80))
			uc_html_text(c, f);
	}
	fputs("</text>\n", f);
}

static void draw(const struct uc_sizes *s, struct box b, unsigned depth, unsigned hue, FILE *f)
{
	char size[16];
	bool divided = s->n && b.w > SMALL && b.h > SMALL;
	double head = divided && b.h > 3 * HEADING && b.w > 30 ? HEADING : 0;

	fprintf(f,
		"<g><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
		"fill=\"hsl(%u,%u%%,%u%%)\"><title>",
		b.x, b.y, b.w, b.h, hue % 360, depth < 2 ? 8u : 55u,
		depth > 4 ? 88u : 64u + 6 * depth);
	uc_html_text(s->name, f);
	fprintf(f, "\n%s (%llu bytes)", uc_size_text(s->bytes, size, sizeof(size)),
		(unsigned long long)s->bytes);
	if (s->note) {
		fputs("\n", f);
		uc_html_text(s->note, f);
	}
	fputs("</title></rect>\n", f);
	if (!s->n || head > 0)
		label(s, b, f);
	b.y += head;
	b.h -= head;
	if (divided)
		fill(s, b, depth + 1, hue, f);
	fputs("</g>\n", f);
}

void uc_sizes_svg(const struct uc_sizes *s, FILE *f)
{
	fprintf(f,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" "
		"width=\"%.0f\" height=\"%.0f\">\n",
		WIDTH, HEIGHT, WIDTH, HEIGHT);
	fputs(style, f);
	draw(s, (struct box){ 0, 0, WIDTH, HEIGHT }, 0, 210, f);
	fputs("</svg>\n", f);
}

static void list(const struct uc_sizes *s, unsigned depth, FILE *f)
{
	char size[16];

	fputs(s->n ? "<details><summary>" : "<div>", f);
	fprintf(f, "<span>%s</span> ", uc_size_text(s->bytes, size, sizeof(size)));
	uc_html_text(s->name, f);
	if (s->note) {
		fputs(" <i>", f);
		uc_html_text(s->note, f);
		fputs("</i>", f);
	}
	fputs(s->n ? "</summary>\n" : "</div>\n", f);
	for (size_t i = 0; i < s->n; i++)
		list(&s->v[i], depth + 1, f);
	if (s->n)
		fputs("</details>\n", f);
}

void uc_sizes_html(const struct uc_sizes *s, FILE *f)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width\"><title>",
	      f);
	uc_html_text(s->name, f);
	fputs("</title>\n<style>body{font:14px/1.45 system-ui,sans-serif;margin:1em;color:#222;"
	      "background:#fff}svg{width:100%;height:auto}details,div{margin-left:1.2em}"
	      "summary{cursor:pointer}span{display:inline-block;min-width:4.5em;color:#666}"
	      "i{color:#888}</style></head><body>\n<h1>What ",
	      f);
	uc_html_text(s->name, f);
	fputs(" is made of</h1>\n", f);
	uc_sizes_svg(s, f);
	list(s, 0, f);
	fputs("</body></html>\n", f);
}
