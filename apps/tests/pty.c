// SPDX-License-Identifier: BSD-3-Clause
// Pseudo-terminals: line discipline, job control, hang-ups. What is displayed is printed.
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static void show(const char *what, const char *s, ssize_t n)
{
	printf("%s:", what);
	for (ssize_t i = 0; i < n; i++)
		printf(s[i] >= ' ' && s[i] < 127 ? "%c" : "<%02x>", (unsigned char)s[i]);
	putchar('\n');
}

static ssize_t ready(int fd)
{
	int n = 0;
	ioctl(fd, FIONREAD, &n);
	return n;
}

/* On Linux a worker carries what the other side wrote; asking for input waits for it. */
static int settled(int fd)
{
	struct pollfd p = { fd, POLLIN, 0 };
	return poll(&p, 1, 0);
}

/* Types at the master, then shows what it displays and what the program reads. As long as there is
 * something to read nothing waits for the worker: all is read before it is shown. */
static void type(int m, int s, const char *keys, size_t n)
{
	char display[8192], in[8192];
	size_t shown = 0, lines = 0, from = 0, end[64];
	ssize_t r = 1, d;
	CHECK(write(m, keys, n) == (ssize_t)n);
	do {
		if (r > 0 && settled(s) == 1) {
			r = read(s, in + from, sizeof(in) - from);
			end[lines++] = from += r > 0 ? (size_t)r : 0;
		}
		d = settled(m) == 1 ? read(m, display + shown, sizeof(display) - shown) : 0;
		shown += d > 0 ? (size_t)d : 0;
	} while (d > 0 || (r > 0 && settled(s) == 1));
	show("display", display, (ssize_t)shown);
	for (size_t i = 0; i < lines; i++)
		show("read", in + (i ? end[i - 1] : 0), (ssize_t)(end[i] - (i ? end[i - 1] : 0)));
}
#define TYPE(keys) type(m, s, keys, sizeof(keys) - 1)

static void set(int fd, tcflag_t iflag, tcflag_t oflag, tcflag_t lflag, int min, int time)
{
	struct termios t;
	CHECK(tcgetattr(fd, &t) == 0);
	t.c_iflag = iflag;
	t.c_oflag = oflag;
	t.c_lflag = lflag;
	t.c_cc[VMIN] = (cc_t)min;
	t.c_cc[VTIME] = (cc_t)time;
	CHECK(tcsetattr(fd, TCSANOW, &t) == 0);
}

#define LINE (ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN)

static void opening(void)
{
	int m = open("/dev/ptmx", O_RDWR | O_NOCTTY);
	CHECK(m >= 0);
	char *name = ptsname(m);
	CHECK(name && strncmp(name, "/dev/pts/", 9) == 0);
	CHECK_ERR(open(name, O_RDWR | O_NOCTTY), EIO); /* locked */
	CHECK(grantpt(m) == 0 && unlockpt(m) == 0);
	int s = open(name, O_RDWR | O_NOCTTY);
	struct stat st;
	CHECK(s >= 0 && isatty(s) && isatty(m) && strcmp(ttyname(s), name) == 0);
	CHECK(fstat(s, &st) == 0 && S_ISCHR(st.st_mode) && st.st_uid == getuid());
	CHECK_ERR(tcgetpgrp(s), ENOTTY);
	CHECK_ERR(lseek(s, 0, SEEK_SET), ESPIPE);
	struct termios t;
	CHECK(tcgetattr(s, &t) == 0);
	printf("%x %x %x %x:", t.c_iflag, t.c_oflag, t.c_cflag, t.c_lflag);
	for (int i = 0; i < 17; i++) printf(" %d", t.c_cc[i]);
	putchar('\n');
	struct winsize w = { 0 }, w2 = { 24, 80, 0, 0 };
	CHECK(ioctl(m, TIOCGWINSZ, &w) == 0 && w.ws_row == 0);
	CHECK(ioctl(m, TIOCSWINSZ, &w2) == 0 && ioctl(s, TIOCGWINSZ, &w) == 0 && w.ws_col == 80);
	char peer[64];
	int again = ioctl(m, TIOCGPTPEER, O_RDWR | O_NOCTTY);
	CHECK(again >= 0 && ttyname_r(again, peer, sizeof(peer)) == 0 && strcmp(peer, name) == 0);
	close(again);
	strcpy(peer, name);
	close(m);
	char c;
	CHECK(read(s, &c, 1) == 0);
	CHECK_ERR(write(s, &c, 1), EIO);
	CHECK_ERR(tcgetattr(s, &t), EIO);
	struct pollfd p = { s, POLLIN | POLLOUT, 0 };
	CHECK(poll(&p, 1, 0) == 1 && p.revents & POLLHUP);
	CHECK_ERR(access(peer, F_OK), ENOENT);
	close(s);
}

