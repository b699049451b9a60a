// SPDX-License-Identifier: BSD-3-Clause
/* Shared folders: one thread each, with a 9P server. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <unicore/p9serve.h>

#include "internal.h"

#define STACK_BYTES (256u << 10)

struct folder {
	struct uc_p9s *session;
	int channel;
};

static void *serve(void *arg)
{
	struct folder *f = arg;

	/* What a client did wrong is answered by the end of its connection. */
	uc_p9s_serve(f->session, f->channel);
	uc_p9s_free(f->session);
	close(f->channel);
	free(f);
	return NULL;
}

/* Every file that the guest knows costs a descriptor. */
static void raise_limit(void)
{
	struct rlimit l;

	if (getrlimit(RLIMIT_NOFILE, &l) == 0 && l.rlim_cur < l.rlim_max) {
		l.rlim_cur = l.rlim_max;
		setrlimit(RLIMIT_NOFILE, &l);
	}
}

int uc_process_serve(int folder_fd, bool ro, int channel)
{
	struct folder *f = malloc(sizeof(*f));
	struct uc_p9s *s = f ? uc_p9s_new(folder_fd, ro) : NULL;
	pthread_attr_t attr;
	pthread_t thread;

	if (!s) {
		free(f);
		close(folder_fd);
		close(channel);
		return -ENOMEM;
	}
	*f = (struct folder){ s, channel };
	raise_limit();
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	int err = pthread_create(&thread, &attr, serve, f);
	pthread_attr_destroy(&attr);
	if (err) {
		uc_p9s_free(s);
		close(channel);
		free(f);
	}
	return -err;
}
