// SPDX-License-Identifier: BSD-3-Clause
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <unicore/cli.h>

#include "internal.h"

#define BAR_CELLS 24
#define REDRAW_MS 100

static struct uc_progress *active;

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void uc_progress_clear(void)
{
	if (active && active->shown) {
		fputs("\r\033[K", stderr);
		active->shown = false;
	}
}

static void figure(const struct uc_progress *p, uint64_t v, char *buf, size_t cap)
{
	if (p->bytes)
		uc_size_text(v, buf, cap);
	else
		snprintf(buf, cap, "%llu", (unsigned long long)v);
}

static void draw(struct uc_progress *p)
{
	char bar[BAR_CELLS + 1], done[32], total[32];

	figure(p, p->done, done, sizeof(done));
	if (!p->total) {
		fprintf(stderr, "\r\033[K%s %s", p->label, done);
	} else {
		uint64_t at = p->done < p->total ? p->done : p->total;
		size_t fill = (size_t)((double)at / (double)p->total * BAR_CELLS);

		memset(bar, '.', BAR_CELLS);
		memset(bar, '#', fill);
		bar[BAR_CELLS] = 0;
		figure(p, p->total, total, sizeof(total));
		fprintf(stderr, "\r\033[K%s [%s] %s/%s", p->label, bar, done, total);
	}
	fflush(stderr);
	p->shown = true;
}

void uc_progress_start(struct uc_progress *p, const char *label, uint64_t total, bool bytes)
{
	*p = (struct uc_progress){ .label = label, .total = total, .bytes = bytes };
	if (uc_msg_verbosity < 0)
		return;
	if (isatty(STDERR_FILENO)) {
		active = p;
		p->last_ms = now_ms(); /* a job shorter than one period shows nothing */
	} else {
		fprintf(stderr, "unicore: %s\n", label);
	}
}

void uc_progress_update(struct uc_progress *p, uint64_t done)
{
	p->done = done;
	if (active != p)
		return;
	uint64_t now = now_ms();
	if (now - p->last_ms < REDRAW_MS)
		return;
	p->last_ms = now;
	draw(p);
}

void uc_progress_end(struct uc_progress *p)
{
	if (active != p)
		return;
	uc_progress_clear();
	active = NULL;
}
