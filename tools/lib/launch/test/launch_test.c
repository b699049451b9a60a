// SPDX-License-Identifier: BSD-3-Clause
// sources: fakevm.c ../launch.c ../judge.c ../log.c ../report.c ../../relay/relay.c
// sources: ../../relay/frames.c
// sources: ../prepare.c ../kept.c ../../prepared/compare.c ../../prepared/file.c
// sources: ../../prepared/place.c ../../prepared/tables.c ../../util/sha256.c
// sources: ../../relay/signals.c ../../relay/tty.c ../../relay/textlog.c ../../relay/outq.c
// sources: ../../relay/mux.c
// sources: ../../vmm/argv.c ../../vmm/net.c ../../vmm/bundle.c ../../vmm/kernel.c ../../vmm/start.c
// sources: ../../vmm/root.c ../../vmm/firmware.c
// sources: ../../util/mem.c ../../util/vec.c ../../util/path.c ../../cli/msg.c
// sources: ../../cli/progress.c ../../cli/value.c
// sources: ../../link/systab.c ../../link/installed.c ../../link/libdir.c ../../util/file.c
// sources: ../../process/start.c ../../process/child.c ../../process/root.c
// sources: ../../process/net.c ../../process/folder.c ../../memif/open.c ../../memif/io.c
// sources: ../../memif/server.c ../../memif/client.c ../../memif/serve.c
// sources: ../../p9serve/wire.c ../../p9serve/fid.c ../../p9serve/qid.c ../../p9serve/session.c
// sources: ../../p9serve/open.c ../../p9serve/io.c ../../p9serve/names.c ../../p9serve/attr.c
// sources: ../../p9serve/xattr.c ../../p9serve/lock.c ../../p9serve/serve.c
// libs: -ljansson -lutil -lpthread
/* Everything between the user and the guest, with a program in place of QEMU (this one:
 * fakevm.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include <unicore/launch.h>
#include <unicore/msg.h>

#include "fakevm.h"

static char kernel[] = "/tmp/unicore-test-XXXXXX", libdir[] = "/tmp/unicore-test-XXXXXX";

/* Measurements of the host are not under test. */
/* Nowhere to keep starts. */
char *uc_cache_dir(void)
{
	return NULL;
}

void uc_host_get(struct uc_host *h)
{
	*h = (struct uc_host){ .tsc_hz = 1000000000 };
}

/* What one run gave. */
static struct {
	int status; /* as the shell would see it */
	char out[1 << 16], err[1 << 16];
	size_t out_len, err_len;
} got;

struct plan {
	const char *script, *input;
	double timeout;
	bool json, show_log;
	uint64_t memory;
	const char *qemu;
};

static const char *const test_argv[] = { "prog", "a b", "", NULL };
static enum uc_plat plat; /* of the runs that follow */
static const struct uc_volume *volumes;
static size_t nvolumes;

/* In the child: what `unicore run` does. */
static _Noreturn void run_child(const struct plan *p)
{
	struct uc_outcome out;
	char *script = uc_xasprintf("UC_FAKEVM=%s", p->script);
	const char *const test_env[] = { "A=1", plat == UC_PLAT_LINUX ? script : NULL, NULL };
	const struct uc_launch l = {
		.plat = plat,
		.kernel = plat == UC_PLAT_LINUX ? "/proc/self/exe" : kernel,
		.volumes = volumes,
		.nvolumes = nvolumes,
		.exec = "/bin/prog",
		.argv = test_argv,
		.env = test_env,
		.qemu = p->qemu ? p->qemu : "/proc/self/exe",
		.machine = UC_MACHINE_MICROVM,
		.memory = p->memory ? p->memory : 64 << 20,
		.log_level = UC_LL_WARNING,
		.timeout_s = p->timeout,
		.show_log = p->show_log,
	};

	setenv("UC_FAKEVM", p->script, 1);
	uc_launch_run(&l, &out);
	if (p->json)
		uc_outcome_json(&out, &l, "img", stderr);
	fflush(stderr);
	free(script);
	_exit(out.status);
}