static void lines(int m, int s)
{
	TYPE("hello\n");
	TYPE("helo\177lo\r");
	TYPE("one two  three\027\027x\n");
	TYPE("abc\025new\n");
	TYPE("a\tb\177\177c\n");
	TYPE("ctl\001\002\n");
	TYPE("dropped\003kept\n");
	TYPE("\026\003lit\n");
	TYPE("not yet");
	TYPE("\004");
	TYPE("\004");
	TYPE("two\nlines\n");
	TYPE("re\022print\n");
	set(s, ICRNL | IXON, OPOST | ONLCR, LINE & ~ECHO, 1, 0);
	TYPE("secret\n");
	set(s, ICRNL | IXON, OPOST | ONLCR, (LINE & ~ECHO) | ECHONL, 1, 0);
	TYPE("secret\n");
	set(s, ICRNL | IXON, OPOST | ONLCR, LINE & ~(ECHOE | ECHOKE | ECHOCTL), 1, 0);
	TYPE("ab\177c\025d\001\n");
	set(s, ICRNL | IXON | IUTF8, OPOST | ONLCR, LINE, 1, 0);
	TYPE("\303\244\303\266\177x\n");
	set(s, IGNCR, OPOST | ONLCR, LINE, 1, 0);
	TYPE("a\rb\n");
	set(s, INLCR, OPOST | OCRNL | XTABS, LINE, 1, 0);
	CHECK(write(s, "1\t2\r3\n", 6) == 6);
	TYPE("x\ny\004");
	char many[5000];
	memset(many, 'm', sizeof(many));
	set(s, ICRNL, OPOST | ONLCR, LINE & ~ECHO, 1, 0);
	CHECK(write(m, many, sizeof(many)) == 5000 && write(m, "\n", 1) == 1);
	CHECK(read(s, many, sizeof(many)) == 4096 && many[4095] == '\n');
}

static void raw(int m, int s)
{
	char c[8];
	set(s, 0, 0, 0, 1, 0);
	TYPE("a\003\r\n\004\177");
	CHECK(write(s, "x\ny", 3) == 3);
	TYPE("");
	set(s, 0, 0, 0, 0, 0);
	CHECK(read(s, c, 8) == 0);
	set(s, 0, 0, 0, 0, 1);
	CHECK(read(s, c, 8) == 0);
	set(s, 0, 0, 0, 3, 1);
	CHECK(write(m, "12", 2) == 2 && read(s, c, 8) == 2);
	set(s, 0, 0, 0, 3, 0);
	CHECK(write(m, "12", 2) == 2 && settled(s) == 0);
	CHECK(write(m, "34", 2) == 2 && settled(s) == 1 && read(s, c, 8) == 4);
	CHECK(fcntl(s, F_SETFL, O_RDWR | O_NONBLOCK) == 0);
	CHECK_ERR(read(s, c, 8), EAGAIN);
	CHECK(fcntl(m, F_SETFL, O_RDWR | O_NONBLOCK) == 0);
	CHECK_ERR(read(m, c, 8), EAGAIN);
	set(s, IXON, 0, 0, 1, 0);
	CHECK(write(m, "\023", 1) == 1 && settled(s) == 0);
	CHECK_ERR(write(s, "z", 1), EAGAIN); /* stopped */
	CHECK(write(m, "\021", 1) == 1 && settled(s) == 0);
	CHECK(write(s, "z", 1) == 1 && settled(m) == 1);
	CHECK(ready(m) == 1 && read(m, c, 8) == 1 && c[0] == 'z');
	CHECK(write(m, "flush me", 8) == 8 && settled(s) == 1);
	CHECK(ready(s) == 8 && tcflush(s, TCIFLUSH) == 0 && ready(s) == 0);
	fcntl(s, F_SETFL, O_RDWR);
	fcntl(m, F_SETFL, O_RDWR);
	close(s);
	CHECK_ERR(read(m, c, 8), EIO);
	struct pollfd p = { m, POLLIN, 0 };
	CHECK(poll(&p, 1, 0) == 1 && p.revents == POLLHUP);
}

static volatile sig_atomic_t signals;

