// SPDX-License-Identifier: BSD-3-Clause
/* Reasons: what leads to a file, to an object of the kernel, to a system call. */
#include <stdlib.h>
#include <string.h>

#include <unicore/msg.h>

#include "view.h"

uint64_t uc_contents_num(const json_t *o, const char *key)
{
	json_int_t v = json_integer_value(json_object_get(o, key));

	return v < 0 ? 0 : (uint64_t)v;
}

static const json_t *objects_of(const json_t *c)
{
	return json_object_get(json_object_get(c, "kernel"), "objects");
}

static const json_t *find(const json_t *list, const char *key, const char *value)
{
	const json_t *o;
	size_t i;

	json_array_foreach(list, i, o) if (!strcmp(uc_json_str(o, key), value)) return o;
	return NULL;
}

static const json_t *call_named(const json_t *c, const char *name)
{
	return find(json_object_get(json_object_get(c, "system_calls"), "calls"), "name", name);
}

/* ---- chains: a list of texts, from what was asked for to its root ---- */

static void step(json_t *chain, const char *fmt, ...) UC_FMT(2, 3);
static void step(json_t *chain, const char *fmt, ...)
{
	struct uc_buf b = { 0 };
	va_list ap;

	va_start(ap, fmt);
	uc_buf_vprintf(&b, fmt, ap);
	va_end(ap);
	json_array_append_new(chain, json_string(b.p));
	uc_buf_free(&b);
}

static const char *from_of(const json_t *o)
{
	const char *from = uc_json_str(o, "from");
	const char *last = strrchr(from, '.');

	return last && last[1] ? last + 1 : *from ? from : "it";
}

static void explain_call(const json_t *c, const char *name, json_t *chain)
{
	const json_t *calls = json_object_get(c, "system_calls"), *o = call_named(c, name);
	const char *policy = uc_json_str(calls, "policy");
	const json_t *via = json_object_get(o, "via"), *s;
	char buf[512];
	size_t i;

	if (json_is_true(json_object_get(calls, "all"))) {
		step(chain, "system call %s: every call is linked%s", name,
		     strcmp(policy, "all") ? ", because the analysis could not tell"
					   : " (--calls all)");
		return;
	}
	step(chain, "system call %s: %s%s", name,
	     json_array_size(via)        ? "the program can make it"
	     : !strcmp(policy, "listed") ? "it is in the list that --calls was given"
					 : "the program made it",
	     json_is_true(json_object_get(o, "traced")) ? ", and did in a traced run" : "");
	json_array_foreach(via, i, s) step(chain, "  %s", uc_deps_step_text(s, buf, sizeof(buf)));
}

static void explain_object(const json_t *c, const json_t *o, json_t *chain)
{
	const json_t *objects = objects_of(c);

	/* A chain is no longer than there are objects. */
	for (size_t n = 0; o && n <= json_array_size(objects); n++) {
		const char *why = uc_json_str(o, "why"), *symbol = uc_json_str(o, "symbol");
		const json_t *by = json_object_get(o, "by");
		const char *ulib = uc_json_str(o, "ulib"), *object = uc_json_str(o, "object");

		if (!strcmp(why, "call")) {
			step(chain, "%s/%s (%llu bytes): handles a system call, %s", ulib, object,
			     (unsigned long long)uc_contents_num(o, "bytes"), symbol);
			explain_call(c, uc_has_prefix(symbol, "uc_sys_") ? symbol + 7 : symbol,
				     chain);
			return;
		}
		if (by) {
			const json_t *user =
				json_array_get(objects, (size_t)json_integer_value(by));

			step(chain, "%s/%s (%llu bytes): %s of %s/%s needs %s", ulib, object,
			     (unsigned long long)uc_contents_num(o, "bytes"), from_of(o),
			     uc_json_str(user, "ulib"), uc_json_str(user, "object"), symbol);
			o = user;
			continue;
		}
		step(chain, "%s/%s (%llu bytes): %s", ulib, object,
		     (unsigned long long)uc_contents_num(o, "bytes"),
		     !strcmp(why, "entry")    ? "where the platform enters the kernel"
		     : !strcmp(why, "part")   ? "a part that the image's calls, with "
						"their arguments, may need"
		     : !strcmp(why, "driver") ? "its micro-library is linked whole: a driver, or a "
						"part that was chosen"
					      : "the start of every kernel");
		return;
	}
}

static void explain_ulib(const json_t *c, const char *ulib, json_t *chain)
{
	const json_t *o;
	uint64_t bytes = 0;
	size_t i, n = 0;

	json_array_foreach(objects_of(c), i, o)
	{
		if (strcmp(uc_json_str(o, "ulib"), ulib))
			continue;
		bytes += uc_contents_num(o, "bytes");
		n++;
	}
	step(chain, "%s: %llu bytes of %zu objects", ulib, (unsigned long long)bytes, n);
	json_array_foreach(objects_of(c), i, o)
	{
		const json_t *by = json_object_get(o, "by");
		const json_t *user =
			by ? json_array_get(objects_of(c), (size_t)json_integer_value(by)) : NULL;

		/* What brings the micro-library in; the rest follows from it. */
		if (!strcmp(uc_json_str(o, "ulib"), ulib) &&
		    (!user || strcmp(uc_json_str(user, "ulib"), ulib)))
			explain_object(c, o, chain);
	}
}

