// SPDX-License-Identifier: BSD-3-Clause
/* Cases as verify.yaml, and as a command line. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/msg.h>

#include "internal.h"

static bool is_ascii(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)p[i] >= 0x80)
			return false;
	return true;
}

/* A YAML scalar; escapes stand for characters, so that other bytes need the binary form. */
static void put_bytes(const char *p, size_t n, FILE *f)
{
	if (!is_ascii(p, n)) {
		char *text = uc_base64(p, n);

		fprintf(f, "!!binary \"%s\"", text);
		free(text);
		return;
	}
	fputc('"', f);
	for (size_t i = 0; i < n; i++)
		if (p[i] == '"' || p[i] == '\\')
			fprintf(f, "\\%c", p[i]);
		else if (p[i] == '\n')
			fputs("\\n", f);
		else if (p[i] < ' ' || p[i] == 127)
			fprintf(f, "\\x%02x", (unsigned char)p[i]);
		else
			fputc(p[i], f);
	fputc('"', f);
}

static void put_string(const char *key, const char *s, FILE *f)
{
	fprintf(f, "%s: ", key);
	put_bytes(s, strlen(s), f);
	fputc('\n', f);
}

static void put_file(const struct uc_vfile *x, FILE *f)
{
	put_string("      - name", x->name, f);
	if (x->mode >= 0)
		fprintf(f, "        mode: %04o\n", (unsigned)x->mode);
	if (x->from)
		return put_string("        from", x->from, f);
	fputs("        text: ", f);
	put_bytes(x->text, x->len, f);
	fputc('\n', f);
}

static void put_env(const char *setting, FILE *f)
{
	size_t n = strcspn(setting, "=");

	fputs("      ", f);
	put_bytes(setting, n, f);
	fputs(": ", f);
	put_bytes(setting + n + 1, strlen(setting + n + 1), f);
	fputc('\n', f);
}

static void put_session(const struct uc_vsession *s, FILE *f)
{
	static const char *const steps[] = { "until", "send" };

	if (s->script)
		return put_string("        - client", s->script, f);
	fputs("        - exchange:\n", f);
	for (size_t i = 0; i < s->nsteps; i++) {
		const struct uc_vstep *x = &s->steps[i];

		if (!x->bytes) {
			fputs("            - close: yes\n", f);
			continue;
		}
		fprintf(f, "            - %s: ", steps[x->send]);
		put_bytes(x->bytes, x->len, f);
		fputc('\n', f);
	}
}

static void put_ignore(const struct uc_vignore *x, FILE *f)
{
	fprintf(f, "      - channel: %s\n", uc_vchannel_names[x->channel]);
	put_string("        lines", x->pattern, f);
	put_string("        why", x->why, f);
}

static void put_case(const struct uc_vcase *c, FILE *f)
{
	static const char *const timing[] = { "bounded", "waits", "any" };

	put_string("  - name", c->name, f);
	if (c->exec)
		put_string("    exec", c->exec, f);
	if (c->fault)
		put_string("    fault", c->fault, f);
	if (c->timing)
		fprintf(f, "    timing: %s\n", timing[c->timing]);
	if (c->timeout_s > 0)
		fprintf(f, "    timeout: %.3f\n", c->timeout_s);
	if (c->memory)
		fprintf(f, "    memory: %lu\n", (unsigned long)c->memory);
	for (size_t i = 0; i < c->args.n; i++) {
		fputs(i ? ", " : "    args: [", f);
		put_bytes(c->args.v[i], strlen(c->args.v[i]), f);
	}
	fputs(c->args.n ? "]\n" : "", f);
	for (size_t i = 0; i < c->env.n; i++) {
		fputs(i ? "" : "    env:\n", f);
		put_env(c->env.v[i], f);
	}
	if (c->input_len) {
		fputs("    stdin: ", f);
		put_bytes(c->input, c->input_len, f);
		fputc('\n', f);
	}
	for (size_t i = 0; i < c->nfiles; i++) {
		fputs(i ? "" : "    files:\n", f);
		put_file(&c->files[i], f);
	}
	if (c->nsessions)
		fprintf(f, "    network:\n      port: %u\n      sessions:\n", c->port);
	for (size_t i = 0; i < c->nsessions; i++)
		put_session(&c->sessions[i], f);
	for (size_t i = 0; i < c->nignores; i++) {
		fputs(i ? "" : "    ignore:\n", f);
		put_ignore(&c->ignores[i], f);
	}
}

char *verify_case_text(const struct uc_vcase *c)
{
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	if (f) {
		put_case(c, f);
		fclose(f);
	}
	return text ? text : uc_xstrdup("");
}

int uc_vcases_write(const char *path, const char *source, const struct uc_vcases *c)
{
	FILE *f = fopen(path, "we");

	if (!f)
		return uc_fail_os(UC_ST_CANTCREAT, path, NULL, errno, "cannot create it");
	fputs("version: 1\n", f);
	put_string("source", source, f);
	fputs(c->n ? "cases:\n" : "cases: []\n", f);
	for (size_t i = 0; i < c->n; i++)
		put_case(&c->v[i], f);
	return fclose(f) ? uc_fail_os(UC_ST_CANTCREAT, path, NULL, errno, "cannot write it") : 0;
}
