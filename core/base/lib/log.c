// SPDX-License-Identifier: BSD-3-Clause
#include <uc/fmt.h>
#include <uc/log.h>
#include <uc/string.h>

enum uc_loglevel uc_log_level = UC_LOG_WARN;
static void (*log_sink)(const char *, size_t);
static char early[1024];
static size_t early_len;

static void emit(const char *text, size_t n)
{
	if (log_sink) {
		log_sink(text, n);
		return;
	}
	n = UC_MIN(n, sizeof(early) - early_len);
	memcpy(early + early_len, text, n);
	early_len += n;
}

static void vlog(const char *prefix, const char *fmt, va_list ap)
{
	char line[488];
	size_t p = uc_strlcpy(line, prefix, sizeof(line));
	int n = uc_vsnprintf(line + p, sizeof(line) - p - 1, fmt, ap);
	size_t len = p + UC_MIN((size_t)n, sizeof(line) - p - 2);
	line[len++] = '\n';
	emit(line, len);
}

void uc_log(enum uc_loglevel level, const char *fmt, ...)
{
	static const char *const prefix[] = { "error: ", "warning: ", "", "debug: " };
	if (level > uc_log_level)
		return;
	va_list ap;
	va_start(ap, fmt);
	vlog(prefix[level], fmt, ap);
	va_end(ap);
}

void uc_log_set_sink(void (*sink)(const char *text, size_t len))
{
	log_sink = sink;
	if (sink && early_len) {
		sink(early, early_len);
		early_len = 0;
	}
}

void uc_panic(const char *fmt, ...)
{
	static bool nested;
	if (!nested) {
		nested = true;
		va_list ap;
		va_start(ap, fmt);
		vlog("panic: ", fmt, ap);
		va_end(ap);
	}
	uc_panic_hook();
}
