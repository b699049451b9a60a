// SPDX-License-Identifier: BSD-3-Clause
/* Sockets and the course of the handshake. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <unicore/memif.h>
#include <unicore/msg.h>
#include <unicore/util.h>

#include "wire.h"

#define LOG2           10u /* of the descriptors of our rings */
#define LISTENS_WITHIN (10 * MEMIF_SECOND)
#define ANSWERS_WITHIN (5 * MEMIF_SECOND)
#define ASK_AGAIN      (MEMIF_SECOND / 50)
#define BELL_BYTES     4096

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void uc_memif_close(struct uc_memif *m)
{
	int *const all[] = { &m->wake_in, &m->wake_out, &m->told, &m->control,
			     &m->bell_in, &m->bell_out, &m->in,   &m->out };

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		close_fd(all[i]);
	for (unsigned i = 0; i < UC_MEMIF_REGIONS; i++)
		close_fd(&m->region[i]);
}

/* ---- the socket ---- */
static int new_socket(const char *path, struct sockaddr_un *a, socklen_t *len)
{
	size_t n = strlen(path);

	*a = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (n >= sizeof(a->sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(a->sun_path, path, n);
	*len = sizeof(*a);
	if (*path == '@') {
		a->sun_path[0] = 0;
		*len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
	}
	return socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
}

/* Connected, or -1. */
static int try_connect(const char *path)
{
	struct sockaddr_un a;
	socklen_t len;
	int fd = new_socket(path, &a, &len);

	if (fd < 0 || connect(fd, (struct sockaddr *)&a, len) == 0)
		return fd;
	int err = errno;
	close(fd);
	errno = err;
	return -1;
}

static int wait_for_listener(const char *path)
{
	uint64_t deadline = uc_now_ns() + LISTENS_WITHIN;
	int fd;

	while ((fd = try_connect(path)) < 0 && (errno == ENOENT || errno == ECONNREFUSED) &&
	       uc_now_ns() < deadline) {
		int err = errno;

		memif_wait(-1, uc_now_ns() + ASK_AGAIN);
		errno = err;
	}
	return fd;
}

/* A file that a server before us left does not hinder. */
static int listen_at(const char *path)
{
	struct sockaddr_un a;
	socklen_t len;
	int fd = new_socket(path, &a, &len), other;

	if (fd < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)&a, len) == 0 && listen(fd, 1) == 0)
		return fd;
	if (errno == EADDRINUSE && *path != '@') {
		other = try_connect(path);
		if (other >= 0)
			close(other);
		else if (errno == ECONNREFUSED && unlink(path) == 0 &&
			 bind(fd, (struct sockaddr *)&a, len) == 0 && listen(fd, 1) == 0)
			return fd;
		errno = EADDRINUSE;
	}
	int err = errno;
	close(fd);
	errno = err;
	return -1;
}

/* ---- wake-ups ---- */
static bool is_pipe(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode);
}

/* The same pipe as a file of its own, so that what the peer does to its one is not done to ours. */
static int open_again(int pipe, int mode)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", pipe);
	return open(path, mode | O_NONBLOCK | O_CLOEXEC);
}

/* Pipes to the peer. Its ends are open both ways: it would get a signal for ringing when we are
 * gone. Of few bytes: who rings often enough is not heard more often. */
static bool make_bell(int *ours, int mode, int *peers)
{
	int p[2];

	if (pipe2(p, O_CLOEXEC | O_NONBLOCK) < 0)
		return false;
	*ours = p[mode == O_WRONLY];
	*peers = open_again(p[0], O_RDWR);
	close(p[mode != O_WRONLY]);
	fcntl(*ours, F_SETPIPE_SZ, BELL_BYTES);
	return *peers >= 0;
}

/* A pipe that the peer has made is for the kernel, too. */
static bool take_bells(struct uc_memif *m)
{
	if (!is_pipe(m->bell_in) || !is_pipe(m->bell_out))
		return false;
	m->wake_in = open_again(m->bell_in, O_RDONLY);
	m->wake_out = open_again(m->bell_out, O_WRONLY);
	if (m->wake_in < 0 || m->wake_out < 0) {
		close_fd(&m->wake_in);
		close_fd(&m->wake_out);
		return false;
	}
	close_fd(&m->bell_in);
	close_fd(&m->bell_out);
	return true;
}

/* Between the kernel and us, where the peer has made eventfds: writing to one could block, and
 * reading it raises no signal. */
