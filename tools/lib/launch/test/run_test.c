// SPDX-License-Identifier: BSD-3-Clause
// sources: ../fault.c
// sources: ../prepare.c ../../prepared/compare.c ../../prepared/file.c
// sources: ../../prepared/place.c ../../prepared/tables.c
// sources: fakevm.c ../../../cmd/run.c ../launch.c ../judge.c ../log.c ../report.c ../image.c
// sources: ../choose.c ../fit.c ../kept.c
// sources: ../../relay/relay.c ../../relay/frames.c ../../relay/signals.c ../../relay/tty.c
// sources: ../../relay/textlog.c ../../relay/outq.c ../../relay/mux.c ../../vmm/argv.c
// sources: ../../vmm/net.c ../../vmm/firmware.c
// sources: ../../vmm/bundle.c ../../vmm/kernel.c
// sources: ../../vmm/start.c ../../vmm/root.c ../../vmm/volume.c ../../util/mem.c ../../util/vec.c
// sources: ../../util/sha256.c ../../util/path.c ../../util/file.c ../../cli/msg.c
// sources: ../../cli/progress.c ../../cli/value.c
// sources: ../../cli/parse.c ../../cli/help.c ../../cli/prose.c
// sources: ../../link/systab.c ../../link/installed.c ../../link/libdir.c
// sources: ../../process/start.c ../../process/child.c ../../process/root.c
// sources: ../../process/net.c ../../process/folder.c ../../memif/open.c ../../memif/io.c
// sources: ../../memif/server.c ../../memif/client.c ../../memif/serve.c
// sources: ../../p9serve/wire.c ../../p9serve/fid.c ../../p9serve/qid.c ../../p9serve/session.c
// sources: ../../p9serve/open.c ../../p9serve/io.c ../../p9serve/names.c ../../p9serve/attr.c
// sources: ../../p9serve/xattr.c ../../p9serve/lock.c ../../p9serve/serve.c
// libs: -ljansson -lpthread
/* What options make of an image: `unicore run` with a program in place of QEMU (fakevm.h). */
#include <setjmp.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <unicore/msg.h>
#include <unicore/runimage.h>
#include <unicore/vmm.h>

#include "../../../cmd/commands.h"
#include "fakevm.h"

static char dir[] = "/tmp/unicore-test-XXXXXX";
static char out[1 << 16];

void uc_host_get(struct uc_host *h)
{
	*h = (struct uc_host){ 0 };
}

char *uc_cache_dir(void)
{
	return uc_xstrdup(dir);
}

int uc_run_source(const char *source, const char *exec, bool rebuild, char **d)
{
	(void)exec;
	(void)d;
	return uc_fail(UC_ST_NOINPUT, source, NULL, "build asked for%s", rebuild ? " again" : "");
}

/* Runs the command in a child; stdout and stderr together in `out`. Returns its status. */
static int run(const char *script, const char *const *words)
{
	char *argv[32] = { (char *)"run" };
	int argc = 1, p[2], st;
	size_t len = 0;
	ssize_t n;

	for (; words[argc - 1]; argc++)
		argv[argc] = !strcmp(words[argc - 1], "IMG") ? dir : (char *)words[argc - 1];
	assert_int_equal(pipe(p), 0);
	fflush(NULL);
	pid_t pid = fork();
	if (!pid) {
		setenv("UC_FAKEVM", script, 1);
		setenv("UNICORE_QEMU", "/proc/self/exe", 1);
		setenv("PASSED", "on", 1);
		unsetenv("TERM");
		dup2(p[1], 1);
		dup2(p[1], 2);
		close(p[0]);
		close(p[1]);
		st = uc_cmd_run(argc, argv);
		fflush(NULL);
		_exit(st);
	}
	close(p[1]);
	while ((n = read(p[0], out + len, sizeof(out) - 1 - len)) > 0)
		len += (size_t)n;
	out[len] = 0;
	close(p[0]);
	waitpid(pid, &st, 0);
	return WIFEXITED(st) ? WEXITSTATUS(st) : -1;
}
#define WORDS(...) \
	(const char *const[]) \
	{ \
		__VA_ARGS__, NULL \
	}

static void gives(const char *param, const char *const *words, const char *want)
{
	char script[128];

	snprintf(script, sizeof(script), "ready;param:%s;exit:0:0", param);
	assert_int_equal(run(script, words), 0);
	assert_string_equal(out, want);
}

static void file_of(const char *name, const char *text)
{
	char *path = uc_path_join(dir, name);
	FILE *f = fopen(path, "w");

	fputs(text, f);
	fclose(f);
	free(path);
}