/* The file that "needed by PATH", "loads PATH" … speaks of; NULL: none. */
static const json_t *needing_file(const json_t *c, const char *why)
{
	const char *slash = strstr(why, " /");

	return slash ? find(json_object_get(c, "files"), "path", slash + 1) : NULL;
}

static void explain_file(const json_t *c, const json_t *o, json_t *chain)
{
	for (unsigned n = 0; o && n < 64; n++) {
		const char *package = uc_json_str(o, "package");
		const char *why = uc_json_str(o, "why");
		const json_t *next = needing_file(c, why);

		step(chain, "%s (%llu bytes%s%s): %s", uc_json_str(o, "path"),
		     (unsigned long long)uc_contents_num(o, "bytes"), *package ? ", package " : "",
		     package, why);
		o = next == o ? NULL : next;
	}
}

/* By path, or by name, or as "posix_file/open.c". */
static const json_t *file_named(const json_t *c, const char *what)
{
	const json_t *o = find(json_object_get(c, "files"), "path", what);
	size_t i;

	if (o || strchr(what, '/'))
		return o;
	json_array_foreach(json_object_get(c, "files"), i,
			   o) if (!strcmp(uc_path_base(uc_json_str(o, "path")), what)) return o;
	return NULL;
}

/* Is it "open.c", or "posix_file/open.c"? */
static bool is_object(const json_t *o, const char *what)
{
	const char *ulib = uc_json_str(o, "ulib"), *object = uc_json_str(o, "object");
	size_t n = strlen(ulib);

	return !strcmp(object, what) ||
	       (!strncmp(ulib, what, n) && what[n] == '/' && !strcmp(what + n + 1, object));
}

/* Is it of "posix_file", or "file" without its layer? */
static bool is_of_ulib(const json_t *o, const char *what)
{
	const char *ulib = uc_json_str(o, "ulib"), *bare = strchr(ulib, '_');

	return !strcmp(ulib, what) || (bare && !strcmp(bare + 1, what));
}

static const json_t *first_object(const json_t *c, bool (*is)(const json_t *o, const char *what),
				  const char *what)
{
	const json_t *o;
	size_t i;

	json_array_foreach(objects_of(c), i, o) if (is(o, what)) return o;
	return NULL;
}

static void print(const char *what, json_t *chain, bool as_json, FILE *f)
{
	const json_t *s;
	size_t i;

	if (as_json) {
		json_t *doc = json_pack("{s:s, s:O}", "what", what, "why", chain);

		json_dumpf(doc, f, JSON_INDENT(2));
		fputc('\n', f);
		json_decref(doc);
		return;
	}
	json_array_foreach(chain, i, s) fprintf(f, "%s\n", json_string_value(s));
}

int uc_contents_why(const json_t *c, const char *image, const char *what, bool as_json, FILE *f)
{
	const json_t *file = file_named(c, what), *object = first_object(c, is_object, what);
	const json_t *of_ulib = first_object(c, is_of_ulib, what);
	json_t *chain = json_array();
	int rc = 0;

	if (file)
		explain_file(c, file, chain);
	if (call_named(c, what))
		explain_call(c, what, chain);
	else if (object)
		explain_object(c, object, chain);
	if (of_ulib)
		explain_ulib(c, uc_json_str(of_ulib, "ulib"), chain);
	if (json_array_size(chain))
		print(what, chain, as_json, f);
	else
		rc = uc_fail(UC_ST_NOINPUT, what,
			     "`unicore size` lists what is; for a system call "
			     "ask `unicore why-not`",
			     "is nothing that %s has", image);
	json_decref(chain);
	return rc;
}

int uc_contents_why_not(const json_t *c, const struct uc_systab *tab, const char *image,
			const char *call, bool as_json, FILE *f)
{
	const json_t *calls = json_object_get(c, "system_calls"), *o = call_named(c, call);
	const char *policy = uc_json_str(calls, "policy"), *near;
	bool all = json_is_true(json_object_get(calls, "all"));
	json_t *chain;

	if (uc_systab_number(tab, call) < 0) {
		near = uc_systab_nearest(tab, call);
		return uc_fail(UC_ST_USAGE, call, NULL, "Linux has no such system call%s%s",
			       near ? "; did you mean " : "", near ? near : "");
	}
	chain = json_array();
	if (o && json_is_true(json_object_get(o, "linked"))) {
		step(chain, "%s: %s has it", call, image);
		explain_call(c, call, chain);
	} else if (o || all)
		step(chain, "%s: no micro-library implements it; it fails with ENOSYS", call);
	else if (!strcmp(policy, "listed"))
		step(chain, "%s: it is not in the list that --calls was given; add it there", call);
	else if (!strcmp(policy, "traced"))
		step(chain,
		     "%s: no traced run made it; trace a workload that does, or build with --calls "
		     "merged, static or all",
		     call);
	else
		step(chain,
		     "%s: no code of the image's files that can be reached makes it; programs and "
		     "libraries from elsewhere (-v, --add) may: build with --calls all",
		     call);
	print(call, chain, as_json, f);
	json_decref(chain);
	return 0;
}