static bool make_wakes(struct uc_memif *m)
{
	int p[2];

	if (pipe2(p, O_CLOEXEC | O_NONBLOCK) < 0)
		return false;
	m->wake_in = p[0];
	m->in = p[1];
	if (pipe2(p, O_CLOEXEC | O_NONBLOCK) < 0)
		return false;
	m->out = p[0];
	m->wake_out = p[1];
	return true;
}

static bool tell_kernel(struct uc_memif *m)
{
	int p[2];
	bool said;

	if (pipe2(p, O_CLOEXEC) < 0)
		return false;
	m->told = p[0];
	said = write(p[1], &m->layout, sizeof(m->layout)) == sizeof(m->layout);
	close(p[1]);
	return said;
}

/* ---- client ---- */
static const char *gone = "it has closed the connection";

/* What a server says on its way out, as far as it is text. */
static const char *reason(const struct memif_msg *m)
{
	static char text[sizeof(m->disconnect.text) + 1];

	memcpy(text, m->disconnect.text, sizeof(m->disconnect.text));
	for (char *p = text; *p; p++)
		if (!isprint((unsigned char)*p))
			*p = '?';
	return *text ? text : "it gives up";
}

static const char *expect(int fd, enum memif_type type, struct memif_msg *m)
{
	int with;
	const char *why = memif_receive(fd, m, &with, uc_now_ns() + ANSWERS_WITHIN);

	if (with >= 0)
		close(with);
	if (why)
		return why;
	if (m->type == MEMIF_DISCONNECT)
		return reason(m);
	return m->type == type ? NULL : "it does not keep to memif's order of messages";
}

static const char *say(int fd, const struct memif_msg *m, int with, enum memif_type answer)
{
	struct memif_msg in;

	return memif_send(fd, m, with) ? expect(fd, answer, &in) : gone;
}

static const char *say_ring(struct uc_memif *m, unsigned i, int bell)
{
	const struct uc_memif_place *p = &m->layout.ring[i];
	struct memif_msg out = { .type = MEMIF_ADD_RING };

	out.ring.flags = i == UC_MEMIF_TO_SERVER ? MEMIF_RING_TO_SERVER : 0;
	out.ring.offset = p->offset;
	out.ring.log2 = p->log2;
	return say(m->control, &out, bell, MEMIF_ACK);
}

static const char *say_all(struct uc_memif *m, uint32_t id, uint64_t bytes)
{
	struct memif_msg init = { .type = MEMIF_INIT, .init = { .name = "unicore" } };
	struct memif_msg region = { .type = MEMIF_ADD_REGION };
	struct memif_msg connect = { .type = MEMIF_CONNECT, .name = "unicore" };
	const char *why;

	init.init.version = MEMIF_VERSION;
	init.init.id = id;
	region.region.size = bytes;
	why = say(m->control, &init, -1, MEMIF_ACK);
	if (!why)
		why = say(m->control, &region, m->region[0], MEMIF_ACK);
	if (!why)
		why = say_ring(m, UC_MEMIF_TO_SERVER, m->bell_out);
	if (!why)
		why = say_ring(m, UC_MEMIF_TO_CLIENT, m->bell_in);
	return why ? why : say(m->control, &connect, -1, MEMIF_CONNECTED);
}

static const char *greet_server(struct uc_memif *m, uint32_t id)
{
	struct memif_msg hello;
	struct stat st;
	const char *why = expect(m->control, MEMIF_HELLO, &hello);
	unsigned log2 = LOG2;

	if (why)
		return why;
	if (hello.hello.min_version > MEMIF_VERSION || hello.hello.max_version < MEMIF_VERSION)
		return "it has another version of memif";
	if (hello.hello.max_log2 < log2)
		log2 = hello.hello.max_log2;
	m->region[0] = memif_make_memory(log2, &m->layout);
	if (m->region[0] < 0 || fstat(m->region[0], &st) < 0 ||
	    !make_bell(&m->wake_in, O_RDONLY, &m->bell_in) ||
	    !make_bell(&m->wake_out, O_WRONLY, &m->bell_out) || !tell_kernel(m))
		return "there is no memory to share with it";
	why = say_all(m, id, (uint64_t)st.st_size);
	close_fd(&m->bell_in); /* the peer's now: the pipe ends with it */
	close_fd(&m->bell_out);
	return why;
}