/* A file that passes for a root of so many bytes. */
static void root_of(off_t size)
{
	static const uint8_t magic[4] = { 0xe2, 0xe1, 0xf5, 0xe0 };
	char *path = uc_path_join(dir, "root.erofs");
	int fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);

	free(path);
	assert_int_equal(ftruncate(fd, size), 0);
	assert_int_equal(pwrite(fd, magic, 4, 1024), 4);
	close(fd);
}

static const char description[] =
	"{\"exec\":\"/bin/prog\",\"argv\":[\"prog\",\"-d\"],\"env\":[\"A=1\",\"B=2\"],"
	"\"cwd\":\"/srv\"}";

static void arguments_replace_the_images(void **state)
{
	(void)state;
	gives("arg", WORDS("IMG"), "prog\n-d\n");
	gives("arg", WORDS("IMG", "a", "-x"), "prog\na\n-x\n");
	gives("arg", WORDS("IMG", "--", "--json"), "prog\n--json\n");
	gives("arg", WORDS("--entrypoint", "/bin/sh", "IMG", "-c", "x"), "/bin/sh\n-c\nx\n");
	gives("arg", WORDS("--entrypoint", "/bin/sh", "IMG"), "/bin/sh\n");
	gives("exec", WORDS("--entrypoint", "/bin/sh", "IMG"), "/bin/sh\n");
	gives("exec", WORDS("IMG"), "/bin/prog\n");
}

#define PATHS "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"

static void the_environment_is_the_images_and_what_was_asked_for(void **state)
{
	(void)state;
	gives("env", WORDS("IMG"), "A=1\nB=2\n" PATHS "HOME=/root\n");
	gives("env", WORDS("-e", "B=3", "-eC=", "-e", "PASSED", "-e", "UNSET_HERE", "IMG"),
	      "A=1\nB=3\nC=\nPASSED=on\n" PATHS "HOME=/root\n");
	gives("env", WORDS("-e", "PATH=/x", "-e", "HOME=/h", "IMG"),
	      "A=1\nB=2\nPATH=/x\nHOME=/h\n");
	gives("env", WORDS("--user", "7", "IMG"), "A=1\nB=2\n" PATHS "HOME=/\n");
	assert_int_equal(run("", WORDS("-e", "=x", "IMG")), UC_ST_USAGE);
}

static void identity_and_place(void **state)
{
	(void)state;
	gives("cwd", WORDS("IMG"), "/srv\n");
	gives("cwd", WORDS("-w", "/tmp", "IMG"), "/tmp\n");
	gives("hostname", WORDS("--hostname", "box", "IMG"), "box\n");
	gives("uid", WORDS("--user", "1000:100", "IMG"), "1000\n");
	gives("gid", WORDS("--user", "1000:100", "IMG"), "100\n");
	assert_int_equal(run("", WORDS("--user", "root", "IMG")), UC_ST_USAGE);
	assert_int_equal(run("", WORDS("--user", "1:", "IMG")), UC_ST_USAGE);
}

static void arguments_go_after_an_entry_point(void **state)
{
	(void)state;
	file_of("image.json", "{\"exec\":\"/bin/sh\",\"argv\":[\"/bin/sh\",\"-c\",\"ls\",\"x\"],"
			      "\"argv_fixed\":2,\"programs\":{\"cat\":\"/bin/cat\"}}");
	gives("arg", WORDS("IMG"), "/bin/sh\n-c\nls\nx\n");
	gives("arg", WORDS("IMG", "pwd"), "/bin/sh\n-c\npwd\n");
	gives("exec", WORDS("IMG", "pwd"), "/bin/sh\n");
	gives("arg", WORDS("--entrypoint", "cat", "IMG", "f"), "cat\nf\n");
	gives("exec", WORDS("--entrypoint", "cat", "IMG", "f"), "/bin/cat\n");
	gives("exec", WORDS("--entrypoint", "/x/y", "IMG"), "/x/y\n");
	assert_int_equal(run("", WORDS("--entrypoint", "nocat", "IMG")), UC_ST_NOT_FOUND);
	file_of("image.json", description);
}

static void a_command_without_entry_point_is_replaced(void **state)
{
	(void)state;
	file_of("image.json", "{\"exec\":\"/bin/sh\",\"argv\":[\"sh\",\"-i\"],\"argv_fixed\":0,"
			      "\"programs\":{\"cat\":\"/bin/cat\"}}");
	gives("arg", WORDS("IMG"), "sh\n-i\n");
	gives("exec", WORDS("IMG"), "/bin/sh\n");
	gives("arg", WORDS("IMG", "--", "cat", "-n"), "cat\n-n\n");
	gives("exec", WORDS("IMG", "cat", "-n"), "/bin/cat\n");
	assert_int_equal(run("", WORDS("IMG", "nocat")), UC_ST_NOT_FOUND);
	file_of("image.json", description);
}