static size_t collect(int fd, char *buf, size_t len, size_t cap)
{
	char spill[4096];
	ssize_t n =
		len + 1 < cap ? read(fd, buf + len, cap - 1 - len) : read(fd, spill, sizeof(spill));

	if (n > 0 && len + 1 < cap)
		len += (size_t)n;
	buf[len] = 0;
	return n <= 0 ? SIZE_MAX : len;
}

static void gather(int out, int err)
{
	struct pollfd p[2] = { { .fd = out, .events = POLLIN }, { .fd = err, .events = POLLIN } };

	got.out_len = got.err_len = 0;
	while (p[0].fd >= 0 || p[1].fd >= 0) {
		poll(p, 2, -1);
		for (int i = 0; i < 2; i++) {
			if (p[i].fd < 0 || !p[i].revents)
				continue;
			size_t *len = i ? &got.err_len : &got.out_len;
			size_t n = collect(p[i].fd, i ? got.err : got.out, *len, sizeof(got.out));

			if (n == SIZE_MAX)
				p[i].fd = -1;
			else
				*len = n;
		}
	}
}

static void wait_status(pid_t pid)
{
	int st;

	waitpid(pid, &st, 0);
	got.status = WIFEXITED(st) ? WEXITSTATUS(st) : 1000 + WTERMSIG(st);
}

/* Starts a run with pipes; the caller reads them. */
static pid_t start(const struct plan *p, int *in, int *out, int *err)
{
	int i[2], o[2], e[2];

	assert_int_equal(pipe2(i, O_CLOEXEC) | pipe2(o, O_CLOEXEC) | pipe2(e, O_CLOEXEC), 0);
	fflush(NULL);
	pid_t pid = fork();
	if (!pid) {
		dup2(i[0], 0);
		dup2(o[1], 1);
		dup2(e[1], 2);
		for (int k = 0; k < 2; k++) { /* the ends of pipes decide when they end */
			close(i[k]);
			close(o[k]);
			close(e[k]);
		}
		run_child(p);
	}
	close(i[0]);
	close(o[1]);
	close(e[1]);
	*in = i[1];
	*out = o[0];
	*err = e[0];
	return pid;
}

static void run(const struct plan *p)
{
	int in, out, err;
	pid_t pid = start(p, &in, &out, &err);

	if (p->input)
		assert_int_equal(write(in, p->input, strlen(p->input)), (ssize_t)strlen(p->input));
	close(in);
	gather(out, err);
	close(out);
	close(err);
	wait_status(pid);
}

static void run_script(const char *script)
{
	run(&(struct plan){ .script = script });
}

static void output_and_status_pass_through(void **state)
{
	(void)state;
	run_script("ready;out:hello\n;err:oops\n;out:bye;exit:0:3");
	assert_int_equal(got.status, 3);
	assert_string_equal(got.out, "hello\nbye");
	assert_string_equal(got.err, "oops\n");
}

static void frames_on_the_early_port_come_first(void **state)
{
	(void)state;
	run_script("early:text ;frames:early;ready;out:one ;early:more\n;out:two ;err:e;"
		   "frames:console;out:three;exit:0:4");
	assert_int_equal(got.status, 4);
	assert_string_equal(got.out, "one two three");
	assert_string_equal(got.err, "e");
	run_script("frames:early;ready;out:all;stats:a=1\n;exit:0:0");
	assert_int_equal(got.status, 0);
	assert_string_equal(got.out, "all");
	run_script("frames:early;ready;early:\1;sleep:2000");
	assert_int_equal(got.status, UC_ST_VMM);
}

