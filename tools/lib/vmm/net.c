// SPDX-License-Identifier: BSD-3-Clause
#include <arpa/inet.h>
#include <ctype.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <unicore/cli.h>
#include <unicore/msg.h>
#include <unicore/vmnet.h>

#define DNS_MAX     3u
#define MTU_DEFAULT 1500u
/* What QEMU calls its card. */
#define MAC_DEFAULT "52:54:00:12:34:56"
#define MTU_MIN     576u
#define MTU_MAX     9000u

const char *const uc_net_names[] = { "none", "user", "tap", "packet", "memif", NULL };
static const char port_syntax[] = "write [HOSTIP:]HOSTPORT:GUESTPORT[/tcp|/udp]";

static bool is_port(const char *s, uint16_t *out)
{
	uint64_t v;

	if (uc_parse_uint(s, &v) || v == 0 || v > UINT16_MAX)
		return false;
	*out = (uint16_t)v;
	return true;
}

static bool is_address(int family, const char *s)
{
	unsigned char a[16];

	return inet_pton(family, s, a) == 1;
}

/* "A" or "A/N". */
static bool is_prefix(int family, const char *s, unsigned bits)
{
	const char *slash = strchr(s, '/');
	char *a = uc_xstrndup(s, slash ? (size_t)(slash - s) : strlen(s));
	uint64_t n = 1;
	bool ok = is_address(family, a) &&
		  (!slash || (uc_parse_uint(slash + 1, &n) == 0 && n > 0 && n <= bits));

	free(a);
	return ok;
}

static bool cut_protocol(char *s, bool *udp)
{
	char *slash = strchr(s, '/');

	*udp = false;
	if (!slash)
		return true;
	*slash = 0;
	*udp = !strcmp(slash + 1, "udp");
	return *udp || !strcmp(slash + 1, "tcp");
}

int uc_net_port_parse(const char *spec, struct uc_net_port *out)
{
	char *s = uc_xstrdup(spec), *guest, *host;
	bool ok;

	*out = (struct uc_net_port){ .host = "" };
	ok = cut_protocol(s, &out->udp);
	guest = strrchr(s, ':');
	if (guest)
		*guest++ = 0;
	host = strrchr(s, ':');
	if (host)
		*host++ = 0;
	ok = ok && guest && is_port(guest, &out->to) && is_port(host ? host : s, &out->from);
	if (ok && host) {
		ok = is_address(AF_INET, s);
		if (ok)
			snprintf(out->host, sizeof(out->host), "%s", s);
	}
	free(s);
	return ok ? 0 : uc_fail(UC_ST_USAGE, spec, port_syntax, "not a port mapping");
}

/* "KIND:IFACE": the interface, allocated, or NULL. */
static char *interface_of(const char *net, const char *kind)
{
	size_t n = strlen(kind);
	bool ok = !strncmp(net, kind, n) && net[n] == ':' && net[n + 1] &&
		  strlen(net + n + 1) < IF_NAMESIZE && !strpbrk(net + n + 1, ",/ ");

	return ok ? uc_xstrdup(net + n + 1) : NULL;
}

/* "memif:SOCKET[,server][,id=N]". */
static int parse_memif(const char *net, struct uc_net *n)
{
	char *s = uc_xstrdup(net + strlen("memif:")), *save = NULL;
	bool ok = *s && *s != ',';

	for (char *w = strtok_r(s, ",", &save); ok && w; w = strtok_r(NULL, ",", &save)) {
		uint64_t id = 0;

		if (!n->ifname)
			n->ifname = uc_xstrdup(w);
		else if (!strcmp(w, "server"))
			n->memif_server = true;
		else
			ok = !strncmp(w, "id=", 3) && uc_parse_uint(w + 3, &id) == 0 &&
			     id <= UINT32_MAX;
		if (id)
			n->memif_id = (uint32_t)id;
	}
	free(s);
	n->mode = UC_NET_MEMIF;
	return ok ? 0 : uc_fail(UC_ST_USAGE, net, "write memif:SOCKET[,server][,id=N]",
				"not a network");
}

