// SPDX-License-Identifier: BSD-3-Clause
/*
 * Faults injected into guests, to see whether the comparison notices them. What is noticed is what
 * differs more than without a fault.
 */
#include <stdlib.h>
#include <string.h>

#include <unicore/fault.h>
#include <unicore/msg.h>

#include "internal.h"
#include "view.h"

#define BASE_RUNS    4   /* without a fault: what varies between guests is not a detection */
#define LATE_SECONDS 1.2 /* longer than without a fault: the program waited */
#define PICKS        3   /* occurrences of a call that get a fault: first, middle, last */
/* Limit of a run with a fault, which may hang it, by the longest without one. */
#define HANG_FACTOR  20
#define HANG_SECONDS 3

/* Which calls a kind is for, if the user does not say. */
static const struct {
	const char *kind, *calls; /* words; *: all, -: those that fail */
} suited[] = {
	{ "errno", "*" },
	{ "wrong-errno", "-" },
	{ "drop", "read pread64 write pwrite64 writev pwritev sendto sendmsg sendfile "
		  "copy_file_range close unlink unlinkat rename renameat renameat2 mkdir mkdirat "
		  "rmdir link linkat symlink symlinkat chmod fchmod fchmodat chown fchown lchown "
		  "fchownat utimensat truncate ftruncate fallocate fsync fdatasync chdir fchdir "
		  "dup2 dup3 umask kill tkill tgkill alarm setitimer nanosleep clock_nanosleep "
		  "futex getdents64 fcntl epoll_ctl wait4 pipe pipe2 listen bind" },
	{ "short", "read pread64 write pwrite64 writev sendto recvfrom readv sendfile "
		   "copy_file_range splice" },
	{ "flip", "read pread64 write pwrite64 writev readv recvfrom recvmsg sendto sendmsg getcwd "
		  "readlink readlinkat getdents64 uname pipe pipe2 socketpair" },
	{ "result", "read pread64 write pwrite64 writev open openat lseek dup dup2 dup3 getuid "
		    "geteuid getgid getegid umask recvfrom sendto getcwd readlink readlinkat "
		    "sendfile copy_file_range socket accept accept4 fcntl poll" },
	{ "argument", "umask chmod fchmod fchmodat mkdir mkdirat open openat creat ftruncate "
		      "truncate lseek kill tgkill chown fchown fchownat dup2 socket unlinkat "
		      "access faccessat faccessat2 renameat2 utimensat shutdown" },
	{ "twice", "write writev pwrite64 sendto read mkdir unlink unlinkat rename symlink link "
		   "lseek close" },
	{ "late", "write read openat clock_nanosleep exit_group" },
	{ "clock", "execve openat write read brk" },
	{ "leak", "open openat socket pipe pipe2 dup" },
	{ "offset", "pread64 pwrite64 lseek mmap read" },
	{ "stale", "mmap" },
	{ "lost", "read recvfrom readlink getcwd" },
	{ "reorder", "read write recvfrom sendto writev pread64" },
	{ "events", "poll ppoll select pselect6 epoll_wait epoll_pwait" },
	{ "mode", "stat fstat lstat newfstatat statx" },
	{ "kind", "stat fstat lstat newfstatat statx" },
	{ "size", "stat fstat lstat newfstatat statx" },
	{ "owner", "stat fstat lstat newfstatat statx" },
	{ "mtime", "stat fstat lstat newfstatat statx" },
	{ "links", "stat fstat lstat newfstatat statx" },
	{ "dirent-lost", "getdents64" },
	{ "dirent-twice", "getdents64" },
	{ "status", "exit_group wait4" },
	{ "argv", "execve" },
	{ "env", "execve" },
};

/* Calls that do not return, and the one that starts the program. */
static bool has_result(const char *call)
{
	return strcmp(call, "exit_group") && strcmp(call, "exit") && strcmp(call, "rt_sigreturn") &&
	       strcmp(call, "execve");
}

static bool has_word(const char *words, const char *w)
{
	size_t n = strlen(w);

	for (const char *p = words; (p = strstr(p, w)); p += n)
		if ((p == words || p[-1] == ' ') && (!p[n] || p[n] == ' '))
			return true;
	return false;
}

/* ---- which faults ---- */

struct tried { /* a call of the program */
	char *name;
	unsigned long n, failed;
};
struct calls {
	struct tried *v;
	size_t n;
};

