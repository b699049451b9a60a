// SPDX-License-Identifier: BSD-3-Clause
/* Wake-ups between a peer that has made eventfds and the kernel. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include <unicore/memif.h>
#include <unicore/msg.h>

#define STACK_BYTES (64u << 10)

/* False: nobody rings there any more. */
static bool forward(int from, int to)
{
	const uint64_t one = 1;
	uint64_t rung[64];
	ssize_t n = read(from, rung, sizeof(rung));

	if (n > 0)
		n = write(to, &one, sizeof(one));
	return n > 0 || (n < 0 && errno == EAGAIN);
}

static void *serve(void *arg)
{
	struct uc_memif *m = arg;
	struct pollfd p[] = { { .fd = m->control, .events = POLLIN },
			      { .fd = m->bell_in, .events = POLLIN },
			      { .fd = m->out, .events = POLLIN } };

	while (poll(p, 3, -1) >= 0 || errno == EINTR) {
		/* After the handshake there is but one message, that of the end. */
		if (p[0].revents || (p[1].revents && !forward(m->bell_in, m->in)) ||
		    (p[2].revents && !forward(m->out, m->bell_out)))
			break;
	}
	uc_memif_close(m);
	free(m);
	return NULL;
}

int uc_memif_serve(struct uc_memif *m)
{
	if (m->in < 0) /* the connection lasts as long as this process */
		return 0;

	struct uc_memif *mine = malloc(sizeof(*mine));
	pthread_attr_t attr;
	pthread_t thread;
	int err = mine ? 0 : ENOMEM;

	if (mine)
		*mine = *m;
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	if (!err)
		err = pthread_create(&thread, &attr, serve, mine);
	pthread_attr_destroy(&attr);
	if (!err)
		return 0;
	free(mine);
	uc_memif_close(m);
	return uc_fail_os(UC_ST_OSERR, "memif", NULL, err, "cannot look after the connection");
}