static int parse_mode(const struct uc_net_spec *s, struct uc_net *n)
{
	const char *net = s->net ? s->net : s->nports ? "user" : "none";

	if (!strcmp(net, "none") || !strcmp(net, "user")) {
		n->mode = *net == 'u' ? UC_NET_USER : UC_NET_NONE;
		return 0;
	}
	if (uc_has_prefix(net, "memif:"))
		return parse_memif(net, n);
	n->mode = UC_NET_TAP;
	n->ifname = interface_of(net, "tap");
	if (n->ifname || !strcmp(net, "tap"))
		return 0;
	n->mode = UC_NET_PACKET;
	n->ifname = interface_of(net, "packet");
	return n->ifname ? 0
			 : uc_fail(UC_ST_USAGE, net,
				   "write none, user, tap, tap:INTERFACE, packet:INTERFACE or "
				   "memif:SOCKET",
				   "not a network");
}

static int check_mode(const struct uc_net_spec *s, const struct uc_net *n)
{
	const char *what = s->ip        ? "--ip"
			   : s->ip6     ? "--ip6"
			   : s->gateway ? "--gateway"
			   : s->ndns    ? "--dns"
					: NULL;

	if (n->mode != UC_NET_USER && s->nports)
		return uc_fail(UC_ST_USAGE, "-p",
			       "leave it out: the guest has an address of its own",
			       "is for --net user only");
	if ((n->mode == UC_NET_NONE || n->mode == UC_NET_USER) && what)
		return uc_fail(UC_ST_USAGE, what, NULL, "is for --net tap, packet and memif only");
	if (n->mode == UC_NET_NONE && (s->mac || s->mtu))
		return uc_fail(UC_ST_USAGE, s->mac ? "--mac" : "--mtu", "add --net",
			       "needs a network");
	return 0;
}

static int parse_addresses(const struct uc_net_spec *s, struct uc_net *n)
{
	if (s->ip && !is_prefix(AF_INET, s->ip, 32))
		return uc_fail(UC_ST_USAGE, s->ip, "write A.B.C.D/BITS", "not an IPv4 address");
	if (s->ip6 && !is_prefix(AF_INET6, s->ip6, 128))
		return uc_fail(UC_ST_USAGE, s->ip6, "write ADDRESS/BITS", "not an IPv6 address");
	if (s->gateway && !is_address(AF_INET, s->gateway))
		return uc_fail(UC_ST_USAGE, s->gateway, "write A.B.C.D", "not an IPv4 address");
	if (s->gateway && !s->ip)
		return uc_fail(UC_ST_USAGE, "--gateway", "add --ip", "needs an address");
	if (s->ndns > DNS_MAX)
		return uc_fail(UC_ST_USAGE, "--dns", NULL, "at most %u name servers", DNS_MAX);
	for (size_t i = 0; i < s->ndns; i++) {
		if (!is_address(AF_INET, s->dns[i]) && !is_address(AF_INET6, s->dns[i]))
			return uc_fail(UC_ST_USAGE, s->dns[i], NULL, "not an IP address");
		uc_vec_add(&n->dns, s->dns[i]);
	}
	n->ip = s->ip ? uc_xstrdup(s->ip) : NULL;
	n->ip6 = s->ip6 ? uc_xstrdup(s->ip6) : NULL;
	n->gateway = s->gateway ? uc_xstrdup(s->gateway) : NULL;
	return 0;
}

static bool is_mac(const char *s)
{
	if (strlen(s) != 17)
		return false;
	for (unsigned i = 0; i < 17; i++)
		if (i % 3 == 2 ? s[i] != ':' : !isxdigit((unsigned char)s[i]))
			return false;
	return !(strtoul((char[]){ s[1], 0 }, NULL, 16) & 1); /* of one station */
}

/* Machines on one network need different addresses; QEMU gives all the same one. */
static void make_mac(char mac[18])
{
	unsigned char r[3] = { 0 };

	if (getrandom(r, sizeof(r), 0) == (ssize_t)sizeof(r))
		snprintf(mac, 18, "52:54:00:%02x:%02x:%02x", r[0], r[1], r[2]);
}

