// SPDX-License-Identifier: BSD-3-Clause
/* A run as unikernel: `unicore run` as a child. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <unicore/json.h>
#include <unicore/msg.h>

#include "internal.h"

#define REPORT "{\"report\":\"unicore.run/1\""
#define LOG "unicore[kernel]: "

const char *verify_exec(const struct uc_verify *v, const struct uc_vcase *c)
{
	return c->exec ? uc_run_image_program(&v->img, c->exec) : v->img.exec;
}

void verify_argv(const struct uc_verify *v, const struct uc_vcase *c, struct uc_vec *argv)
{
	if (c->exec) {
		uc_vec_add(argv, c->exec);
	} else {
		size_t n = c->args.n ? v->img.argv_fixed : v->img.argv.n;

		for (size_t i = 0; i < n; i++)
			uc_vec_add(argv, v->img.argv.v[i]);
	}
	for (size_t i = 0; i < c->args.n; i++)
		uc_vec_add(argv, c->args.v[i]);
}

static bool names_same(const char *a, const char *b)
{
	size_t n = strcspn(a, "=");

	return n == strcspn(b, "=") && !memcmp(a, b, n);
}

static void env_set(struct uc_vec *env, const char *setting)
{
	for (size_t i = 0; i < env->n; i++)
		if (names_same(env->v[i], setting)) {
			free(env->v[i]);
			env->v[i] = uc_xstrdup(setting);
			return;
		}
	uc_vec_add(env, setting);
}

void verify_env(const struct uc_verify *v, const struct uc_vcase *c, struct uc_vec *env)
{
	uc_vec_add(env, "PATH=" UC_PATH_DEFAULT);
	uc_vec_add(env, "HOME=/root");
	uc_vec_add(env, "LANG=C.UTF-8");
	for (size_t i = 0; i < v->img.env.n; i++)
		env_set(env, v->img.env.v[i]);
	for (size_t i = 0; i < c->env.n; i++)
		env_set(env, c->env.v[i]);
}

/* A port of this machine that nothing uses. */
static unsigned free_port(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t n = sizeof(a);
	int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (s < 0 || bind(s, (struct sockaddr *)&a, n) || getsockname(s, (struct sockaddr *)&a, &n))
		a.sin_port = 0;
	if (s >= 0)
		close(s);
	return ntohs(a.sin_port);
}

struct job {
	struct uc_vec argv;
	const struct uc_vcase *c;
	unsigned port;
	struct verify_pipes p;
	int net[2];
};

static void command(const struct uc_verify *v, const struct uc_vcase *c, const char *plat,
		    bool traced, const char *folder, struct job *j)
{
	struct uc_vec env = { 0 };
	struct uc_vec *a = &j->argv;
	const char *hostname = v->img.hostname ? v->img.hostname : VERIFY_HOSTNAME;

	uc_vec_add(a, "unicore");
	uc_vec_add(a, "run");
	uc_vec_add(a, "--json");
	uc_vec_take(a, uc_xasprintf("--plat=%s", plat));
	uc_vec_take(a, uc_xasprintf("--hostname=%s", hostname));
	uc_vec_take(a, uc_xasprintf("--timeout=%.3f", verify_timeout(v, c)));
	if (v->accel && !strcmp(plat, "kvm"))
		uc_vec_take(a, uc_xasprintf("--accel=%s", v->accel));
	if (traced)
		uc_vec_add(a, "--trace");
	if (c->fault)
		uc_vec_take(a, uc_xasprintf("--fault=%s", c->fault));
	if (c->memory)
		uc_vec_take(a, uc_xasprintf("--memory=%lu", (unsigned long)c->memory));
	uc_vec_take(a, uc_xasprintf("--volume=%s:%s", folder, VERIFY_WORKDIR));
	uc_vec_add(a, "--workdir=" VERIFY_WORKDIR);
	if (c->nsessions) {
		j->port = free_port();
		uc_vec_take(a, uc_xasprintf("--publish=127.0.0.1:%u:%u", j->port, c->port));
	}
	verify_env(v, c, &env);
	for (size_t i = 0; i < env.n; i++)
		uc_vec_take(a, uc_xasprintf("--env=%s", env.v[i]));
	uc_vec_free(&env);
	if (c->exec)
		uc_vec_take(a, uc_xasprintf("--entrypoint=%s", c->exec));
	uc_vec_add(a, v->dir);
	uc_vec_add(a, "--");
	for (size_t i = 0; i < c->args.n; i++)
		uc_vec_add(a, c->args.v[i]);
}

static pid_t start(const struct job *j)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	verify_pipes_become(&j->p);
	execv("/proc/self/exe", j->argv.v);
	_exit(126);
}

static int start_sessions(const struct job *j)
{
	pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		verify_pipes_close(&j->p);
		verify_sessions(j->c, "127.0.0.1", j->port, j->net[1]);
	}
	return pid < 0 ? -errno : 0;
}

