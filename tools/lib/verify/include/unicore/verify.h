// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_VERIFY_H
#define UNICORE_VERIFY_H
/*
 * Verification by comparison: a program runs natively, in namespaces whose root is the image's, and
 * as a unikernel; what can be seen of both runs is compared channel by channel. What differs
 * between native runs alone is noise: it is learned first and not compared.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include <unicore/manifest.h>
#include <unicore/runimage.h>
#include <unicore/util.h>

/* name, weight in the score */
#define UC_VCHANNELS(X) \
	X(STDOUT, "stdout", 30) \
	X(STDERR, "stderr", 10) \
	X(STATUS, "status", 20) \
	X(FILES, "files", 15) \
	X(NETWORK, "network", 15) \
	X(CALLS, "calls", 5) \
	X(TIMING, "timing", 5) \
	X(RESOURCES, "resources", 5)

enum uc_vchannel {
#define UC_VCHANNEL_ENUM(id, name, weight) UC_VCH_##id,
	UC_VCHANNELS(UC_VCHANNEL_ENUM)
#undef UC_VCHANNEL_ENUM
		UC_VCH_N
};
#define UC_VCH_TEXTS UC_VCH_TIMING /* channels before it are texts */
extern const char *const uc_vchannel_names[];
extern const unsigned uc_vchannel_weights[];

/* ---- cases ---- */

enum uc_vtiming { UC_VT_BOUNDED, UC_VT_WAITS, UC_VT_ANY };

/* One step of a recorded exchange: bytes to send, or what to wait for. */
struct uc_vstep {
	bool send;
	char *bytes; /* of a receiving step: until these came; NULL: until the peer closes */
	size_t len;
};
struct uc_vsession {            /* one client of the server under test */
	char *script;           /* for /bin/sh, with HOST and PORT; or NULL */
	struct uc_vstep *steps; /* a recorded exchange */
	size_t nsteps;
};
struct uc_vfile {
	char *name, *from,
		*text; /* in the work folder; one of from (a file of the host) and text */
	size_t len;
	int mode; /* -1: 0644, or the host file's */
};
struct uc_vignore { /* a difference that is known and explained */
	int channel;
	char *pattern; /* extended regular expression; lines that match are not compared */
	char *why;
};

struct uc_vcase {          /* zero-initialise; everything owned */
	char *name, *exec; /* exec: another program of the image */
	struct uc_vec args, env;
	char *input; /* standard input */
	size_t input_len;
	struct uc_vfile *files;
	size_t nfiles;
	unsigned port; /* the server's; 0: no network */
	struct uc_vsession *sessions;
	size_t nsessions;
	struct uc_vignore *ignores;
	size_t nignores;
	enum uc_vtiming timing;
	double timeout_s;
	uint64_t memory;
	char *fault; /* to inject into guests: KIND:CALL[:NTH[:EVERY[:VALUE]]], or NULL */
	unsigned line;
};
void uc_vcase_free(struct uc_vcase *c);

struct uc_vcases {    /* verify.yaml(5) */
	char *source; /* or NULL */
	struct uc_vcase *v;
	size_t n;
};
/* Decodes the untrusted text. 0, or -EINVAL with *err filled and *out empty. */
int uc_vcases_parse(const char *text, size_t n, struct uc_vcases *out,
		    struct uc_manifest_error *err);
/* Reads a file; names of files in it are relative to its folder. Prints; 0 or a status. */
int uc_vcases_load(const char *path, struct uc_vcases *out);
/* Writes such a file. Prints; 0 or a status. */
int uc_vcases_write(const char *path, const char *source, const struct uc_vcases *c);
void uc_vcases_free(struct uc_vcases *c);

/* ---- runs ---- */

struct uc_vrun { /* one run, of either kind; zero-initialise */
	struct uc_buf text[UC_VCH_TEXTS];
	double began, ended; /* CLOCK_REALTIME, seconds */
	double wall_s;       /* of the program; a guest's without the start of the machine */
	double cpu_s;
	uint64_t peak_bytes;
	long syncs;       /* how often the folder's files were made durable; < 0: not known */
	long unsupported; /* calls that the guest's kernel lacks */
	bool emulated;    /* the guest's code was: times are not the machine's */
	bool injected;    /* the case's fault has happened */
	bool broken;      /* the guest ended by itself or could not be run: see the status */
};
void uc_vrun_free(struct uc_vrun *r);

/* How far a native run is kept apart from this machine. */
enum uc_visolation { UC_VI_FULL, UC_VI_SHARED_ROOT, UC_VI_HOST };

struct uc_verify {
	/* what to verify, and how; strings stay the caller's */
	const char *source;
	struct uc_run_image img; /* loaded from dir */
	const char *dir;         /* the image */
	bool trace;              /* compare system calls */
	const struct uc_vec *plats; /* "kvm", "linux", "native" */
	const char *accel;          /* or NULL */
	unsigned runs;              /* native runs to learn from */
	unsigned confirm;           /* more of them before something counts as a difference */
	unsigned repeat;            /* runs of each guest */
	double timeout_s;
	bool keep; /* the work folder */
	struct uc_vcases *reproducers; /* gets what differs, reduced; or NULL */
	unsigned tries;                /* looks at smaller cases for each, at most */
	struct verify_kept *kept;      /* what was looked at while one of them is reduced */
	/* made by uc_verify_open */
	char *work, *root;
	enum uc_visolation isolation;
	unsigned long native_runs, guest_runs;
	unsigned shift; /* of the next native run's process numbers */
};