static void every_kind_of_end_has_its_status_and_message(void **state)
{
	static const struct {
		const char *script;
		int status;
		const char *message;
	} cases[] = {
		{ "ready;exit:0:0", 0, "" },
		{ "ready;exit:1:11", 139, "" },
		{ "log:panic: x\n;exit:2:0", UC_ST_PANIC,
		  "unicore[kernel]: panic: x\nunicore: kernel: stopped" },
		{ "ready;exit:3:0", UC_ST_GUEST_OOM,
		  "unicore: /bin/prog: the guest's 65536 KiB of memory" },
		{ "ready;log:ioctl\n;exit:4:0", UC_ST_STRICT,
		  "unicore[kernel]: ioctl\nunicore: /bin/prog: asked" },
		{ "exit:5:0", UC_ST_BOOT, "unicore: image: the kernel cannot start with it" },
		{ "exit:5:2", UC_ST_NOT_FOUND, "unicore: /bin/prog: not found in the image" },
		{ "exit:5:13", UC_ST_CANNOT_EXEC,
		  "unicore: /bin/prog: cannot be executed in the image: permission" },
		{ "exit:5:8", UC_ST_CANNOT_EXEC, "unicore: /bin/prog: cannot be executed" },
		{ "vmm:qemu-system-x86_64: no such thing;die:1", UC_ST_VMM,
		  "unicore: /proc/self/exe: no such thing (" },
		{ "die:0", UC_ST_VMM, "unicore: virtual machine: the guest reset itself" },
		{ "early:panic: early\n;die:3", UC_ST_VMM,
		  "unicore[kernel]: panic: early\nunicore: /proc/self/exe: "
		  "ended without a word from the guest: exit status 3" },
		{ "die:7", UC_ST_GUEST_OOM, "unicore: /bin/prog: the guest's 65536 KiB of memory" },
		{ "early:no bundle\n;die:11", UC_ST_BOOT,
		  "unicore[kernel]: no bundle\nunicore: image: the kernel cannot start with it" },
		{ "ready;kill:9", UC_ST_VMM,
		  "unicore: /proc/self/exe: ended without a word from the guest: killed" },
		{ "garbage;sleep:60000", UC_ST_VMM,
		  "unicore: console: the guest sent invalid data: unknown frame" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		run_script(cases[i].script);
		assert_int_equal(got.status, cases[i].status);
		if (strncmp(got.err, cases[i].message, strlen(cases[i].message)))
			fail_msg("%s: got %s", cases[i].script, got.err);
		if (!cases[i].message[0])
			assert_string_equal(got.err, "");
	}
}

static void the_program_and_machine_are_in_the_bundle(void **state)
{
	(void)state;
	run_script(
		"ready;param:arg;param:env;param:exec;param:con;param:exit;param:tsc_hz;param:ram;"
		"param:streams;param:strict;exit:0:0");
	assert_string_equal(got.out,
			    "prog\na b\n\nA=1\n/bin/prog\nmux\ndebug:1281\n1000000000\nzero\n0\n");
}

static void stdin_follows_the_guests_credit(void **state)
{
	(void)state;
	run(&(struct plan){ .script = "ready;cat;exit:0:0", .input = "some\ninput" });
	assert_int_equal(got.status, 0);
	assert_string_equal(got.out, "some\ninput");
	/* what the guest does not ask for stays in the pipe */
	int p[2];
	assert_int_equal(pipe(p), 0);
	assert_int_equal(write(p[1], "0123456789", 10), 10);
	int keep = dup(0);
	dup2(p[0], 0);
	/* start() gives the child another stdin, so it is started here */
	int o[2];
	assert_int_equal(pipe(o), 0);
	fflush(NULL);
	pid_t pid = fork();
	if (!pid) {
		dup2(o[1], 1);
		run_child(&(struct plan){ .script = "ready;take:4;exit:0:0" });
	}
	close(o[1]);
	wait_status(pid);
	assert_int_equal(got.status, 0);
	assert_int_equal(read(o[0], got.out, sizeof(got.out)), 4);
	assert_memory_equal(got.out, "0123", 4);
	assert_int_equal(read(p[0], got.out, sizeof(got.out)), 6);
	assert_memory_equal(got.out, "456789", 6);
	dup2(keep, 0);
	close(keep);
	close(p[0]);
	close(p[1]);
	close(o[0]);
}

static void slow_readers_lose_nothing(void **state)
{
	static const char *const scripts[] = { "ready;big:3000000;exit:0:0",
					       "ready;flood:3000000;exit:0:0" };

	(void)state;
	for (int k = 0; k < 2; k++) {
		static uint8_t b[65536];
		int in, out, err;
		pid_t pid = start(&(struct plan){ .script = scripts[k] }, &in, &out, &err);
		uint64_t at = 0;
		ssize_t n;

		close(in);
		usleep(100000); /* everything is full by now */
		while ((n = read(out, b, sizeof(b))) > 0)
			for (ssize_t i = 0; i < n; i++, at++)
				assert_int_equal(b[i], (uint8_t)((uint32_t)at * 2654435761u >> 24));
		assert_int_equal(at, 3000000);
		close(out);
		close(err);
		wait_status(pid);
		assert_int_equal(got.status, 0);
	}
}

static void a_gone_reader_is_told_to_the_guest(void **state)
{
	int in, out, err;
	pid_t pid = start(&(struct plan){ .script = "ready;big:100000000;eof:1;exit:1:13" }, &in,
			  &out, &err);
	char b[100];

	(void)state;
	assert_int_equal(read(out, b, sizeof(b)), sizeof(b));
	close(out);
	wait_status(pid);
	assert_int_equal(got.status, 141);
	close(in);
	close(err);
}

static void a_blocked_stdout_does_not_hold_up_stderr(void **state)
{
	int in, out, err;
	/* as much as the window allows, which no pipe holds */
	pid_t pid = start(&(struct plan){ .script = "ready;flood:262144;err:still alive;exit:0:0" },
			  &in, &out, &err);
	char b[64] = { 0 };

	(void)state;
	assert_int_equal(read(err, b, sizeof(b)), 11);
	assert_string_equal(b, "still alive");
	gather(out, err);
	wait_status(pid);
	assert_int_equal(got.status, 0);
	close(in);
	close(out);
	close(err);
}

static void signals_reach_the_program(void **state)
{
	static const int sigs[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGCONT };

	(void)state;
	for (size_t i = 0; i < sizeof(sigs) / sizeof(sigs[0]); i++) {
		int in, out, err;
		pid_t pid = start(&(struct plan){ .script = "ready;out:up;signal;exit:0:0" }, &in,
				  &out, &err);
		char b[64] = { 0 }, want[64];

		assert_int_equal(read(out, b, sizeof(b)), 2);
		kill(pid, sigs[i]);
		gather(out, err);
		snprintf(want, sizeof(want), "signal %d\n", sigs[i]);
		assert_string_equal(got.out, want);
		wait_status(pid);
		assert_int_equal(got.status, 0);
		close(in);
		close(out);
		close(err);
	}
}

static void a_signal_before_the_program_runs_ends_the_machine(void **state)
{
	int in, out, err;
	pid_t pid = start(&(struct plan){ .script = "err:x;sleep:60000" }, &in, &out, &err);
	char b[8];

	(void)state;
	assert_int_equal(read(err, b, sizeof(b)), 1);
	kill(pid, SIGTERM);
	wait_status(pid);
	assert_int_equal(got.status, 128 + SIGTERM);
	close(in);
	close(out);
	close(err);
}

static void the_time_limit_ends_the_machine(void **state)
{
	(void)state;
	run(&(struct plan){ .script = "ready;sleep:60000", .timeout = 0.1 });
	assert_int_equal(got.status, UC_ST_TIMEOUT);
	assert_non_null(strstr(got.err, "stopped after 0.1 seconds"));
}

static void the_machine_does_not_outlive_us(void **state)
{
	int in, out, err;
	pid_t pid = start(&(struct plan){ .script = "ready;out:up;sleep:60000" }, &in, &out, &err);
	char b[8];

	(void)state;
	assert_int_equal(read(out, b, sizeof(b)), 2);
	kill(pid, SIGKILL);
	wait_status(pid);
	/* the VM's process held the write end of nothing of ours but its stderr pipe; it must be
	 * gone */
	for (int i = 0; i < 4000 && waitpid(-1, NULL, WNOHANG) != -1; i++)
		usleep(10000);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	char cmd[64];
	snprintf(cmd, sizeof(cmd), "/proc/%d", (int)pid);
	assert_int_equal(access(cmd, F_OK), -1);
	close(in);
	close(out);
	close(err);
}

static void host_time_is_answered(void **state)
{
	(void)state;
	run_script("ready;time;exit:0:0");
	assert_string_equal(got.out, "time\n");
}

static void the_log_is_shown_on_request(void **state)
{
	(void)state;
	run_script("ready;log:warning: quiet\n;exit:0:0");
	assert_string_equal(got.err, "");
	run(&(struct plan){ .script = "ready;log:warning: loud\n;early:early\n;exit:0:0",
			    .show_log = true });
	assert_non_null(strstr(got.err, "unicore[kernel]: warning: loud\n"));
	assert_non_null(strstr(got.err, "unicore[kernel]: early\n"));
}

static void the_report_follows_its_schema(void **state)
{
	json_error_t e;
	json_t *schema, *report, *v;
	const char *key;

	(void)state;
	schema = json_load_file("docs/schema/run.json", 0, &e);
	assert_non_null(schema);
	json_t *props = json_object_get(schema, "properties"),
	       *required = json_object_get(schema, "required");
	run(&(struct plan){ .script = "ready;stats:syscalls=12\npages=3\nbad\n=1\n;exit:0:5",
			    .json = true });
	report = json_loads(got.err, 0, &e);
	assert_non_null(report);
	json_object_foreach(report, key, v) if (!json_object_get(props, key))
		fail_msg("%s is not in the schema", key);
	size_t i;
	json_array_foreach(required, i, v) if (!json_object_get(report, json_string_value(v)))
		fail_msg("%s is missing", json_string_value(v));
	assert_int_equal(json_integer_value(json_object_get(report, "exit_status")), 5);
	assert_string_equal(json_string_value(json_object_get(report, "exit_kind")), "normal");
	assert_true(json_real_value(json_object_get(report, "boot_ms")) > 0);
	json_t *guest = json_object_get(report, "guest");
	assert_int_equal(json_object_size(guest), 2);
	assert_int_equal(json_integer_value(json_object_get(guest, "syscalls")), 12);
	json_decref(report);
	/* and when nothing ran */
	run(&(struct plan){ .script = "die:1", .json = true });
	char *object = strchr(got.err, '{');
	assert_non_null(object);
	report = json_loads(object, 0, &e);
	assert_non_null(report);
	assert_true(json_is_null(json_object_get(report, "boot_ms")));
	assert_string_equal(json_string_value(json_object_get(report, "exit_kind")), "vmm");
	json_decref(report);
	json_decref(schema);
}

static void what_is_missing_is_said(void **state)
{
	(void)state;
	run(&(struct plan){ .script = "", .qemu = "no-such-emulator" });
	assert_int_equal(got.status, UC_ST_UNAVAILABLE);
	assert_non_null(strstr(
		got.err, "unicore: no-such-emulator: this emulator is not installed (install"));
	run(&(struct plan){ .script = "", .memory = 4096 });
	assert_int_equal(got.status, UC_ST_BOOT);
	assert_non_null(strstr(got.err, "give more with -m"));
}

/* A run on a terminal; returns our end. */
static pid_t start_tty(const struct plan *p, int *master)
{
	struct winsize ws = { .ws_row = 33, .ws_col = 77 };

	fflush(NULL);
	pid_t pid = forkpty(master, NULL, NULL, &ws);
	if (!pid)
		run_child(p);
	return pid;
}

static void read_until(int fd, const char *text)
{
	size_t len = 0;

	while (!strstr(got.out, text)) {
		len = collect(fd, got.out, len, sizeof(got.out));
		if (len == SIZE_MAX)
			fail_msg("the terminal closed before %s: %s", text, got.out);
	}
}

static void the_terminal_follows_the_guest_and_is_restored(void **state)
{
	int master;
	struct termios during, after;
	struct winsize ws = { .ws_row = 44, .ws_col = 80 };

	(void)state;
	got.out[0] = 0;
	pid_t pid = start_tty(
		&(struct plan){ .script = "ready;winsize;raw;out:raw now;winsize;signal;exit:0:0" },
		&master);
	read_until(master, "rows 33");
	read_until(master, "raw now");
	assert_int_equal(tcgetattr(master, &during), 0);
	assert_int_equal(during.c_lflag, 0);
	ioctl(master, TIOCSWINSZ, &ws);
	read_until(master, "rows 44");
	kill(pid, SIGTERM);
	read_until(master, "signal 15");
	wait_status(pid);
	assert_int_equal(got.status, 0);
	if (tcgetattr(master, &after) == 0)
		assert_int_equal(~after.c_lflag & (ICANON | ECHO | ISIG | IEXTEN), 0);
	close(master);
}

static void ctrl_c_is_the_programs(void **state)
{
	struct termios t;
	int master;

	(void)state;
	got.out[0] = 0;
	pid_t pid = start_tty(&(struct plan){ .script = "ready;out:up;signal;exit:1:2" }, &master);
	read_until(master, "up");
	/* Linux sends the signal first and then drops pending output, so also a quick answer. */
	assert_int_equal(tcgetattr(master, &t), 0);
	t.c_lflag |= NOFLSH;
	assert_int_equal(tcsetattr(master, TCSANOW, &t), 0);
	assert_int_equal(write(master, "\003", 1), 1);
	read_until(master, "signal 2");
	wait_status(pid);
	assert_int_equal(got.status, 130);
	close(master);
}

static void ctrl_z_stops_the_machine_and_fg_continues_it(void **state)
{
	int master, st;

	(void)state;
	got.out[0] = 0;
	pid_t pid = start_tty(&(struct plan){ .script = "ready;out:up;signal;exit:0:0" }, &master);
	read_until(master, "up");
	kill(pid, SIGTSTP);
	assert_int_equal(waitpid(pid, &st, WUNTRACED), pid);
	assert_true(WIFSTOPPED(st));
	kill(pid, SIGCONT);
	read_until(master, "signal 18"); /* SIGCONT, so that the program draws its screen again */
	wait_status(pid);
	assert_int_equal(got.status, 0);
	close(master);
}

/* ---- platform linux ---- */

static void a_kernel_process_has_what_it_needs_and_nothing_else(void **state)
{
	const struct uc_volume v[] = { { (char *)"/tmp", (char *)"/a", false },
				       { (char *)"/", (char *)"/b", true } };

	(void)state;
	volumes = v;
	nvolumes = 2;
	run(&(struct plan){ .script = "ready;inventory;param:mount;param:ram;param:exit;exit:0:0",
			    .memory = (5 << 20) + 4096 });
	nvolumes = 0;
	assert_int_equal(got.status, 0);
	assert_string_equal(got.err, "");
	/* program and bundle are files of some size */
	for (const char *fd[] = { "fd 0 file ", "fd 3 file " }, **f = fd; f < fd + 2; f++) {
		char *size = strstr(got.out, *f);

		assert_non_null(size);
		size += strlen(*f) - 1;
		memmove(size, strchr(size, '\n'), strlen(strchr(size, '\n')) + 1);
	}
	assert_string_equal(got.out, "fd 0 file\nfd 1 device 0\nfd 2 pipe 0\nfd 3 file\n"
				     "fd 4 device 0\nfd 5 socket 0\nfd 6 file 6291456\n"
				     "fd 7 socket 0\nfd 8 socket 0\n"
				     "group own, no new privileges\n"
				     "9p:fd7:/a:rw\n9p:fd8:/b:ro\nzero\n");
}

static void a_kernel_process_that_breaks_is_reported(void **state)
{
	(void)state;
	run_script("early:assertion: x\n;die:1");
	assert_int_equal(got.status, UC_ST_VMM);
	assert_string_equal(got.err,
			    "unicore[kernel]: assertion: x\n"
			    "unicore: kernel process: ended without a word from the guest: exit "
			    "status 1 (--log-level debug shows more)\n");
	run_script("ready;kill:9");
	assert_int_equal(got.status, UC_ST_VMM);
	assert_non_null(strstr(got.err, "killed by signal 9"));
}

static void the_report_names_the_platform(void **state)
{
	(void)state;
	run(&(struct plan){ .script = "ready;exit:0:0", .json = true });
	json_t *j = json_loads(got.err, 0, NULL);
	assert_non_null(j);
	assert_string_equal(json_string_value(json_object_get(j, "plat")), "linux");
	assert_string_equal(json_string_value(json_object_get(j, "machine")), "process");
	json_decref(j);
}

static int on_linux(void **state)
{
	(void)state;
	plat = UC_PLAT_LINUX;
	return 0;
}

static int setup(void **state)
{
	int fd = mkstemp(kernel);

	(void)state;
	return fd < 0 || fakevm_kernel(fd) || close(fd) || !mkdtemp(libdir) ||
	       fakevm_libdir(libdir);
}

static int teardown(void **state)
{
	(void)state;
	uc_rmtree(libdir);
	return unlink(kernel);
}

/* What holds however the kernel runs. */
#define ON_BOTH_PLATFORMS \
	cmocka_unit_test(output_and_status_pass_through), \
		cmocka_unit_test(stdin_follows_the_guests_credit), \
		cmocka_unit_test(slow_readers_lose_nothing), \
		cmocka_unit_test(a_gone_reader_is_told_to_the_guest), \
		cmocka_unit_test(a_blocked_stdout_does_not_hold_up_stderr), \
		cmocka_unit_test(signals_reach_the_program), \
		cmocka_unit_test(a_signal_before_the_program_runs_ends_the_machine), \
		cmocka_unit_test(the_time_limit_ends_the_machine), \
		cmocka_unit_test(the_machine_does_not_outlive_us), \
		cmocka_unit_test(host_time_is_answered), \
		cmocka_unit_test(the_log_is_shown_on_request), \
		cmocka_unit_test(the_report_follows_its_schema), \
		cmocka_unit_test(the_terminal_follows_the_guest_and_is_restored), \
		cmocka_unit_test(ctrl_c_is_the_programs), \
		cmocka_unit_test(ctrl_z_stops_the_machine_and_fg_continues_it)

int main(int argc, char **argv)
{
	const char *script = getenv("UC_FAKEVM");
	const struct CMUnitTest tests[] = {
		ON_BOTH_PLATFORMS,
		cmocka_unit_test(every_kind_of_end_has_its_status_and_message),
		cmocka_unit_test(frames_on_the_early_port_come_first),
		cmocka_unit_test(the_program_and_machine_are_in_the_bundle),
		cmocka_unit_test(what_is_missing_is_said),
	};

	const struct CMUnitTest linux_tests[] = {
		ON_BOTH_PLATFORMS,
		cmocka_unit_test(a_kernel_process_has_what_it_needs_and_nothing_else),
		cmocka_unit_test(a_kernel_process_that_breaks_is_reported),
		cmocka_unit_test(the_report_names_the_platform),
	};
	if (script || fakevm_is_process(argc, argv))
		return fakevm_main(argc, argv, script);
	int failed = cmocka_run_group_tests(tests, setup, teardown);
	return failed + cmocka_run_group_tests(linux_tests, on_linux, NULL);
}
