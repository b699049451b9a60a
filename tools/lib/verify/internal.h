// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_VERIFY_INTERNAL_H
#define UNICORE_VERIFY_INTERNAL_H
/* Shared by the files of this folder. */
#include <sys/types.h>

#include <unicore/verify.h>

/* Where the work folder is for the program. */
#define VERIFY_WORKDIR  "/work"
#define VERIFY_HOSTNAME "verify"
#define VERIFY_TEXT_MAX (64u << 20)

/* A program under way with its streams in pipes. */
struct verify_child {
	pid_t pid;
	int in, out, err; /* our ends */
	int net;          /* bytes of the sessions, or -1; SIGTERM is sent at its end */
};
struct verify_pipes {
	int fd[3][2]; /* standard input, output, error */
};
/* 0 or -errno. */
int verify_pipes_open(struct verify_pipes *p);
/* In the child: they become descriptors 0 to 2. */
void verify_pipes_become(const struct verify_pipes *p);
void verify_pipes_close(const struct verify_pipes *p);
/* In the parent, after the fork. */
void verify_pipes_hand(struct verify_pipes *p, struct verify_child *c);
/* Feeds and collects until all pipes are closed and the child has ended. Returns its wait status,
 * -ETIMEDOUT after having killed it, or -errno. */
int verify_collect(struct verify_child *c, const struct uc_vcase *k, double timeout_s,
		   struct uc_vrun *out);

double verify_now(void);      /* CLOCK_MONOTONIC, seconds */
double verify_realtime(void); /* CLOCK_REALTIME, seconds */
double verify_timeout(const struct uc_verify *v, const struct uc_vcase *c);

/* "exit 3", "signal 11" */
void verify_status_text(struct uc_vrun *r, int wait_status);

/* A fresh work folder with the case's files. Prints; 0 or a status. */
int verify_tree_make(const struct uc_vcase *c, const char *dir);
/* What is in it: names, kinds, modes, owners, links, contents. 0 or -errno. */
int verify_tree_list(const char *dir, struct uc_buf *out);

/* Runs the clients and writes what they get to fd; does not return. */
void verify_sessions(const struct uc_vcase *c, const char *host, unsigned port, int fd)
	__attribute__((noreturn));

int verify_calls_names(struct uc_vec *names);
void verify_calls_add(struct uc_buf *b, long tid, const char *name, long result);
void verify_calls_parse(const char *log, size_t n, struct uc_buf *out);
/* Brings lines of verify_calls_add into the order of threads. */
void verify_calls_sort(struct uc_buf *b);

void verify_env(const struct uc_verify *v, const struct uc_vcase *c, struct uc_vec *env);
/* Arguments of the program, argv[0] first. */
void verify_argv(const struct uc_verify *v, const struct uc_vcase *c, struct uc_vec *argv);
/* Bytes as text for the report. */
json_t *verify_readable(const char *p, size_t len);

void verify_file_free(struct uc_vfile *f);
/* The content of a file of the host, up to max bytes, and its mode become part of the case. 0, also
 * if they are already, or -errno. */
int verify_file_take_in(struct uc_vfile *f, size_t max);
void verify_case_copy(const struct uc_vcase *from, struct uc_vcase *to);
/* Reduces a case that differs on the platform if reproducers are wanted: adds it to them, and what
 * it is to o. 0 or a status. */
int verify_reproduce(struct uc_verify *v, const struct uc_vcase *c, const char *plat, json_t *o);

/* What cases do without a fault, natively and on a platform. */
struct verify_known {
	struct uc_vset *s;
	double base[UC_VCH_N];
};
struct verify_kept *verify_kept_new(void);
void verify_kept_free(struct verify_kept *k);
/* Looks it up in v->kept, or runs it. The result is v->kept's. 0 or a status. */
int verify_known(const struct uc_verify *v, const struct uc_vcase *c, const char *plat,
		 struct verify_known **out);
/* A case as in verify.yaml. Allocated. */
char *verify_case_text(const struct uc_vcase *c);

/* Whether a run took as long as the native ones; < 0: not compared. */
double verify_timing_agrees(const struct uc_vset *s, const struct uc_vrun *r);

/* A run on a platform and what of it is as natively; traced is of a second run. */
struct verify_look {
	struct uc_vrun plain, traced;
	double agree[UC_VCH_N]; /* as uc_vset_compare has it */
};
/* Needs no initialised *l; to be freed in any case. 0 or a status. */
int verify_look(struct uc_verify *v, struct uc_vset *s, const struct uc_vcase *c, const char *plat,
		struct verify_look *l);
void verify_look_free(struct verify_look *l);
/* Does a channel agree less than in base? Below 0: it was not compared. */
static inline bool verify_channel_worse(double agree, double base)
{
	return agree >= 0 && agree < base - 1e-9;
}
/* Does any channel agree less than in base? Their names are added to channels, if not NULL. */
bool verify_is_worse(const double agree[UC_VCH_N], const double base[UC_VCH_N], json_t *channels);

const char *verify_exec(const struct uc_verify *v, const struct uc_vcase *c);

#endif
