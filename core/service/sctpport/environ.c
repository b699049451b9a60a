// SPDX-License-Identifier: BSD-3-Clause
/* What usrsctp asks of a C library and of its operating system, and its start. */
#include "port.h"
#include <netinet/sctp_bsd_addr.h>
#include <netinet/sctp_callout.h>
#include <netinet/sctp_var.h>
#include <netinet/sctputil.h>
#include <uc/fmt.h>
#include <uc/net.h>
#include <uc/random.h>
#include <uc/sched.h>
#include <uc/sctp.h>
#include <uc/time.h>

int ip_defttl = 64;
int ipport_firstauto = 32768, ipport_lastauto = 60999; /* net.ipv4.ip_local_port_range */
u_short ip_id;

int *__errno_location(void)
{
	static int value; /* nobody blocks between setting and reading it */

	return &value;
}

/* Only differences of it are of interest. */
int gettimeofday(struct timeval *restrict tv, void *restrict tz)
{
	uc_nsec now = uc_time_mono();

	tv->tv_sec = (long)(now / 1000000000u);
	tv->tv_usec = (long)(now % 1000000000u / 1000u);
	return 0;
}

int snprintf(char *restrict s, size_t n, const char *restrict format, ...)
{
	va_list ap;
	int r;

	va_start(ap, format);
	r = uc_vsnprintf(s, n, format, ap);
	va_end(ap);
	return r;
}

void init_random(void)
{
}

void read_random(void *buf, size_t n)
{
	uc_random_bytes(buf, n);
}

int timingsafe_bcmp(const void *a, const void *b, size_t n)
{
	const uint8_t *p = a, *q = b;
	uint8_t differ = 0;

	while (n--)
		differ |= *p++ ^ *q++;
	return differ != 0;
}

/* ---- its threads are deferred work and timers ---- */
int sctp_userspace_thread_create(userland_thread_t *t, start_routine_t start)
{
	*t = 1;
	return 0;
}

void sctp_userspace_set_threadname(const char *name)
{
}

void sctp_start_timer_thread(void)
{
}

void recv_thread_init(void)
{
}

static void iterate(void *arg)
{
	if (!TAILQ_EMPTY(&sctp_it_ctl.iteratorhead))
		sctp_iterator_worker();
}

int pthread_cond_broadcast(pthread_cond_t *c)
{
	static struct uc_defer work = { .fn = iterate };

	if (c == &sctp_it_ctl.iterator_wakeup)
		uc_defer_raise(&work);
	return 0;
}

/* Addresses come by uc_sctp_addresses. */
int getifaddrs(struct ifaddrs **list)
{
	return -1;
}

void freeifaddrs(struct ifaddrs *list)
{
}

unsigned if_nametoindex(const char *name)
{
	return 0;
}

/* Associations that are being closed. */
static bool unfinished(void)
{
	return SCTP_BASE_INFO(ipi_count_asoc) != 0;
}

int uc_sctp_start(void)
{
	static bool started;

	if (started)
		return 0;
	uc_net_start();
	if (!sctp_ip_start())
		return -ENOMEM;
	started = true;
	sctp_init(0, NULL, NULL, 0);
	SCTP_BASE_SYSCTL(sctp_no_csum_on_loopback) = 0;
	uc_sctp_addresses();
	uc_net_also_unfinished = unfinished;
	return 0;
}
