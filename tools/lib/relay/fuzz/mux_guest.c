// SPDX-License-Identifier: BSD-3-Clause
// sources: ../mux.c ../textlog.c
/* Whatever a guest sends, in pieces: frames are handed on within bounds, text stays printable. */
#include <stdlib.h>
#include <string.h>

#include <unicore/mux.h>

#include "../textlog.h"

static struct uc_textlog log_text;
static size_t bytes;

static void line(void *arg, const char *s, size_t n)
{
	(void)arg;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] < 0x20 && s[i] != '\t')
			abort();
}

static void data(void *arg, enum uc_mux_stream s, const uint8_t *p, size_t n)
{
	(void)arg;
	if (s == UC_MUX_LOG)
		uc_textlog_add(&log_text, p, n);
	for (size_t i = 0; i < n; i++)
		bytes += p[i];
}

static void control(void *arg, const struct uc_mux_hdr *h, const uint8_t *payload)
{
	(void)arg;
	if (h->len > UC_MUX_MAX_PAYLOAD || payload[h->len])
		abort();
	bytes += strlen((const char *)payload);
}

static const struct uc_muxdec_ops ops = { data, control };

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct uc_muxdec d;

	if (!n)
		return 0;
	log_text = (struct uc_textlog){ .show = p[0] & 1, .print = line };
	size_t piece = p[0] / 2u + 1u;
	uc_muxdec_init(&d, &ops, NULL);
	for (size_t at = 1; at < n; at += piece)
		uc_muxdec_feed(&d, p + at, n - at < piece ? n - at : piece);
	uc_textlog_flush(&log_text);
	if (log_text.kept_len > UC_TEXTLOG_KEEP)
		abort();
	free(log_text.kept);
	return 0;
}