static void count_call(struct calls *c, const char *name, bool failed, unsigned long n)
{
	size_t i = 0;

	while (i < c->n && strcmp(c->v[i].name, name))
		i++;
	if (i == c->n) {
		c->v = uc_room(c->v, c->n, sizeof(*c->v));
		c->v[c->n++] = (struct tried){ .name = uc_xstrdup(name) };
	}
	c->v[i].n += n;
	c->v[i].failed += failed;
}

/* Calls of a trace, and those that every program makes but a trace has no result of. */
static void read_calls(const struct uc_buf *text, const struct uc_vcase *k, struct calls *c)
{
	char *copy = uc_xstrndup(text->p ? text->p : "", text->n), *next = copy, *line;

	while ((line = strsep(&next, "\n"))) {
		char *result = strchr(line, ' ');

		if (!result)
			continue;
		*result++ = 0;
		count_call(c, line, *result == 'E', 1);
	}
	count_call(c, "exit_group", false, 1);
	count_call(c, "execve", false, k->args.n > 3 ? 3 : k->args.n);
	free(copy);
}

static void free_calls(struct calls *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->v[i].name);
	free(c->v);
}

/* First, middle and last occurrence. */
static void add_picks(const char *kind, const char *call, unsigned long n, struct uc_vec *faults)
{
	const unsigned long at[PICKS] = { 1, n / 2 + 1, n };

	for (int i = 0; i < PICKS && n; i++) {
		char *f = uc_xasprintf("%s:%s:%lu", kind, call, at[i]);

		uc_vec_add_once(faults, f);
		free(f);
	}
}

static void add_kind(const char *kind, const char *words, const char *only, const struct calls *c,
		     struct uc_vec *faults)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct tried *t = &c->v[i];

		if (only && strcmp(only, t->name))
			continue;
		if (!strcmp(words, "-"))
			add_picks(kind, t->name, t->failed, faults);
		else if (strcmp(words, "*") ? has_word(words, t->name) : has_result(t->name))
			add_picks(kind, t->name, t->n, faults);
	}
}

/* all, KIND, KIND:CALL, or one fault with its occurrence. */
static void expand(const char *spec, const struct calls *c, struct uc_vec *faults)
{
	char *copy = uc_xstrdup(spec), *next = copy, *kind = strsep(&next, ":"),
	     *call = next ? strsep(&next, ":") : NULL;

	if (next)
		uc_vec_add(faults, spec);
	for (size_t i = 0; !next && i < sizeof(suited) / sizeof(*suited); i++)
		if (!strcmp(kind, "all") || !strcmp(kind, suited[i].kind))
			add_kind(suited[i].kind, call ? call : suited[i].calls, call, c, faults);
	free(copy);
}

/* ---- whether they are noticed ---- */

struct campaign {
	struct uc_verify *v;
	const struct uc_vcase *c;
	struct uc_vset *s;
	const char *plat;
	/* without a fault: agreement, texts, times */
	double base[UC_VCH_N];
	struct verify_look runs[BASE_RUNS];
	struct uc_vmask *mask[UC_VCH_TEXTS];
	double longest;
	struct uc_vec reduced; /* KIND:CALL of which there is a reproducer */
	json_t *report;
};

/* The run that has the channel. */
static const struct uc_vrun *run_with(const struct verify_look *l, int ch)
{
	return ch == UC_VCH_CALLS ? &l->traced : &l->plain;
}

static void learn(struct campaign *k, int ch)
{
	const struct uc_buf *texts[BASE_RUNS];
	double times[BASE_RUNS][2];

	for (unsigned i = 0; i < BASE_RUNS; i++) {
		const struct uc_vrun *r = run_with(&k->runs[i], ch);

		texts[i] = &r->text[ch];
		times[i][0] = r->began;
		times[i][1] = r->ended;
	}
	k->mask[ch] = uc_vmask_learn(texts, (const double(*)[2])times, BASE_RUNS);
}

static int look_at_base(struct campaign *k, struct calls *calls)
{
	int rc = 0;

	for (unsigned i = 0; i < BASE_RUNS && !rc; i++) {
		struct verify_look *l = &k->runs[i];

		rc = verify_look(k->v, k->s, k->c, k->plat, l);
		for (int ch = 0; ch < UC_VCH_N; ch++)
			if (!i || l->agree[ch] < k->base[ch])
				k->base[ch] = l->agree[ch];
		k->longest = l->plain.wall_s > k->longest ? l->plain.wall_s : k->longest;
	}
	for (int ch = 0; ch < UC_VCH_TEXTS && !rc; ch++)
		learn(k, ch);
	read_calls(&k->runs[0].traced.text[UC_VCH_CALLS], k->c, calls);
	return rc;
}