static void on_signal(int sig)
{
	char c = sig == SIGINT ? 'I' : sig == SIGWINCH ? 'W' : sig == SIGHUP ? 'H' : 'C';
	(void)!write(STDOUT_FILENO, &c, 1);
	signals++;
}

static void await_signals(int n)
{
	while (signals < n) usleep(1000);
}

/* Reads the master until `end` was displayed. */
static void expect(int m, const char *end)
{
	char buf[4096] = "";
	size_t n = 0;
	while (n < sizeof(buf) - 1 && !strstr(buf, end)) {
		ssize_t r = read(m, buf + n, sizeof(buf) - 1 - n);
		if (r <= 0) break;
		n += (size_t)r;
		buf[n] = 0;
	}
	CHECK(strstr(buf, end) != NULL);
	show("displayed", buf, (ssize_t)n);
}

static void session(void)
{
	int m, status;
	fflush(stdout);
	pid_t pid = forkpty(&m, NULL, NULL, NULL);
	if (pid == 0) {
		/* Linux sends the signal, then drops pending output, then displays the key: only
		 * without these is it known what comes first. */
		set(0, ICRNL | IXON, OPOST | ONLCR, (LINE & ~ECHO) | NOFLSH, 1, 0);
		signal(SIGINT, on_signal);
		signal(SIGWINCH, on_signal);
		int tty = open("/dev/tty", O_RDWR), ok;
		ok = tty >= 0 && getsid(0) == getpid() && tcgetpgrp(0) == getpgrp() &&
		     tcgetsid(0) == getpid() && isatty(tty);
		dprintf(1, ok ? "leader\n" : "wrong\n");
		await_signals(2);
		pid_t job = fork(); /* a background job that reads is stopped */
		if (job == 0) {
			char c;
			setpgid(0, 0);
			(void)!read(0, &c, 1);
			_exit(c == 'q' ? 9 : 1);
		}
		waitpid(job, &status, WUNTRACED);
		dprintf(1, WIFSTOPPED(status) && WSTOPSIG(status) == SIGTTIN ? "stopped\n" : "?\n");
		signal(SIGTTOU, SIG_IGN);
		tcsetpgrp(0, job);
		kill(-job, SIGCONT);
		waitpid(job, &status, 0);
		tcsetpgrp(0, getpgrp());
		dprintf(1, "job %d\n", WEXITSTATUS(status));
		_exit(5);
	}
	expect(m, "leader\r\n");
	CHECK(write(m, "\003", 1) == 1);
	expect(m, "I");
	struct winsize w = { 10, 20, 0, 0 };
	CHECK(ioctl(m, TIOCSWINSZ, &w) == 0);
	expect(m, "stopped\r\n");
	CHECK(write(m, "q\n", 2) == 2);
	expect(m, "job 9\r\n");
	CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 5);
	char c;
	CHECK_ERR(read(m, &c, 1), EIO);
	close(m);
}

static void hangups(void)
{
	int m, status, p[2], up[2];
	char c = 0;
	CHECK(pipe(p) == 0 && pipe(up) == 0);
	pid_t pid = forkpty(&m, NULL, NULL, NULL);
	if (pid == 0) {
		dup2(p[1], 1);
		signal(SIGHUP, on_signal);
		(void)!write(1, "r", 1);
		await_signals(1);
		_exit(open("/dev/tty", O_RDWR) == -1 && errno == ENXIO ? 3 : 4);
	}
	CHECK(read(p[0], &c, 1) == 1 && c == 'r');
	close(m);
	CHECK(read(p[0], &c, 1) == 1 && c == 'H');
	CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 3);
	/* The leader's end hangs up on the foreground group. */
	pid = forkpty(&m, NULL, NULL, NULL);
	if (pid == 0) {
		dup2(p[1], 1);
		if (fork() == 0) {
			signal(SIGHUP, on_signal);
			(void)!write(1, "r", 1);
			(void)!write(up[1], "u", 1);
			await_signals(1);
			_exit(0);
		}
		(void)!read(up[0], &c, 1);
		_exit(0);
	}
	CHECK(read(p[0], &c, 1) == 1 && c == 'r' && read(p[0], &c, 1) == 1 && c == 'H');
	CHECK(waitpid(pid, &status, 0) == pid);
	close(m);
}

int main(void)
{
	int m, s;
	opening();
	CHECK(openpty(&m, &s, NULL, NULL, NULL) == 0);
	lines(m, s);
	raw(m, s);
	close(m);
	session();
	hangups();
	return check_done();
}
