// SPDX-License-Identifier: BSD-3-Clause
// What programs can learn about interfaces, addresses and routes: C library, netlink, ioctls,
// files.
#define _GNU_SOURCE
#include "check.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static void print_address(const struct sockaddr *a)
{
	char text[INET6_ADDRSTRLEN] = "-";

	if (a && a->sa_family == AF_INET)
		inet_ntop(AF_INET, &((struct sockaddr_in *)a)->sin_addr, text, sizeof(text));
	if (a && a->sa_family == AF_INET6)
		inet_ntop(AF_INET6, &((struct sockaddr_in6 *)a)->sin6_addr, text, sizeof(text));
	printf(" %s", text);
}

static void interfaces(void)
{
	struct if_nameindex *names = if_nameindex();
	struct ifaddrs *all, *i;

	CHECK(names);
	for (struct if_nameindex *n = names; n && n->if_index; n++)
		printf("%u %s\n", n->if_index, n->if_name);
	if_freenameindex(names);
	CHECK(if_nametoindex("lo") == 1);
	CHECK_ERR((long)if_nametoindex("none0") - 1, ENODEV);
	CHECK(getifaddrs(&all) == 0);
	for (i = all; i; i = i->ifa_next) {
		printf("%s %d %x", i->ifa_name, i->ifa_addr ? i->ifa_addr->sa_family : -1,
		       i->ifa_flags);
		print_address(i->ifa_addr);
		print_address(i->ifa_netmask);
		printf("\n");
	}
	freeifaddrs(all);
}

static void resolver(void)
{
	struct addrinfo hint = { .ai_flags = AI_ADDRCONFIG | AI_PASSIVE,
				 .ai_socktype = SOCK_STREAM };
	struct addrinfo *a = NULL;

	printf("%s\n", gai_strerror(getaddrinfo(NULL, "80", &hint, &a)));
	for (struct addrinfo *i = a; i; i = i->ai_next)
		printf("family %d\n", i->ai_family);
	if (a)
		freeaddrinfo(a);
	hint.ai_flags = AI_NUMERICHOST | AI_ADDRCONFIG;
	printf("%s\n", gai_strerror(getaddrinfo("::1", "80", &hint, &a)));
}

static void ioctls(void)
{
	struct ifreq r = { .ifr_name = "lo" };
	int s = socket(AF_INET, SOCK_DGRAM, 0), u = socket(AF_UNIX, SOCK_STREAM, 0);

	CHECK(ioctl(s, SIOCGIFFLAGS, &r) == 0);
	printf("flags %x\n", r.ifr_flags);
	CHECK(ioctl(s, SIOCGIFMTU, &r) == 0 && r.ifr_mtu == 65536);
	CHECK(ioctl(u, SIOCGIFINDEX, &r) == 0 && r.ifr_ifindex == 1);
	CHECK(ioctl(s, SIOCGIFNAME, &r) == 0 && !strcmp(r.ifr_name, "lo"));
	CHECK(ioctl(s, SIOCGIFHWADDR, &r) == 0 && r.ifr_hwaddr.sa_family == ARPHRD_LOOPBACK);
	CHECK(ioctl(s, SIOCGIFNETMASK, &r) == 0);
	print_address(&r.ifr_netmask);
	CHECK(ioctl(s, SIOCGIFTXQLEN, &r) == 0 && r.ifr_qlen == 1000);
	r.ifr_ifindex = 77;
	CHECK_ERR(ioctl(s, SIOCGIFNAME, &r), ENODEV);
	strcpy(r.ifr_name, "none0");
	CHECK_ERR(ioctl(s, SIOCGIFADDR, &r), ENODEV);
	puts("");
	close(s);
	close(u);
}

/* ---- netlink itself ---- */
struct request {
	struct nlmsghdr h;
	struct rtgenmsg g;
	char room[64];
};

static char answer[16384];

static int ask(int s, int type, int flags, int family)
{
	struct request r = { { NLMSG_LENGTH(sizeof(r.g)), (unsigned short)type,
			       (unsigned short)flags, 77, 0 },
			     { (unsigned char)family } };

	return send(s, &r, r.h.nlmsg_len, 0) == (ssize_t)r.h.nlmsg_len ? 0 : -1;
}

static void dump(int s, int type, int expect)
{
	int count = 0, done = 0;

	CHECK(ask(s, type, NLM_F_REQUEST | NLM_F_DUMP, AF_UNSPEC) == 0);
	while (!done) {
		int n = (int)recv(s, answer, sizeof(answer), 0);

		CHECK(n > 0);
		if (n <= 0)
			return;
		for (struct nlmsghdr *h = (void *)answer; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
			CHECK(h->nlmsg_seq == 77 && h->nlmsg_flags & NLM_F_MULTI);
			done |= h->nlmsg_type == NLMSG_DONE;
			if (done)
				continue;
			CHECK(h->nlmsg_type == expect);
			count++;
		}
	}
	CHECK(count > 0);
}

static void error(int s, int type, int flags, int expect)
{
	struct nlmsghdr *h = (void *)answer;
	struct nlmsgerr *e = NLMSG_DATA(h);

	CHECK(ask(s, type, flags, AF_UNSPEC) == 0);
	CHECK(recv(s, answer, sizeof(answer), 0) >= (ssize_t)NLMSG_LENGTH(sizeof(*e)));
	CHECK(h->nlmsg_type == NLMSG_ERROR && e->error == -expect && e->msg.nlmsg_seq == 77);
	if (e->error != -expect)
		printf("type %d: %d, not %d\n", type, e->error, -expect);
}

