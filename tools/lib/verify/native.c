// SPDX-License-Identifier: BSD-3-Clause
/*
 * A native run in namespaces of its own whose root is the image's. Processes: the caller; process 1
 * of the namespace, which prepares it and waits; the program.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <unicore/msg.h>
#include <unicore/tracer.h>

#include "internal.h"

#define SPACES (CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET)

struct job { /* what process 1 has to do */
	const struct uc_verify *v;
	const struct uc_vcase *c;
	enum uc_visolation isolation;
	bool traced, probe; /* probe: prepare only */
	uid_t uid;
	gid_t gid;
	char *folder; /* on the host */
	const char *exec;
	struct uc_vec argv, env;
	const struct verify_pipes *pipes;
	int report, net, calls;
};

struct result {    /* through the report pipe */
	int error; /* errno of a preparation that failed */
	char step[64];
	int status;
	double wall_s, cpu_s;
	long peak_kb;
};

static void give_up(const struct job *j, const char *step)
{
	struct result r = { .error = errno };

	snprintf(r.step, sizeof(r.step), "%s", step);
	if (write(j->report, &r, sizeof(r)) != sizeof(r))
		_exit(125);
	_exit(126);
}

/* ---- the root ---- */

static void write_map(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && write(fd, text, strlen(text)) < 0)
		close(fd);
	else if (fd >= 0)
		close(fd);
}

static void become_root_of_namespace(const struct job *j)
{
	char *uids = uc_xasprintf("0 %u 1", j->uid), *gids = uc_xasprintf("0 %u 1", j->gid);

	write_map("/proc/self/setgroups", "deny");
	write_map("/proc/self/uid_map", uids);
	write_map("/proc/self/gid_map", gids);
	free(uids);
	free(gids);
}

static void mount_at(const struct job *j, const char *what, const char *root, const char *where,
		     const char *type, unsigned long flags, const char *data)
{
	char *path = uc_path_join(root, where);

	uc_mkdirs(path, 0755);
	if (mount(what, path, type, flags, data))
		give_up(j, where);
	free(path);
}

static void mount_devices(const struct job *j, const char *root)
{
	static const char *const names[] = { "null", "zero", "full", "random", "urandom", "tty" };
	static const char *const links[][2] = { { "/proc/self/fd", "fd" },
						{ "/proc/self/fd/0", "stdin" },
						{ "/proc/self/fd/1", "stdout" },
						{ "/proc/self/fd/2", "stderr" } };
	char *dev = uc_path_join(root, "dev"), *path, *from;

	mount_at(j, "dev", root, "dev", "tmpfs", MS_NOSUID, "mode=755");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		from = uc_path_join("/dev", names[i]);
		path = uc_path_join(dev, names[i]);
		uc_file_write(path, "", 0, 0666);
		if (mount(from, path, NULL, MS_BIND, NULL))
			give_up(j, "a device");
		free(path);
		free(from);
	}
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++) {
		path = uc_path_join(dev, links[i][1]);
		if (symlink(links[i][0], path))
			give_up(j, "a link in /dev");
		free(path);
	}
	mount_at(j, "shm", dev, "shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777");
	mount_at(j, "pts", dev, "pts", "devpts", 0, "newinstance,ptmxmode=0666,mode=620");
	path = uc_path_join(dev, "ptmx");
	if (symlink("pts/ptmx", path))
		give_up(j, "a link in /dev");
	free(path);
	free(dev);
}

/* A layer over the unpacked root takes what is written, in memory. */
static void mount_root(const struct job *j, const char *scratch, const char *root)
{
	char *data = uc_xasprintf("lowerdir=%s,upperdir=%s/upper,workdir=%s/work", j->v->root,
				  scratch, scratch);

	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		give_up(j, "/");
	if (j->isolation == UC_VI_SHARED_ROOT) {
		mount_at(j, j->v->root, root, "", NULL, MS_BIND, NULL);
	} else {
		mount_at(j, "scratch", scratch, "", "tmpfs", 0, "mode=755");
		char *upper = uc_path_join(scratch, "upper"), *work = uc_path_join(scratch, "work");

		uc_mkdirs(upper, 0755);
		uc_mkdirs(work, 0755);
		free(upper);
		free(work);
		mount_at(j, "root", root, "", "overlay", 0, data);
	}
	free(data);
}

static void lift_loopback(const struct job *j)
{
	struct ifreq q = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (s < 0 || ioctl(s, SIOCSIFFLAGS, &q))
		give_up(j, "the loopback interface");
	close(s);
}

