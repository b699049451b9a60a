// SPDX-License-Identifier: BSD-3-Clause
// O_ASYNC: signals when pipes, sockets and terminals have something to read or room again.
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

static volatile sig_atomic_t count, code, fd_said, sig_said;
static volatile long band;

static void on_signal(int sig, siginfo_t *si, void *c)
{
	count++;
	sig_said = sig;
	code = si->si_code;
	fd_said = si->si_fd;
	band = si->si_band;
}

static void forget(void)
{
	count = code = fd_said = sig_said = 0;
	band = 0;
}

/* What has come since; the number of signals is not Linux's promise. */
static void say(const char *what, int fd)
{
	usleep(20000);
	printf("%s: %s", what, count ? "a signal" : "none");
	if (count && sig_said == SIGRTMIN)
		printf(" code %d band %lx, of the descriptor %d", code, band, fd == fd_said);
	else if (count)
		printf(" %d code %d", sig_said, code);
	puts("");
	forget();
}

/* A signal comes. */
static void show(const char *what, int fd)
{
	for (int k = 0; k < 20000 && !count; k++)
		usleep(1000);
	say(what, fd);
}

static void set_async(int fd, int sig)
{
	int on = fcntl(fd, F_GETFL);

	CHECK(fcntl(fd, F_SETOWN, getpid()) == 0 && fcntl(fd, F_SETSIG, sig) == 0);
	CHECK(fcntl(fd, F_GETSIG) == sig);
	CHECK(fcntl(fd, F_SETFL, on | O_ASYNC) == 0);
	CHECK(fcntl(fd, F_GETFL) & O_ASYNC);
}

static void pipes(int sig)
{
	static char buf[65536];
	int p[2];

	puts("pipe");
	CHECK(pipe(p) == 0);
	set_async(p[0], sig);
	say("nothing", p[0]);
	CHECK(write(p[1], "x", 1) == 1);
	show("data", p[0]);
	CHECK(fcntl(p[0], F_SETFL, 0) == 0 && !(fcntl(p[0], F_GETFL) & O_ASYNC));
	CHECK(write(p[1], "x", 1) == 1);
	say("switched off", p[0]);
	set_async(p[0], sig);
	set_async(p[1], sig);
	fcntl(p[0], F_SETFL, O_NONBLOCK | O_ASYNC);
	fcntl(p[1], F_SETFL, O_NONBLOCK | O_ASYNC);
	while (write(p[1], buf, sizeof(buf)) > 0)
		;
	forget();
	while (read(p[0], buf, sizeof(buf)) > 0)
		;
	show("room", p[1]);
	close(p[1]);
	show("no writer", p[0]);
	close(p[0]);
}

static void stream(const char *name, int s[2], int sig)
{
	static char buf[4096];

	puts(name);
	set_async(s[1], sig);
	CHECK(write(s[0], "x", 1) == 1);
	show("data", s[1]);
	CHECK(read(s[1], buf, sizeof(buf)) == 1);
	CHECK(write(s[1], "x", 1) == 1);
	say("sent", s[1]);
	fcntl(s[1], F_SETFL, O_NONBLOCK | O_ASYNC);
	while (write(s[1], buf, sizeof(buf)) > 0)
		;
	forget();
	fcntl(s[0], F_SETFL, O_NONBLOCK);
	do
		while (read(s[0], buf, sizeof(buf)) > 0)
			;
	while (poll(&(struct pollfd){ s[0], POLLIN, 0 }, 1, 50) > 0);
	show("room", s[1]);
	shutdown(s[0], SHUT_WR);
	show("half closed", s[1]);
	close(s[0]);
	close(s[1]);
}

static void tcp(int s[2])
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int l = socket(AF_INET, SOCK_STREAM, 0);
	socklen_t n = sizeof(a);

	CHECK(bind(l, (struct sockaddr *)&a, n) == 0 && listen(l, 1) == 0);
	getsockname(l, (struct sockaddr *)&a, &n);
	set_async(l, SIGRTMIN);
	s[0] = socket(AF_INET, SOCK_STREAM, 0);
	CHECK(connect(s[0], (struct sockaddr *)&a, n) == 0);
	show("a connection", l);
	s[1] = accept(l, NULL, NULL);
	CHECK(!(fcntl(s[1], F_GETFL) & O_ASYNC));
	close(l);
}