static void netlink(void)
{
	int s = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), t, v = 1;
	int other = socket(AF_NETLINK, SOCK_DGRAM, NETLINK_ROUTE);
	struct sockaddr_nl a = { .nl_family = AF_NETLINK }, b;
	struct pollfd p = { s, POLLIN | POLLOUT };
	socklen_t n = sizeof(a);

	CHECK(s >= 0 && bind(s, (void *)&a, sizeof(a)) == 0);
	CHECK(getsockname(s, (void *)&a, &n) == 0 && n == sizeof(a) && a.nl_pid == getpid());
	CHECK(bind(other, (void *)&(struct sockaddr_nl){ AF_NETLINK }, sizeof(a)) == 0);
	CHECK(getsockname(other, (void *)&b, &n) == 0 && b.nl_pid && b.nl_pid != a.nl_pid);
	CHECK_ERR(bind(other, (void *)&a, sizeof(a)), EINVAL);
	CHECK_ERR(bind(other, (void *)&a, 4), EINVAL);
	CHECK(poll(&p, 1, 0) == 1 && p.revents == POLLOUT);
	CHECK_ERR(recv(s, answer, sizeof(answer), MSG_DONTWAIT), EAGAIN);
	dump(s, RTM_GETLINK, RTM_NEWLINK);
	dump(s, RTM_GETADDR, RTM_NEWADDR);
	dump(s, RTM_GETROUTE, RTM_NEWROUTE);
	error(s, RTM_GETLINK, NLM_F_REQUEST | NLM_F_ACK, EINVAL);
	error(s, RTM_MAX + 8, NLM_F_REQUEST, EOPNOTSUPP);
	error(s, NLMSG_NOOP, NLM_F_REQUEST | NLM_F_ACK, 0);
	CHECK(ask(s, RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, AF_UNSPEC) == 0);
	CHECK(poll(&p, 1, 0) == 1 && p.revents & POLLIN);
	v = (int)recv(s, answer, 16, MSG_PEEK | MSG_TRUNC);
	CHECK(v > 100 && recv(s, answer, sizeof(answer), 0) == v);
	CHECK(setsockopt(s, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &(int){ RTNLGRP_LINK }, 4) == 0);
	CHECK_ERR(setsockopt(s, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &(int){ 1000 }, 4), EINVAL);
	CHECK_ERR(setsockopt(s, SOL_NETLINK, 99, &v, 4), ENOPROTOOPT);
	CHECK(setsockopt(s, SOL_NETLINK, NETLINK_EXT_ACK, &v, 4) == 0);
	CHECK_ERR(listen(s, 1), EOPNOTSUPP);
	CHECK_ERR(socket(AF_NETLINK, SOCK_STREAM, NETLINK_ROUTE), ESOCKTNOSUPPORT);
	CHECK_ERR(socket(AF_NETLINK, SOCK_RAW, 200), EPROTONOSUPPORT);
	t = socket(AF_NETLINK, SOCK_RAW, NETLINK_KOBJECT_UEVENT);
	CHECK(t >= 0);
	close(t);
	close(s);
	close(other);
}

/* First words of the lines: numbers differ. */
static void head_of(const char *path, int lines)
{
	FILE *f = fopen(path, "r");
	char line[512];

	CHECK(f);
	for (int i = 0; f && i < lines && fgets(line, sizeof(line), f); i++)
		fputs(line, stdout);
	if (f)
		fclose(f);
}

static void value_of(const char *name)
{
	char path[64], text[64] = "";
	int fd;

	snprintf(path, sizeof(path), "/sys/class/net/lo/%s", name);
	fd = open(path, O_RDONLY);
	CHECK(fd >= 0 && read(fd, text, sizeof(text) - 1) > 0);
	printf("%s: %s", name, text);
	close(fd);
}

static void files(void)
{
	head_of("/proc/net/dev", 2);
	head_of("/proc/net/route", 1);
	head_of("/proc/net/tcp", 1);
	head_of("/proc/net/tcp6", 1);
	head_of("/proc/net/udp", 1);
	head_of("/proc/net/udp6", 1);
	head_of("/proc/net/unix", 1);
	head_of("/proc/net/if_inet6", 9);
	head_of("/proc/net/arp", 1);
	value_of("ifindex");
	value_of("flags");
	value_of("mtu");
	value_of("type");
	value_of("address");
	value_of("operstate");
	value_of("addr_len");
	value_of("tx_queue_len");
}

/* A listener and a connection are in /proc/net/tcp with their inodes. */
static void sockets_listed(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(4242) };
	int l = socket(AF_INET, SOCK_STREAM, 0), u = socket(AF_INET, SOCK_DGRAM, 0);
	char line[512];
	FILE *f;

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	CHECK(bind(l, (void *)&a, sizeof(a)) == 0 && listen(l, 3) == 0);
	CHECK(bind(u, (void *)&a, sizeof(a)) == 0);
	f = fopen("/proc/net/tcp", "r");
	while (f && fgets(line, sizeof(line), f))
		if (strstr(line, ":1092 ")) {
			line[strcspn(line, "\n")] = 0;
			line[76] = 0;
			puts(line);
		}
	fclose(f);
	f = fopen("/proc/net/udp", "r");
	while (f && fgets(line, sizeof(line), f))
		if (strstr(line, ":1092 "))
			printf("%.70s\n", strchr(line, ':'));
	fclose(f);
	close(l);
	close(u);
}

int main(void)
{
	interfaces();
	resolver();
	ioctls();
	netlink();
	files();
	sockets_listed();
	return check_done();
}