static int parse_link(const struct uc_net_spec *s, struct uc_net *n)
{
	if (s->mac && !is_mac(s->mac))
		return uc_fail(UC_ST_USAGE, s->mac, "write six bytes, as 52:54:00:12:34:56",
			       "not the address of one network card");
	if (s->mac)
		snprintf(n->mac, sizeof(n->mac), "%s", s->mac);
	else if (n->mode != UC_NET_USER)
		make_mac(n->mac);
	if (s->mtu && (s->mtu < MTU_MIN || s->mtu > MTU_MAX))
		return uc_fail(UC_ST_USAGE, "--mtu", NULL, "must be from %u to %u", MTU_MIN,
			       MTU_MAX);
	n->mtu = (uint16_t)s->mtu;
	return 0;
}

int uc_net_parse(const struct uc_net_spec *s, struct uc_net *n)
{
	int status;

	*n = (struct uc_net){ .mode = UC_NET_NONE };
	status = parse_mode(s, n);
	if (!status)
		status = check_mode(s, n);
	if (!status)
		status = parse_addresses(s, n);
	if (!status)
		status = parse_link(s, n);
	n->ports = uc_xzalloc((s->nports + 1) * sizeof(*n->ports));
	for (; !status && n->nports < s->nports; n->nports++)
		status = uc_net_port_parse(s->ports[n->nports], &n->ports[n->nports]);
	return status;
}

void uc_net_free(struct uc_net *n)
{
	free(n->ifname);
	free(n->ip);
	free(n->ip6);
	free(n->gateway);
	free(n->ports);
	uc_vec_free(&n->dns);
	*n = (struct uc_net){ .mode = UC_NET_NONE };
}

char *uc_net_config(const struct uc_net *n)
{
	struct uc_buf b = { 0 };

	if (n->mode == UC_NET_USER)
		uc_buf_printf(&b, "ip=%s/%s,gw=%s,dns=%s", UC_NET_USER_IP, UC_NET_USER_BITS,
			      UC_NET_USER_GATEWAY, UC_NET_USER_DNS);
	else if (n->ip)
		uc_buf_printf(&b, "ip=%s", n->ip);
	else
		uc_buf_str(&b, "dhcp");
	if (n->gateway)
		uc_buf_printf(&b, ",gw=%s", n->gateway);
	if (n->ip6)
		uc_buf_printf(&b, ",ip6=%s", n->ip6);
	for (size_t i = 0; i < n->dns.n; i++)
		uc_buf_printf(&b, ",dns=%s", n->dns.v[i]);
	if (n->mtu)
		uc_buf_printf(&b, ",mtu=%u", n->mtu);
	return b.p;
}

bool uc_net_is_of_process(const struct uc_net *n)
{
	return n->mode == UC_NET_PACKET || n->mode == UC_NET_MEMIF;
}

char *uc_net_process_device(const struct uc_net *n, int fd)
{
	const char *kind = n->mode == UC_NET_USER    ? "stream"
			   : n->mode == UC_NET_MEMIF ? "memif"
						     : "packet";

	return uc_xasprintf("%s,fd=%d,mac=%s,mtu=%u", kind, fd, *n->mac ? n->mac : MAC_DEFAULT,
			    n->mtu ? n->mtu : MTU_DEFAULT);
}

char *uc_net_backend(const struct uc_net *n)
{
	struct uc_buf b = { 0 };

	if (n->mode == UC_NET_TAP) {
		uc_buf_str(&b, "tap,id=n0,script=no,downscript=no");
		if (n->ifname)
			uc_buf_printf(&b, ",ifname=%s", n->ifname);
		return b.p;
	}
	uc_buf_str(&b, "user,id=n0");
	for (size_t i = 0; i < n->nports; i++)
		uc_buf_printf(&b, ",hostfwd=%s:%s:%u-:%u", n->ports[i].udp ? "udp" : "tcp",
			      n->ports[i].host, n->ports[i].from, n->ports[i].to);
	return b.p;
}

char *uc_net_device(const struct uc_net *n)
{
	struct uc_buf b = { 0 };

	uc_buf_str(&b, "netdev=n0");
	if (*n->mac)
		uc_buf_printf(&b, ",mac=%s", n->mac);
	if (n->mtu > 1500)
		uc_buf_printf(&b, ",host_mtu=%u", n->mtu);
	return b.p;
}