static int open_client(const struct uc_memif_opts *o, struct uc_memif *m)
{
	const char *why;

	m->control = wait_for_listener(o->path);
	if (m->control < 0)
		return uc_fail_os(UC_ST_UNAVAILABLE, o->path,
				  "start the peer first, as memif's server", errno,
				  "cannot connect to it");
	why = greet_server(m, o->id);
	return why ? uc_fail(UC_ST_UNAVAILABLE, o->path, NULL, "no connection to the peer: %s", why)
		   : 0;
}

/* ---- server ---- */
static const char *listen_to(int fd, uint32_t id, struct memif_offer *offer)
{
	uint64_t deadline = uc_now_ns() + ANSWERS_WITHIN;
	struct memif_msg m = { 0 };

	while (m.type != MEMIF_CONNECT) {
		int with;
		const char *why = memif_receive(fd, &m, &with, deadline);

		if (!why)
			why = memif_offer_take(offer, id, &m, with);
		if (why)
			return why;
		const struct memif_msg answer = { .type = m.type == MEMIF_CONNECT ? MEMIF_CONNECTED
										  : MEMIF_ACK };
		if (!memif_send(fd, &answer, -1))
			return gone;
	}
	return NULL;
}

static const char *greet_client(int fd, uint32_t id, struct memif_offer *offer)
{
	struct memif_msg m = { .type = MEMIF_HELLO, .hello = { .name = "unicore" } };
	const char *why = gone;

	m.hello.min_version = m.hello.max_version = MEMIF_VERSION;
	m.hello.max_region = UC_MEMIF_REGIONS - 1;
	m.hello.max_log2 = UC_MEMIF_LOG2_MAX;
	if (memif_send(fd, &m, -1))
		why = listen_to(fd, id, offer);
	if (!why)
		return NULL;
	m = (struct memif_msg){ .type = MEMIF_DISCONNECT };
	snprintf(m.disconnect.text, sizeof(m.disconnect.text), "%s", why);
	memif_send(fd, &m, -1); /* it may be gone */
	return why;
}

static bool use(struct uc_memif *m, struct memif_offer *offer)
{
	m->layout = offer->layout;
	memcpy(m->region, offer->region, sizeof(m->region));
	m->bell_in = offer->bell[UC_MEMIF_TO_SERVER];
	m->bell_out = offer->bell[UC_MEMIF_TO_CLIENT];
	return (take_bells(m) || make_wakes(m)) && tell_kernel(m);
}

static int accept_peer(const struct uc_memif_opts *o, int listener, struct uc_memif *m)
{
	struct memif_offer offer = { 0 };

	while (m->control < 0) {
		const char *why;
		int fd;

		if (!memif_wait(listener, MEMIF_FOREVER))
			continue;
		fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0 && errno == ECONNABORTED)
			continue;
		if (fd < 0)
			return uc_fail_os(UC_ST_OSERR, o->path, NULL, errno,
					  "cannot accept a peer");
		memif_offer_init(&offer);
		why = greet_client(fd, o->id, &offer);
		if (!why) {
			m->control = fd;
			break;
		}
		uc_warn(o->path, "a peer was refused: %s", why);
		memif_offer_close(&offer);
		close(fd);
	}
	return use(m, &offer)
		       ? 0
		       : uc_fail_os(UC_ST_OSERR, o->path, NULL, errno, "cannot make its channels");
}

static int open_server(const struct uc_memif_opts *o, struct uc_memif *m)
{
	int listener = listen_at(o->path), status;

	if (listener < 0)
		return uc_fail_os(UC_ST_UNAVAILABLE, o->path, NULL, errno, "cannot listen there");
	uc_note(1, "%s: waiting for the peer", o->path);
	status = accept_peer(o, listener, m);
	close(listener);
	if (*o->path != '@')
		unlink(o->path);
	return status;
}

int uc_memif_open(const struct uc_memif_opts *o, struct uc_memif *m)
{
	*m = (struct uc_memif){ .wake_in = -1,
				.wake_out = -1,
				.told = -1,
				.control = -1,
				.bell_in = -1,
				.bell_out = -1,
				.in = -1,
				.out = -1 };
	for (unsigned i = 0; i < UC_MEMIF_REGIONS; i++)
		m->region[i] = -1;
	int status = o->server ? open_server(o, m) : open_client(o, m);
	if (status)
		uc_memif_close(m);
	return status;
}