static void datagrams(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int u = socket(AF_INET, SOCK_DGRAM, 0), on = 1;
	socklen_t n = sizeof(a);

	puts("UDP, FIOASYNC");
	CHECK(bind(u, (struct sockaddr *)&a, n) == 0);
	getsockname(u, (struct sockaddr *)&a, &n);
	CHECK(fcntl(u, F_SETOWN, getpid()) == 0);
	CHECK(ioctl(u, FIOASYNC, &on) == 0 && fcntl(u, F_GETFL) & O_ASYNC);
	CHECK(sendto(u, "x", 1, 0, (struct sockaddr *)&a, n) == 1);
	show("a message", u);
	on = 0;
	CHECK(ioctl(u, FIOASYNC, &on) == 0);
	CHECK(sendto(u, "x", 1, 0, (struct sockaddr *)&a, n) == 1);
	say("switched off", u);
	close(u);
}

static void terminal(void)
{
	struct termios t;
	int m, s;
	char c;

	puts("terminal");
	CHECK(openpty(&m, &s, NULL, NULL, NULL) == 0);
	tcgetattr(s, &t);
	cfmakeraw(&t);
	tcsetattr(s, TCSANOW, &t);
	set_async(s, SIGRTMIN);
	CHECK(write(m, "x", 1) == 1);
	show("typed", s);
	CHECK(read(s, &c, 1) == 1);
	say("read", s);
	close(s);
	close(m);
}

static void other_files(void)
{
	int e = eventfd(0, EFD_NONBLOCK), f = open("/proc/self/exe", O_RDONLY), on = 1;

	puts("others");
	CHECK(fcntl(e, F_SETOWN, getpid()) == 0);
	CHECK(fcntl(e, F_SETFL, O_ASYNC | O_NONBLOCK) == 0 && !(fcntl(e, F_GETFL) & O_ASYNC));
	CHECK_ERR(ioctl(e, FIOASYNC, &on), ENOTTY);
	eventfd_write(e, 1);
	say("event", e);
	CHECK(fcntl(f, F_SETFL, O_ASYNC) == 0 && !(fcntl(f, F_GETFL) & O_ASYNC));
	CHECK_ERR(ioctl(f, FIOASYNC, &on), ENOTTY);
	CHECK_ERR(fcntl(f, F_SETSIG, 65), EINVAL);
	close(e);
	close(f);
}

static void by_descriptor(void)
{
	struct signalfd_siginfo si;
	sigset_t set;
	int p[2], s;

	puts("signalfd");
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	s = signalfd(-1, &set, 0);
	CHECK(pipe(p) == 0);
	set_async(p[0], SIGRTMIN);
	CHECK(write(p[1], "x", 1) == 1);
	CHECK(read(s, &si, sizeof(si)) == sizeof(si));
	printf("code %d band %x, of the descriptor %d\n", si.ssi_code, si.ssi_band,
	       si.ssi_fd == p[0]);
	close(p[0]);
	close(p[1]);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void owner_of_another_user(void)
{
	int p[2], go[2], status;
	pid_t child;
	char c;

	puts("without the right");
	CHECK(pipe(p) == 0 && pipe(go) == 0);
	child = fork();
	if (child == 0) {
		if (setuid(1) < 0)
			_exit(1);
		fcntl(p[0], F_SETOWN, getppid()); /* it is root's */
		fcntl(p[0], F_SETFL, O_ASYNC);
		write(go[1], "x", 1);
		_exit(0);
	}
	read(go[0], &c, 1);
	waitpid(child, &status, 0);
	CHECK(write(p[1], "x", 1) == 1);
	say("data", p[0]);
	CHECK(fcntl(p[0], F_SETOWN, child) == -1);
}

int main(void)
{
	struct sigaction a = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_RESTART };
	int s[2];

	sigaction(SIGIO, &a, NULL);
	sigaction(SIGRTMIN, &a, NULL);
	sigaction(SIGUSR1, &a, NULL);
	pipes(0);
	pipes(SIGRTMIN);
	pipes(SIGIO);
	pipes(SIGUSR1);
	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0);
	stream("unix", s, SIGRTMIN);
	tcp(s);
	stream("TCP", s, SIGRTMIN);
	datagrams();
	terminal();
	other_files();
	by_descriptor();
	if (geteuid() == 0)
		owner_of_another_user();
	return check_done();
}