static void prepare(const struct job *j)
{
	char *root = uc_path_join(j->v->work, "mnt"),
	     *scratch = uc_path_join(j->v->work, "scratch");
	const char *hostname = j->v->img.hostname ? j->v->img.hostname : VERIFY_HOSTNAME;

	if (j->uid)
		become_root_of_namespace(j);
	if (sethostname(hostname, strlen(hostname)))
		give_up(j, "the host name");
	lift_loopback(j);
	mount_root(j, scratch, root);
	mount_at(j, "proc", root, "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
	mount_devices(j, root);
	if (j->folder)
		mount_at(j, j->folder, root, VERIFY_WORKDIR, NULL, MS_BIND, NULL);
	if (j->net >= 0 && !j->probe && !fork())
		verify_sessions(j->c, "127.0.0.1", j->c->port, j->net);
	if (j->net >= 0)
		close(j->net);
	if (chroot(root) || chdir(j->folder ? VERIFY_WORKDIR : "/"))
		give_up(j, "chroot");
}

/* ---- the program ---- */

struct tracing {
	const struct job *j;
	struct uc_vec names;
	struct uc_buf lines;
	long syncs; /* as of struct uc_vrun */
};

/* Is the first argument of the call that returns a file in the work folder? */
static bool is_in_folder(int tid)
{
	struct user_regs_struct regs;
	char *path, *file = NULL;
	bool inside;

	if (ptrace(PTRACE_GETREGS, tid, NULL, &regs))
		return false;
	path = uc_xasprintf("/proc/%d/fd/%d", tid, (int)regs.rdi);
	file = uc_readlink_dup(AT_FDCWD, path);
	inside = file && uc_path_below(file, VERIFY_WORKDIR);
	free(file);
	free(path);
	return inside;
}

/* What makes whole file systems durable does so in ways of its own. */
static void count_sync(struct tracing *t, int tid, const char *call)
{
	if (!strcmp(call, "sync") || !strcmp(call, "syncfs") || !strcmp(call, "msync"))
		t->syncs = -1;
	else if (t->syncs >= 0 && (!strcmp(call, "fsync") || !strcmp(call, "fdatasync")))
		t->syncs += is_in_folder(tid);
}

static void on_return(void *arg, int tid, unsigned nr, long result)
{
	struct tracing *t = arg;

	if (nr >= t->names.n)
		return;
	verify_calls_add(&t->lines, tid, t->names.v[nr], result);
	if (!result)
		count_sync(t, tid, t->names.v[nr]);
}

static void trace(const struct job *j, struct tracing *t)
{
	struct uc_vec argv = { 0 };
	struct uc_trace out;

	uc_vec_add(&argv, j->exec);
	for (size_t i = 1; i < j->argv.n; i++)
		uc_vec_add(&argv, j->argv.v[i]);
	environ = j->env.v;
	const struct uc_trace_run run = { .argv = (const char *const *)argv.v,
					  .name = j->argv.v[0],
					  .returned = on_return,
					  .arg = t };
	int rc = uc_trace_program(&run, &out);

	verify_calls_sort(&t->lines);
	dprintf(j->calls, "%ld\n", j->isolation == UC_VI_HOST ? -1 : t->syncs);
	if (t->lines.n && write(j->calls, t->lines.p, t->lines.n) != (ssize_t)t->lines.n)
		rc = -EIO;
	_exit(rc ? 126 : out.status);
}

static void become_program(const struct job *j, struct tracing *t)
{
	const struct sigaction usual = { .sa_handler = SIG_DFL };
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setsid();
	umask(022);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	sigaction(SIGTERM, &usual, NULL);
	sigaction(SIGPIPE, &usual, NULL);
	verify_pipes_become(j->pipes);
	if (!j->uid && j->v->img.gid && (setgroups(0, NULL) || setgid(j->v->img.gid)))
		give_up(j, "the group");
	if (!j->uid && j->v->img.uid && setuid(j->v->img.uid))
		give_up(j, "the user");
	/* a guest's program has nothing else open */
	close_range(3, ~0u, CLOSE_RANGE_CLOEXEC);
	if (j->traced)
		trace(j, t);
	execve(j->exec, j->argv.v, j->env.v);
	/* as a shell says it, and unicore run */
	_exit(errno == ENOENT ? 127 : 126);
}

static volatile sig_atomic_t program;

static void on_term(int sig)
{
	if (program > 0)
		kill(program, sig);
}

static void wait_for(struct result *r)
{
	struct rusage u = { 0 };
	double began = verify_now();
	pid_t got;

	while ((got = wait4(-1, &r->status, 0, &u)) != program)
		if (got < 0 && errno != EINTR)
			break;
	r->wall_s = verify_now() - began;
	r->cpu_s = (double)u.ru_utime.tv_sec + (double)u.ru_stime.tv_sec +
		   (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1e-6;
	r->peak_kb = u.ru_maxrss;
}

/* Process numbers of the program differ from run to run, so that they are seen to vary. */
static void skip_numbers(unsigned n)
{
	while (n--) {
		pid_t p = fork();

		if (!p)
			_exit(0);
		waitpid(p, NULL, 0);
	}
}

static void be_first(struct job *j)
{
	const struct sigaction forward = { .sa_handler = on_term };
	struct tracing t = { .j = j };
	struct result r = { 0 };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (j->traced && verify_calls_names(&t.names))
		give_up(j, "the table of calls");
	if (j->isolation != UC_VI_HOST)
		prepare(j);
	else if (j->folder && chdir(j->folder))
		give_up(j, "the work folder");
	if (!j->probe) {
		sigaction(SIGTERM, &forward, NULL);
		skip_numbers(j->v->shift % 7);
		program = fork();
		if (!program)
			become_program(j, &t);
		verify_pipes_close(j->pipes);
		wait_for(&r);
	}
	if (write(j->report, &r, sizeof(r)) != sizeof(r))
		_exit(125);
	_exit(0);
}

static pid_t start(struct job *j)
{
	unsigned long flags = SIGCHLD | (j->uid ? CLONE_NEWUSER : 0) | SPACES;
	pid_t pid = j->isolation == UC_VI_HOST
			    ? fork()
			    : (pid_t)syscall(SYS_clone, flags, NULL, NULL, NULL, NULL);

	if (!pid)
		be_first(j);
	return pid;
}

/* ---- */

static void job_free(struct job *j)
{
	uc_vec_free(&j->argv);
	uc_vec_free(&j->env);
	free(j->folder);
}

static int failed(const struct job *j, const struct result *r)
{
	char *why = uc_xasprintf("a native run cannot be prepared (%s)", r->step);
	int rc = uc_fail_os(UC_ST_OSERR, j->v->source, NULL, r->error, why);

	free(why);
	return rc;
}

/* A line with the number of syncs, and the calls. */
static void take_calls(int fd, struct uc_vrun *out)
{
	char *path = uc_xasprintf("/proc/self/fd/%d", fd), *nl;
	struct uc_buf b = { 0 };

	uc_file_read(path, VERIFY_TEXT_MAX, &b);
	nl = b.n ? memchr(b.p, '\n', b.n) : NULL;
	out->syncs = nl ? strtol(b.p, NULL, 10) : -1;
	if (nl)
		uc_buf_add(&out->text[UC_VCH_CALLS], nl + 1, b.n - (size_t)(nl + 1 - b.p));
	uc_buf_free(&b);
	free(path);
}

static int run(struct job *j, struct verify_pipes *p, const int report[2], const int net[2],
	       struct uc_vrun *out)
{
	struct verify_child c = { .pid = start(j), .net = -1 };
	struct result r = { 0 };
	int status;

	if (c.pid < 0)
		return uc_fail_os(UC_ST_OSERR, j->v->source, NULL, errno,
				  "cannot start a native run");
	close(report[1]);
	verify_pipes_hand(p, &c);
	if (net[0] >= 0) {
		close(net[1]);
		c.net = net[0];
	}
	status = verify_collect(&c, j->c, verify_timeout(j->v, j->c), out);
	if (status == -ETIMEDOUT)
		uc_buf_str(&out->text[UC_VCH_STATUS], "timeout\n");
	else if (status < 0 || read(report[0], &r, sizeof(r)) != sizeof(r))
		return uc_fail(UC_ST_OSERR, j->v->source, NULL, "a native run broke off");
	else if (r.error)
		return failed(j, &r);
	else
		verify_status_text(out, r.status);
	out->wall_s = r.wall_s;
	out->cpu_s = r.cpu_s;
	out->peak_bytes = (uint64_t)r.peak_kb * 1024;
	return 0;
}

int uc_vrun_native(struct uc_verify *v, const struct uc_vcase *c, bool traced, struct uc_vrun *out)
{
	struct job j = { .v = v,
			 .c = c,
			 .isolation = v->isolation,
			 .traced = traced,
			 .uid = geteuid(),
			 .gid = getegid(),
			 .exec = verify_exec(v, c),
			 .net = -1,
			 .calls = -1 };
	int report[2], net[2] = { -1, -1 }, rc = 0;
	struct verify_pipes p;

	v->shift++;
	v->native_runs++;
	verify_argv(v, c, &j.argv);
	verify_env(v, c, &j.env);
	j.folder = uc_path_join(v->work, "native");
	rc = verify_tree_make(c, j.folder);
	if (!rc && (verify_pipes_open(&p) || pipe2(report, O_CLOEXEC) ||
		    (c->nsessions && pipe2(net, O_CLOEXEC))))
		rc = uc_fail_os(UC_ST_OSERR, v->source, NULL, errno, "cannot make pipes");
	j.pipes = &p;
	j.report = report[1];
	j.net = net[1];
	if (traced)
		j.calls = memfd_create("calls", MFD_CLOEXEC);
	out->began = verify_realtime();
	if (!rc) {
		rc = run(&j, &p, report, net, out);
		close(report[0]);
	}
	out->ended = verify_realtime();
	if (!rc && traced)
		take_calls(j.calls, out);
	if (!rc && j.folder)
		verify_tree_list(j.folder, &out->text[UC_VCH_FILES]);
	if (j.calls >= 0)
		close(j.calls);
	job_free(&j);
	return rc;
}

static bool permitted(struct uc_verify *v, enum uc_visolation i)
{
	struct job j = {
		.v = v, .isolation = i, .probe = true, .uid = geteuid(), .gid = getegid(), .net = -1
	};
	struct result r = { .error = EPERM };
	int report[2];
	pid_t pid;

	if (pipe2(report, O_CLOEXEC))
		return false;
	j.report = report[1];
	pid = start(&j);
	close(report[1]);
	if (pid > 0) {
		if (read(report[0], &r, sizeof(r)) != sizeof(r))
			r.error = EPERM;
		waitpid(pid, NULL, 0);
	}
	close(report[0]);
	if (r.error)
		uc_note(1, "native runs: %s: %s: %s", uc_visolation_text(i), r.step,
			strerror(r.error));
	return !r.error;
}

/* ---- open and close ---- */

const char *uc_visolation_text(enum uc_visolation i)
{
	static const char *const texts[] = {
		"namespaces of their own, a fresh root for each run",
		"namespaces of their own, one root for all runs (no overlay is permitted here)",
		"no namespaces are permitted here: the program of this machine in this machine's "
		"root",
	};

	return texts[i];
}

static int unpack(struct uc_verify *v)
{
	char *to = uc_xasprintf("--extract=%s", v->root);
	const char *const argv[] = { "fsck.erofs", to, "--force", v->img.root, NULL };
	struct uc_buf out = { 0 }, err = { 0 };
	int rc = uc_run(argv, NULL, &out, &err);

	if (rc < 0)
		rc = uc_fail(UC_ST_UNAVAILABLE, argv[0], "install erofs-utils", "cannot run it: %s",
			     strerror(-rc));
	else if (rc)
		rc = uc_fail(UC_ST_DATA, v->img.root, "build the image again",
			     "cannot be unpacked:\n%s", err.p ? err.p : "");
	uc_buf_free(&out);
	uc_buf_free(&err);
	free(to);
	return rc;
}

int uc_verify_open(struct uc_verify *v)
{
	int rc = 0;

	v->work = uc_tmp_path("unicore-verify.XXXXXX");
	if (!mkdtemp(v->work))
		return uc_fail_os(UC_ST_CANTCREAT, v->work, NULL, errno, "cannot create it");
	uc_cleanup_push(v->work);
	v->root = uc_path_join(v->work, "root");
	if (v->img.root)
		rc = unpack(v);
	else if (mkdir(v->root, 0755))
		rc = uc_fail_os(UC_ST_CANTCREAT, v->root, NULL, errno, "cannot create it");
	v->isolation = UC_VI_FULL;
	while (!rc && v->isolation < UC_VI_HOST && !permitted(v, v->isolation))
		v->isolation++;
	if (!rc && v->isolation == UC_VI_HOST && access(v->img.exec, X_OK))
		rc = uc_fail(UC_ST_UNAVAILABLE, v->source, "run as root, or permit user namespaces",
			     "namespaces are not permitted here, and this machine has no %s",
			     v->img.exec);
	if (!rc && v->isolation != UC_VI_FULL)
		uc_warn(v->source, "native runs: %s", uc_visolation_text(v->isolation));
	return rc;
}

void uc_verify_close(struct uc_verify *v)
{
	if (v->work && !v->keep)
		uc_rmtree(v->work);
	if (v->work)
		uc_cleanup_pop();
	free(v->work);
	free(v->root);
	v->work = v->root = NULL;
}