static double seconds(const json_t *o, const char *key)
{
	const json_t *n = json_object_get(o, key);

	return json_is_number(n) ? json_number_value(n) / 1000 : 0;
}

static long integer(const json_t *o, const char *key)
{
	return (long)json_integer_value(json_object_get(o, key));
}

static void judge(const json_t *o, struct uc_vrun *out)
{
	const char *kind = json_string_value(json_object_get(o, "exit_kind"));
	struct uc_buf *b = &out->text[UC_VCH_STATUS];
	const json_t *guest = json_object_get(o, "guest");

	if (kind && !strcmp(kind, "normal"))
		uc_buf_printf(b, "exit %ld\n", integer(o, "exit_status"));
	else if (kind && !strcmp(kind, "signal"))
		uc_buf_printf(b, "signal %ld\n", integer(o, "exit_signal"));
	else
		uc_buf_printf(b, "%s\n", kind ? kind : "no report");
	out->broken = !kind || (strcmp(kind, "normal") && strcmp(kind, "signal"));
	out->wall_s = seconds(o, "run_ms");
	out->peak_bytes = (uint64_t)integer(o, "host_peak_bytes");
	out->syncs = json_object_get(o, "folder_syncs") ? integer(o, "folder_syncs") : -1;
	out->emulated = !strcmp(uc_json_str(o, "accel"), "tcg");
	out->injected = json_is_true(json_object_get(o, "fault_injected"));
	out->unsupported = integer(guest, "unsupported_calls");
}

/* The report is the last thing on standard error. */
static void take_report(struct uc_vrun *out)
{
	struct uc_buf *err = &out->text[UC_VCH_STDERR];
	char *at = NULL, *next = err->p;
	json_t *o = NULL;

	while (next &&
	       (next = memmem(next, err->n - (size_t)(next - err->p), REPORT, sizeof(REPORT) - 1)))
		at = next++;
	if (at)
		o = json_loads(at, 0, NULL);
	if (o) {
		err->n = (size_t)(at - err->p);
		err->p[err->n] = 0;
	}
	judge(o, out);
	json_decref(o);
}

/* The kernel's log is a stream of its own that `unicore run` shows on standard error. */
static void drop_log(struct uc_buf *err)
{
	char *from = err->p, *to = err->p, *end = err->p + err->n;

	while (from < end) {
		char *nl = memchr(from, '\n', (size_t)(end - from));
		size_t n = nl ? (size_t)(nl + 1 - from) : (size_t)(end - from);

		if (n < sizeof(LOG) - 1 || memcmp(from, LOG, sizeof(LOG) - 1)) {
			memmove(to, from, n);
			to += n;
		}
		from += n;
	}
	err->n = (size_t)(to - err->p);
}

static int run(struct uc_verify *v, struct job *j, struct uc_vrun *out)
{
	struct verify_child c = { .pid = start(j), .net = -1 };
	int status;

	if (c.pid < 0 || (j->port && start_sessions(j)))
		return uc_fail_os(UC_ST_OSERR, v->source, NULL, errno, "cannot start a guest");
	verify_pipes_hand(&j->p, &c);
	if (j->port) {
		close(j->net[1]);
		c.net = j->net[0];
	}
	/* the guest has a time limit of its own, which gives a report */
	status = verify_collect(&c, j->c, verify_timeout(v, j->c) + 10, out);
	if (status < 0)
		uc_buf_str(&out->text[UC_VCH_STATUS], "timeout\n");
	else
		take_report(out);
	return 0;
}

int uc_vrun_guest(struct uc_verify *v, const struct uc_vcase *c, const char *plat, bool traced,
		  struct uc_vrun *out)
{
	char *folder = uc_path_join(v->work, "guest");
	struct job j = { .c = c, .net = { -1, -1 } };
	int rc = verify_tree_make(c, folder);

	v->guest_runs++;
	command(v, c, plat, traced, folder, &j);
	if (!rc && (verify_pipes_open(&j.p) || (j.port && pipe2(j.net, O_CLOEXEC))))
		rc = uc_fail_os(UC_ST_OSERR, v->source, NULL, errno, "cannot make pipes");
	out->began = verify_realtime();
	if (!rc)
		rc = run(v, &j, out);
	out->ended = verify_realtime();
	if (!rc)
		verify_tree_list(folder, &out->text[UC_VCH_FILES]);
	if (!rc && traced)
		verify_calls_parse(out->text[UC_VCH_STDERR].p, out->text[UC_VCH_STDERR].n,
				   &out->text[UC_VCH_CALLS]);
	if (!traced)
		drop_log(&out->text[UC_VCH_STDERR]);
	uc_vec_free(&j.argv);
	free(folder);
	return rc;
}