/* Does the program do something else than without the fault, as seen from outside? */
static bool is_visible(const struct campaign *k, const struct verify_look *l)
{
	for (int ch = 0; ch < UC_VCH_TEXTS; ch++) {
		const struct uc_vrun *r = run_with(l, ch);
		const double time[2] = { r->began, r->ended };

		if (!uc_vmask_matches(k->mask[ch], &r->text[ch], time))
			return true;
	}
	return l->traced.syncs != k->runs[0].traced.syncs ||
	       l->plain.wall_s > k->longest + LATE_SECONDS;
}

bool verify_is_worse(const double agree[UC_VCH_N], const double base[UC_VCH_N], json_t *channels)
{
	bool worse = false;

	for (int ch = 0; ch < UC_VCH_N; ch++)
		if (verify_channel_worse(agree[ch], base[ch])) {
			worse = true;
			if (channels)
				json_array_append_new(channels, json_string(uc_vchannel_names[ch]));
		}
	return worse;
}

/* One of each kind and call is reduced: the other occurrences lead to the same program. */
static int reproduce(struct campaign *k, const struct uc_vcase *c, json_t *o)
{
	size_t kind = strcspn(c->fault, ":") + 1;
	char *what = uc_xstrndup(c->fault, kind + strcspn(c->fault + kind, ":"));
	int rc = 0;

	if (!uc_vec_has(&k->reduced, what))
		rc = verify_reproduce(k->v, c, k->plat, o);
	if (json_object_get(o, "reproducer"))
		uc_vec_add_once(&k->reduced, what);
	free(what);
	return rc;
}

static int inject(struct campaign *k, const char *fault)
{
	struct uc_vcase c = *k->c;
	struct verify_look l;
	json_t *channels = json_array();
	int rc;

	c.fault = (char *)fault;
	c.timeout_s = HANG_FACTOR * k->longest + HANG_SECONDS;
	rc = verify_look(k->v, k->s, &c, k->plat, &l);
	bool seen = verify_is_worse(l.agree, k->base, channels);

	if (!rc && l.plain.injected && (seen || is_visible(k, &l))) {
		json_t *o = json_pack("{s:s, s:s, s:s, s:b, s:O}", "case", k->c->name, "platform",
				      k->plat, "fault", fault, "noticed", seen, "channels",
				      channels);

		if (seen)
			rc = reproduce(k, &c, o);
		json_array_append_new(k->report, o);
		uc_note(1, "%s on %s: %s %s", k->c->name, k->plat, fault,
			seen ? "noticed" : "not noticed");
	}
	verify_look_free(&l);
	json_decref(channels);
	return rc;
}

static int on_platform(struct campaign *k, const struct uc_vec *specs)
{
	struct uc_vec faults = { 0 };
	struct calls calls = { 0 };
	int rc = look_at_base(k, &calls);

	for (size_t i = 0; i < specs->n && !rc; i++)
		expand(specs->v[i], &calls, &faults);
	for (size_t i = 0; i < faults.n && !rc; i++)
		rc = inject(k, faults.v[i]);
	for (int ch = 0; ch < UC_VCH_TEXTS; ch++)
		uc_vmask_free(k->mask[ch]);
	for (unsigned i = 0; i < BASE_RUNS; i++)
		verify_look_free(&k->runs[i]);
	uc_vec_free(&faults);
	uc_vec_free(&k->reduced);
	free_calls(&calls);
	return rc;
}

int uc_verify_inject(struct uc_verify *v, const struct uc_vcase *c, const struct uc_vec *specs,
		     json_t *report)
{
	json_t *list = json_object_get(report, "faults");
	int rc;

	if (!list) {
		list = json_array();
		json_object_set_new(report, "faults", list);
	}
	struct uc_vset *s = uc_vset_new(v, c);

	v->kept = verify_kept_new();
	rc = uc_vset_grow(s, v->runs + v->confirm);
	for (size_t i = 0; i < v->plats->n && !rc; i++) {
		struct campaign k = {
			.v = v, .c = c, .s = s, .plat = v->plats->v[i], .report = list
		};

		rc = on_platform(&k, specs);
	}
	verify_kept_free(v->kept);
	v->kept = NULL;
	uc_vset_free(s);
	return rc;
}

size_t uc_verify_unnoticed(const json_t *report)
{
	size_t i, n = 0;
	json_t *f;

	json_array_foreach(json_object_get(report, "faults"), i, f) n +=
		!json_is_true(json_object_get(f, "noticed"));
	return n;
}