static void users_have_names(void **state)
{
	(void)state;
	file_of("image.json",
		"{\"exec\":\"/bin/prog\",\"uid\":33,\"gid\":44,"
		"\"users\":{\"root\":\"0:0:/root\",\"www\":\"33:34:/var/www\",\"bad\":\"x\"},"
		"\"groups\":{\"mail\":\"8\"}}");
	gives("uid", WORDS("IMG"), "33\n");
	gives("gid", WORDS("IMG"), "44\n");
	gives("env", WORDS("IMG"), PATHS "HOME=/var/www\n");
	gives("env", WORDS("--user", "root", "IMG"), PATHS "HOME=/root\n");
	gives("gid", WORDS("--user", "www", "IMG"), "34\n");
	gives("gid", WORDS("--user", "33", "IMG"), "34\n");
	gives("gid", WORDS("--user", "www:mail", "IMG"), "8\n");
	gives("uid", WORDS("--user", "1000", "IMG"), "1000\n");
	gives("env", WORDS("--user", "1000", "IMG"), PATHS "HOME=/\n");
	assert_int_equal(run("", WORDS("--user", "nobody", "IMG")), UC_ST_USAGE);
	assert_int_equal(run("", WORDS("--user", "bad", "IMG")), UC_ST_USAGE);
	assert_int_equal(run("", WORDS("--user", "www:nogroup", "IMG")), UC_ST_USAGE);
	file_of("image.json", description);
}

/* In place of the linker: says what it would link, and fails. */
int uc_run_link(const struct uc_run_image *img, const struct uc_run_kernel *want, const char *d)
{
	struct uc_buf b = { 0 };
	int rc;

	(void)img;
	(void)d;
	for (size_t i = 0; i < want->with->n; i++)
		uc_buf_printf(&b, "+%s", want->with->v[i]);
	rc = uc_fail(UC_ST_UNAVAILABLE, "link", NULL, "%s%s", want->all ? "all" : "few",
		     b.n ? b.p : "");
	uc_buf_free(&b);
	return rc;
}

static void links(const char *what, const char *const *words)
{
	assert_int_equal(run("", words), UC_ST_UNAVAILABLE);
	assert_non_null(strstr(out, what));
}

static void what_the_kernel_lacks_is_linked(void **state)
{
	static const char parts[] = "{\"exec\":\"/bin/prog\",\"ulibs\":[\"vfs\"]}";

	(void)state;
	file_of("image.json", parts);
	assert_int_equal(run("ready;exit:0:0", WORDS("IMG")), 0);
	links("few+ninep\n", WORDS("-v", "/tmp:/a", "IMG"));
	links("few+bus+virtio_pci\n", WORDS("--machine", "q35", "IMG"));
	links("few+virtio_rng\n", WORDS("--rng", "IMG"));
	links("few+trace\n", WORDS("--trace", "IMG"));
	links("few+inet+virtio_net+host_net\n", WORDS("--net", "user", "IMG"));
	file_of("image.json",
		"{\"exec\":\"/bin/prog\",\"ulibs\":[\"vfs\"],\"root_bytes\":9000000}");
	assert_int_equal(run("", WORDS("IMG")), UC_ST_NOINPUT);
	root_of(1000000);
	assert_int_equal(run("", WORDS("IMG")), UC_ST_DATA);
	assert_non_null(strstr(out, "root.erofs: it is truncated"));
	root_of(9000000);
	links("few+bus\n", WORDS("IMG"));
	file_of("root.erofs", "not one");
	file_of("image.json", "{\"exec\":\"/bin/prog\",\"root_bytes\":7}");
	assert_int_equal(run("", WORDS("IMG")), UC_ST_DATA);
	assert_non_null(strstr(out, "root.erofs: it is not an EROFS file system"));
	char *path = uc_path_join(dir, "root.erofs");

	unlink(path);
	free(path);
	file_of("image.json", description);
}

static void kernel_switches(void **state)
{
	(void)state;
	gives("strict", WORDS("--strict", "IMG"), "1\n");
	gives("loglevel", WORDS("IMG"), "1\n");
	gives("loglevel", WORDS("--log-level", "debug", "IMG"), "3\n");
	gives("ram", WORDS("IMG"), "zero\n");
	gives("ram", WORDS("--machine", "q35", "IMG"), ""); /* SeaBIOS leaves data in memory */
	gives("mount", WORDS("-v", "/tmp:/a", "-v", "/:/b:ro", "IMG"),
	      "9p:v0:/a:rw\n9p:v1:/b:ro\n");
}

