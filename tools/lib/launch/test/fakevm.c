// SPDX-License-Identifier: BSD-3-Clause
#include <elf.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <uc/abi/bootparam.h>
#include <uc/abi/firmware.h>
#include <uc/abi/mux.h>
#include <uc/abi/procfd.h>
#include <unicore/util.h>

#include "fakevm.h"

static int con = -1, early = -1;
static char **vm_argv;
static const char *initrd;

/* What the host has told so far. */
static struct {
	bool eof[3], have_time, have_winsize, have_termios;
	uint32_t signal;
	uint64_t window;
	struct uc_mux_winsize ws;
	uint8_t termios[44];
	uint8_t in[1 << 20];
	size_t in_len;
	uint64_t in_total;
} host = { .window = UC_MUX_WINDOW };

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "fakevm: %s\n", what);
	_exit(99);
}

static void send_all(int fd, const void *p, size_t n)
{
	const char *s = p;

	while (n) {
		ssize_t r = write(fd, s, n);

		must(r > 0, "console closed while writing");
		s += r;
		n -= (size_t)r;
	}
}

static bool nul; /* frames follow a NUL: they go out on the early port */

static void frame(unsigned type, unsigned stream, const void *p, uint32_t n)
{
	struct uc_mux_hdr h = { (uint8_t)type, (uint8_t)stream, 0, n };

	if (nul)
		send_all(con, "", 1);
	send_all(con, &h, sizeof(h));
	if (n)
		send_all(con, p, n);
}

static void read_all(void *p, size_t n)
{
	char *s = p;

	while (n) {
		ssize_t r = read(con, s, n);

		must(r > 0, "console closed");
		s += r;
		n -= (size_t)r;
	}
}

/* Takes one frame from the host. */
static void take(void)
{
	static uint8_t p[UC_MUX_MAX_PAYLOAD];
	struct uc_mux_hdr h;
	uint32_t n;

	read_all(&h, sizeof(h));
	must(h.len <= sizeof(p) && !h.zero, "bad frame from the host");
	read_all(p, h.len);
	memcpy(&n, p, sizeof(n));
	switch (h.type) {
	case UC_MUX_DATA:
		must(h.stream == UC_MUX_STDIN && host.in_len + h.len <= sizeof(host.in),
		     "stdin data");
		memcpy(host.in + host.in_len, p, h.len);
		host.in_len += h.len;
		host.in_total += h.len;
		break;
	case UC_MUX_EOF:
		host.eof[h.stream] = true;
		break;
	case UC_MUX_CREDIT:
		must(h.stream == UC_MUX_STDOUT || h.stream == UC_MUX_STDERR, "credit stream");
		if (h.stream == UC_MUX_STDOUT)
			host.window += n;
		break;
	case UC_MUX_SIGNAL:
		host.signal = n;
		break;
	case UC_MUX_TIME:
		host.have_time = true;
		break;
	case UC_MUX_WINSIZE:
		memcpy(&host.ws, p, sizeof(host.ws));
		host.have_winsize = true;
		break;
	case UC_MUX_TERMIOS:
		must(h.len == sizeof(host.termios), "termios length");
		memcpy(host.termios, p, h.len);
		host.have_termios = true;
		break;
	default:
		must(false, "unexpected frame");
	}
}

static void out(const void *p, size_t n)
{
	frame(UC_MUX_DATA, UC_MUX_STDOUT, p, (uint32_t)n);
}

static void text(const char *s)
{
	out(s, strlen(s));
}

static void credit(uint32_t n)
{
	frame(UC_MUX_CREDIT, 0, &n, sizeof(n));
}

static void big(uint64_t left, bool obey)
{
	static uint8_t block[16384];
	uint64_t at = 0;

	while (left) {
		uint32_t n = left < sizeof(block) ? (uint32_t)left : sizeof(block);

		while (obey && host.window < n && !host.eof[UC_MUX_STDOUT])
			take();
		if (host.eof[UC_MUX_STDOUT])
			return;
		for (uint32_t i = 0; i < n; i++)
			block[i] = (uint8_t)((uint32_t)(at + i) * 2654435761u >> 24);
		out(block, n);
		at += n;
		left -= n;
		if (obey)
			host.window -= n;
	}
}

static void cat(uint64_t limit)
{
	uint64_t asked = 0, given = 0;

	while (given < limit) {
		if (host.eof[UC_MUX_STDIN] && !host.in_len)
			return;
		if (asked == host.in_total && !host.eof[UC_MUX_STDIN]) {
			uint32_t n = limit - asked < 5000 ? (uint32_t)(limit - asked) : 5000;

			credit(n);
			asked += n;
		}
		if (!host.in_len) {
			take();
			continue;
		}
		must(host.in_total <= asked, "more stdin than credit");
		while (host.window < host.in_len)
			take();
		host.window -= host.in_len;
		out(host.in, host.in_len);
		given += host.in_len;
		host.in_len = 0;
		asked = asked > host.in_total ? asked : host.in_total;
		if (asked > host.in_total && given < limit)
			continue;
	}
}