/* Unpacks the image's root and finds out what isolation is permitted. Prints; 0 or a status. */
int uc_verify_open(struct uc_verify *v);
void uc_verify_close(struct uc_verify *v);
const char *uc_visolation_text(enum uc_visolation i);

/* Runs a case once. Prints what keeps it from running; 0 or a status. */
int uc_vrun_native(struct uc_verify *v, const struct uc_vcase *c, bool traced, struct uc_vrun *out);
int uc_vrun_guest(struct uc_verify *v, const struct uc_vcase *c, const char *plat, bool traced,
		  struct uc_vrun *out);

/* ---- comparing ---- */

/* What is left to compare of a text after the noise is taken away; each is weaker than the one
 * before. */
enum uc_vlevel {
	UC_VL_BYTES,    /* every byte */
	UC_VL_TOKENS,   /* lines, but for words and numbers at places where they vary */
	UC_VL_LINES,    /* lines in any order */
	UC_VL_SHAPES,   /* lines without their numbers, in any order */
	UC_VL_KINDS,    /* which lines without their numbers there are */
	UC_VL_SIZE,     /* number of lines, or of bytes */
	UC_VL_PRESENCE, /* whether there is anything */
};
const char *uc_vlevel_text(enum uc_vlevel l);

struct uc_vmask;
/* Learns from n texts (which must stay valid and unchanged); began, ended: when their runs were. */
struct uc_vmask *uc_vmask_learn(const struct uc_buf *const texts[], const double (*times)[2],
				size_t n);
/* Is it like one of those texts? */
bool uc_vmask_matches(const struct uc_vmask *m, const struct uc_buf *text, const double time[2]);
enum uc_vlevel uc_vmask_level(const struct uc_vmask *m);
/* Share of lines that both have, 0 to 1. */
double uc_vtext_similarity(const struct uc_buf *a, const struct uc_buf *b);
void uc_vmask_free(struct uc_vmask *m);

struct uc_vset; /* native runs of a case and what was learned from them */
struct uc_vset *uc_vset_new(struct uc_verify *v, const struct uc_vcase *c);
/* Makes n more native runs and learns. 0 or a status. */
int uc_vset_grow(struct uc_vset *s, unsigned n);
/* Agreement of a run with the native ones by channel, 0 to 1; < 0: not compared. r: any run;
 * traced: the same with its calls traced, or NULL. Makes further native runs before it says that
 * something differs. 0 or a status. */
int uc_vset_compare(struct uc_vset *s, const struct uc_vrun *r, const struct uc_vrun *traced,
		    double agree[UC_VCH_N]);
/* What a channel had to be like: the text of the first native run. */
const struct uc_buf *uc_vset_text(const struct uc_vset *s, enum uc_vchannel ch);
/* Takes away what the case says is explained. */
void uc_vset_forgive(const struct uc_vset *s, struct uc_vrun *r);
/* Times and memory of the first native run. */
const struct uc_vrun *uc_vset_first(const struct uc_vset *s);
size_t uc_vset_runs(const struct uc_vset *s);
enum uc_vlevel uc_vset_level(const struct uc_vset *s, enum uc_vchannel ch);
void uc_vset_free(struct uc_vset *s);

/* ---- results ---- */

/* Runs one case on all platforms and adds it to the report. 0 or a status. */
int uc_verify_case(struct uc_verify *v, const struct uc_vcase *c, json_t *report);
json_t *uc_verify_report(const struct uc_verify *v); /* an empty one */
void uc_verify_finish(json_t *report);               /* works out scores */

/* Runs the case on each platform with faults (all, KIND, KIND:CALL, or as in a case) and adds to
 * the report's "faults" those that happened and whether they were noticed. 0 or a status. */
int uc_verify_inject(struct uc_verify *v, const struct uc_vcase *c, const struct uc_vec *specs,
		     json_t *report);
size_t uc_verify_unnoticed(const json_t *report);

/* ---- cases made from others ---- */
/* Options of the case's program, from its --help and its own code. 0 or a status. */
int uc_verify_options(struct uc_verify *v, const struct uc_vcase *c, struct uc_vec *options);
/* Case `number` of those that the seed stands for. */
void uc_verify_generate(const struct uc_vcase *from, const struct uc_vec *options, uint64_t seed,
			unsigned number, struct uc_vcase *out);

/* Views of a report. */
void uc_verify_text(const json_t *report, FILE *f);
int uc_verify_junit(const json_t *report, const char *path);
int uc_verify_html(const json_t *report, const char *path);
/* Adds what got worse since the earlier report as "regressions"; writes the report where there is
 * none yet. Prints; 0 or a status. */
int uc_verify_baseline(json_t *report, const char *path);

#endif