static void a_dry_run_prints_the_command_line(void **state)
{
	(void)state;
	assert_int_equal(run("", WORDS("--dry-run", "--qemu", "my qemu", "-m", "8M", "--qemu-arg",
				       "-d", "--qemu-arg", "int", "IMG")),
			 0);
	assert_memory_equal(out, "'my qemu' -nodefaults ", 22);
	assert_non_null(strstr(out, " -m 8192k "));
	assert_non_null(strstr(out, " -sandbox on,"));
	assert_non_null(strstr(out, " -d int\n"));
	assert_int_equal(run("", WORDS("--dry-run", "--no-sandbox", "IMG")), 0);
	assert_null(strstr(out, "-sandbox"));
}

static void what_is_of_one_platform_is_refused_on_the_other(void **state)
{
	static const char *const options[] = { "--rng", "--machine=q35", "--accel=tcg",
					       "--gdb", "--qemu=q",      "--qemu-arg=-d" };

	(void)state;
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		assert_int_equal(run("", WORDS("--plat", "linux", options[i], "IMG")), UC_ST_USAGE);
	assert_int_equal(run("", WORDS("--plat", "linux", "IMG")), UC_ST_DATA);
	assert_non_null(strstr(out, "was built without the linux platform (build it again)"));
	assert_int_equal(run("", WORDS("--plat", "xen", "IMG")), UC_ST_USAGE);
}

static void other_sources_are_built(void **state)
{
	(void)state;
	assert_int_equal(run("", WORDS("deb:hello")), UC_ST_NOINPUT);
	assert_string_equal(out, "unicore: deb:hello: build asked for\n");
	assert_int_equal(run("", WORDS("--rebuild", "deb:hello")), UC_ST_NOINPUT);
	assert_string_equal(out, "unicore: deb:hello: build asked for again\n");
}

static int setup(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	char *path = uc_path_join(dir, "kernel");
	int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	free(path);
	if (fd < 0 || fakevm_kernel(fd) || close(fd) || fakevm_libdir(dir))
		return -1;
	file_of("image.json", description);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	return uc_rmtree(dir);
}

#define ANALYSED(programs, libraries)                                           \
	"{\"exec\":\"/bin/prog\",\"calls\":\"static\",\"ulibs\":[\"ninep\"],"       \
	"\"ulibs_all\":[\"ninep\"],\"code\":{\"programs\":" programs ","            \
	"\"libraries\":" libraries ",\"folders\":[\"/etc\",\"/usr/lib/x\"]}}"

static void other_code_gets_every_call(void **state)
{
	static const char end[] = "ready;exit:0:0";

	(void)state;
	file_of("image.json", ANALYSED("false", "false"));
	assert_int_equal(run(end, WORDS("IMG")), 0);
	assert_int_equal(run(end, WORDS("-v", "/tmp:/data", "-e", "A=LD_X", "IMG")), 0);
	links("all\n", WORDS("-v", "/tmp:/usr/lib/x/y", "IMG"));
	links("all\n", WORDS("-v", "/tmp:/usr/../usr", "IMG"));
	links("all\n", WORDS("-e", "LD_PRELOAD=/x.so", "IMG"));
	links("all\n", WORDS("-e", "GCONV_PATH=/x", "IMG"));
	links("all\n", WORDS("--entrypoint", "/bin/other", "IMG"));
	links("all+trace\n", WORDS("--all-calls", "--trace", "IMG"));
	file_of("image.json", ANALYSED("false", "true"));
	links("all\n", WORDS("-v", "/tmp:/data", "IMG"));
	assert_int_equal(run(end, WORDS("IMG")), 0);
	file_of("image.json", ANALYSED("true", "false"));
	links("all\n", WORDS("-v", "/tmp:/data", "IMG"));
	assert_int_equal(run(end, WORDS("--entrypoint", "/bin/other", "IMG")), 0);
	file_of("image.json", description);
}

int main(int argc, char **argv)
{
	const char *script = getenv("UC_FAKEVM");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arguments_replace_the_images),
		cmocka_unit_test(the_environment_is_the_images_and_what_was_asked_for),
		cmocka_unit_test(identity_and_place),
		cmocka_unit_test(arguments_go_after_an_entry_point),
		cmocka_unit_test(a_command_without_entry_point_is_replaced),
		cmocka_unit_test(users_have_names),
		cmocka_unit_test(what_the_kernel_lacks_is_linked),
		cmocka_unit_test(other_code_gets_every_call),
		cmocka_unit_test(kernel_switches),
		cmocka_unit_test(a_dry_run_prints_the_command_line),
		cmocka_unit_test(what_is_of_one_platform_is_refused_on_the_other),
		cmocka_unit_test(other_sources_are_built),
	};

	if (script)
		return fakevm_main(argc, argv, script);
	/* No start could be kept of the program in place of QEMU: nowhere to keep it. */
	setenv("XDG_RUNTIME_DIR", "/proc", 1);
	return cmocka_run_group_tests(tests, setup, teardown);
}