/* The next value of a boot parameter after `after` (NULL: the first). NULL: there is none. */
static const char *param_next(const char *key, const char *after)
{
	static char data[1 << 20];
	static struct uc_bootbundle h;
	size_t k = strlen(key);

	if (!h.magic) {
		int fd = open(initrd, O_RDONLY);
		ssize_t n = read(fd, data, sizeof(data));

		must(n > (ssize_t)sizeof(h), "bundle is readable");
		memcpy(&h, data, sizeof(h));
		must(h.magic == UC_BOOTBUNDLE_MAGIC && h.version == UC_BOOTBUNDLE_VERSION,
		     "bundle header");
		must(h.params_off + h.params_len <= (uint64_t)n, "bundle parameters");
		must(h.root_off % 4096 == 0 && h.total_len % 4096 == 0, "bundle alignment");
		close(fd);
	}
	const char *p = after ? after + strlen(after) + 1 : data + h.params_off;
	for (; p < data + h.params_off + h.params_len; p += strlen(p) + 1)
		if (!strncmp(p, key, k) && p[k] == '=')
			return p + k + 1;
	return NULL;
}

/* Prints the values of a boot parameter, one a line. */
static void param(const char *key)
{
	for (const char *v = NULL; (v = param_next(key, v));) {
		text(v);
		text("\n");
	}
}

/* What a process of platform linux was started with: descriptors, limits, who it is. */
static void inventory(void)
{
	char line[256];
	struct stat st;

	for (int fd = 0; fd < 64; fd++) {
		if (fstat(fd, &st) < 0)
			continue;
		snprintf(line, sizeof(line), "fd %d %s %lld\n", fd,
			 S_ISSOCK(st.st_mode)   ? "socket"
			 : S_ISFIFO(st.st_mode) ? "pipe"
			 : S_ISCHR(st.st_mode)  ? "device"
						: "file",
			 S_ISREG(st.st_mode) ? (long long)st.st_size : 0LL);
		text(line);
	}
	snprintf(line, sizeof(line), "group %s, %s new privileges\n",
		 getpgrp() == getpid() ? "own" : "other",
		 prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? "no" : "with");
	text(line);
}

static void args(void)
{
	for (char **a = vm_argv; *a; a++) {
		text(*a);
		text("\n");
	}
}

static void number(const char *prefix, unsigned long v)
{
	char s[64];

	snprintf(s, sizeof(s), "%s%lu\n", prefix, v);
	text(s);
}

static void leave(const char *arg)
{
	struct uc_mux_exit e = { 0, 0 };
	char *colon;

	e.kind = (uint32_t)strtoul(arg, &colon, 10);
	e.value = (uint32_t)strtoul(colon + 1, NULL, 10);
	frame(UC_MUX_EXIT, 0, &e, sizeof(e));
	for (;;)
		pause(); /* the host ends us */
}

static void wait_event(const char *w, const char *arg)
{
	if (!strcmp(w, "signal")) {
		while (!host.signal)
			take();
		number("signal ", host.signal);
		host.signal = 0;
	} else if (!strcmp(w, "eof")) {
		while (!host.eof[strtoul(arg, NULL, 10)])
			take();
	} else if (!strcmp(w, "time")) {
		frame(UC_MUX_TIME_REQ, 0, NULL, 0);
		while (!host.have_time)
			take();
		text("time\n");
	} else if (!strcmp(w, "winsize")) {
		while (!host.have_winsize)
			take();
		host.have_winsize = false;
		number("rows ", host.ws.rows);
	} else if (!strcmp(w, "raw")) {
		while (!host.have_termios)
			take();
		memset(host.termios + 12, 0, 4); /* c_lflag */
		frame(UC_MUX_TERMIOS, 0, host.termios, sizeof(host.termios));
	}
}

/* The frames that follow go out on the early port (true) or the console. */
static void early_frames(bool on)
{
	static int channel = -1;

	if (channel < 0)
		channel = con;
	con = on ? early : channel;
	nul = on;
}

static void word(const char *w, const char *arg)
{
	uint64_t n = strtoull(arg, NULL, 10);

	if (!strcmp(w, "ready"))
		frame(UC_MUX_READY, 0, NULL, 0);
	else if (!strcmp(w, "out"))
		text(arg);
	else if (!strcmp(w, "err"))
		frame(UC_MUX_DATA, UC_MUX_STDERR, arg, (uint32_t)strlen(arg));
	else if (!strcmp(w, "log"))
		frame(UC_MUX_DATA, UC_MUX_LOG, arg, (uint32_t)strlen(arg));
	else if (!strcmp(w, "stats"))
		frame(UC_MUX_STATS, 0, arg, (uint32_t)strlen(arg));
	else if (!strcmp(w, "early"))
		send_all(early, arg, strlen(arg));
	else if (!strcmp(w, "frames"))
		early_frames(!strcmp(arg, "early"));
	else if (!strcmp(w, "vmm"))
		fprintf(stderr, "%s\n", arg);
	else if (!strcmp(w, "big") || !strcmp(w, "flood"))
		big(n, w[0] == 'b');
	else if (!strcmp(w, "cat"))
		cat(UINT64_MAX);
	else if (!strcmp(w, "take"))
		cat(n);
	else if (!strcmp(w, "param"))
		param(arg);
	else if (!strcmp(w, "args"))
		args();
	else if (!strcmp(w, "inventory"))
		inventory();
	else if (!strcmp(w, "exit"))
		leave(arg);
	else if (!strcmp(w, "die"))
		_exit((int)n);
	else if (!strcmp(w, "kill"))
		raise((int)n);
	else if (!strcmp(w, "garbage"))
		send_all(con, "this is no frame", 16);
	else if (!strcmp(w, "sleep"))
		nanosleep(&(struct timespec){ (time_t)(n / 1000), (long)(n % 1000) * 1000000 },
			  NULL);
	else
		wait_event(w, arg);
}

static int fd_of(const char *arg, const char *id)
{
	const char *p = strstr(arg, id);

	p = p ? strstr(p, "fd=") : NULL;
	return p ? (int)strtol(p + 3, NULL, 10) : -1;
}

bool fakevm_is_process(int argc, char **argv)
{
	return argc == 1 && !strcmp(argv[0], "unicore");
}

/* A kernel process has no environment: the script is in the program's. */
static const char *process_script(void)
{
	static const char name[] = "UC_FAKEVM=";

	initrd = "/proc/self/fd/3";
	con = UC_PROCFD_CONSOLE;
	early = UC_PROCFD_TEXT;
	for (const char *v = NULL; (v = param_next("env", v));)
		if (!strncmp(v, name, sizeof(name) - 1))
			return v + sizeof(name) - 1;
	must(false, "there is a script");
	return "";
}

int fakevm_main(int argc, char **argv, const char *script)
{
	static const char file[] = "loader,file=", loader[] = "loader,file=/proc/self/fd/";
	char *s = strdup(fakevm_is_process(argc, argv) ? process_script() : script), *next = s;

	vm_argv = argv;
	for (int i = 1; i + 1 < argc; i++) {
		if (!strcmp(argv[i], "-chardev") && strstr(argv[i + 1], "id=con"))
			con = fd_of(argv[i + 1], "id=con");
		if (!strcmp(argv[i], "-chardev") && strstr(argv[i + 1], "id=early"))
			early = fd_of(argv[i + 1], "id=early");
		if (!strcmp(argv[i], "-initrd"))
			initrd = argv[i + 1];
		if (!strcmp(argv[i], "-device") && !strncmp(argv[i + 1], loader, strlen(loader)))
			initrd = strndup(argv[i + 1] + strlen(file),
					 strcspn(argv[i + 1] + strlen(file), ","));
	}
	must(con >= 0 && early >= 0 && initrd,
	     "console, early text and bundle on the command line");
	while (next && *next) {
		char *w = strsep(&next, ";"), *colon = strchr(w, ':');

		if (colon)
			*colon = 0;
		word(w, colon ? colon + 1 : "");
	}
	free(s);
	return 0;
}

int fakevm_libdir(const char *dir)
{
	char *arch = uc_path_join(dir, "x86_64"), *rom = uc_path_join(arch, "firmware.bin");
	static const char code[UC_FIRMWARE_CODE];
	int r = uc_mkdirs(arch, 0700);

	if (!r) r = uc_file_write(rom, code, sizeof(code), 0600);
	if (!r) r = setenv("UNICORE_LIBDIR", dir, 1);
	free(rom);
	free(arch);
	return r;
}

int fakevm_kernel(int fd)
{
	struct {
		Elf64_Ehdr h;
		Elf64_Phdr p, note;
		Elf64_Nhdr n;
		char name[4];
		uint64_t entry;
	} k = {
		.h = { .e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
		       .e_type = ET_DYN,
		       .e_machine = EM_X86_64,
		       .e_phoff = sizeof(Elf64_Ehdr),
		       .e_phentsize = sizeof(Elf64_Phdr),
		       .e_phnum = 2 },
		.p = { .p_type = PT_LOAD,
		       .p_paddr = 1 << 20,
		       .p_filesz = sizeof(k),
		       .p_memsz = 4096 },
		.note = { .p_type = PT_NOTE, .p_offset = offsetof(__typeof__(k), n) },
		.n = { .n_namesz = 4, .n_descsz = 8, .n_type = 18 },
		.name = "Xen",
		.entry = 1 << 20,
	};

	return write(fd, &k, sizeof(k)) == (ssize_t)sizeof(k) ? 0 : -1;
}
