// SPDX-License-Identifier: BSD-3-Clause
/* /proc/sys/net: what is so here, in Linux's files. Only those of SCTP can be changed. */
#include <lwip/opt.h>
#include <uc/sctp.h>
#include "netfiles.h"

static ssize_t text(char *buf, size_t cap, const char *s)
{
	struct uc_text t = { buf, cap, 0 };

	uc_text_printf(&t, "%s\n", s);
	return (ssize_t)t.len;
}

static NETFILES_SHOW(show_zero)
{
	return text(buf, cap, "0");
}
static NETFILES_SHOW(show_one)
{
	return text(buf, cap, "1");
}
static NETFILES_SHOW(show_buffer)
{
	return text(buf, cap, "212992");
}
static NETFILES_SHOW(show_tcp_buffer)
{
	return text(buf, cap, "4096\t262144\t262144");
}
static NETFILES_SHOW(show_ports)
{
	return text(buf, cap, "49152\t65535");
}
static NETFILES_SHOW(show_ping)
{
	return text(buf, cap, "0\t2147483647");
}
static NETFILES_SHOW(show_ttl)
{
	return text(buf, cap, "64");
}
static NETFILES_SHOW(show_reno)
{
	return text(buf, cap, "reno");
}
static NETFILES_SHOW(show_keep_idle)
{
	return text(buf, cap, "7200");
}
static NETFILES_SHOW(show_keep_intvl)
{
	return text(buf, cap, "75");
}
static NETFILES_SHOW(show_keep_count)
{
	return text(buf, cap, "9");
}

/* ---- net.sctp, where the µlib is linked ---- */
__attribute__((weak)) unsigned uc_sctp_setting(enum uc_sctp_setting which);
__attribute__((weak)) int uc_sctp_set(enum uc_sctp_setting which, unsigned value);

static ssize_t show_sctp(char *buf, size_t cap, enum uc_sctp_setting which)
{
	struct uc_text t = { buf, cap, 0 };

	uc_text_printf(&t, "%u\n", uc_sctp_setting(which));
	return (ssize_t)t.len;
}

static ssize_t store_sctp(const char *text, size_t n, enum uc_sctp_setting which)
{
	uint64_t value;
	int r = uc_pseudo_parse(text, UINT16_MAX, &value);

	if (r == 0)
		r = uc_sctp_set(which, (unsigned)value);
	return r < 0 ? r : (ssize_t)n;
}

static NETFILES_SHOW(show_udp_port)
{
	return show_sctp(buf, cap, UC_SCTP_UDP_PORT);
}
static NETFILES_SHOW(show_encap_port)
{
	return show_sctp(buf, cap, UC_SCTP_ENCAP_PORT);
}
static ssize_t store_udp_port(const char *text, size_t n, const struct uc_pseudo_key *k)
{
	return store_sctp(text, n, UC_SCTP_UDP_PORT);
}
static ssize_t store_encap_port(const char *text, size_t n, const struct uc_pseudo_key *k)
{
	return store_sctp(text, n, UC_SCTP_ENCAP_PORT);
}

static int add_sctp(void)
{
	static struct uc_pseudo_entry sctp[] = {
		{ .name = "encap_port",
		  .mode = S_IFREG | 0644,
		  .show = show_encap_port,
		  .store = store_encap_port },
		{ .name = "udp_port",
		  .mode = S_IFREG | 0644,
		  .show = show_udp_port,
		  .store = store_udp_port },
	};

	return uc_sctp_set ? uc_procfs_add("sys/net/sctp", sctp, UC_ARRAY_SIZE(sctp)) : 0;
}

int netfiles_add_sysctl(void)
{
	static struct uc_pseudo_entry core[] = {
		NETFILES_ENTRY("rmem_default", show_buffer),
		NETFILES_ENTRY("rmem_max", show_buffer),
		NETFILES_ENTRY("wmem_default", show_buffer),
		NETFILES_ENTRY("wmem_max", show_buffer),
	};
	static struct uc_pseudo_entry v4[] = {
		NETFILES_ENTRY("ip_default_ttl", show_ttl),
		NETFILES_ENTRY("ip_forward", show_zero),
		NETFILES_ENTRY("ip_local_port_range", show_ports),
		NETFILES_ENTRY("ping_group_range", show_ping),
		NETFILES_ENTRY("tcp_available_congestion_control", show_reno),
		NETFILES_ENTRY("tcp_congestion_control", show_reno),
		NETFILES_ENTRY("tcp_fastopen", show_zero),
		NETFILES_ENTRY("tcp_keepalive_intvl", show_keep_intvl),
		NETFILES_ENTRY("tcp_keepalive_probes", show_keep_count),
		NETFILES_ENTRY("tcp_keepalive_time", show_keep_idle),
		NETFILES_ENTRY("tcp_rmem", show_tcp_buffer),
		NETFILES_ENTRY("tcp_sack", show_one),
		NETFILES_ENTRY("tcp_syncookies", show_zero),
		NETFILES_ENTRY("tcp_timestamps", show_one),
		NETFILES_ENTRY("tcp_window_scaling", show_one),
		NETFILES_ENTRY("tcp_wmem", show_tcp_buffer),
	};
	static struct uc_pseudo_entry v6[] = { NETFILES_ENTRY("disable_ipv6", show_zero) };
	static struct uc_pseudo_entry v6_default[] = { NETFILES_ENTRY("disable_ipv6", show_zero) };
	static struct uc_pseudo_entry v6_bind[] = { NETFILES_ENTRY("bindv6only", show_zero) };
	int r = uc_procfs_add("sys/net/core", core, UC_ARRAY_SIZE(core));

	if (r == 0)
		r = uc_procfs_add("sys/net/ipv4", v4, UC_ARRAY_SIZE(v4));
	if (r == 0)
		r = uc_procfs_add("sys/net/ipv6/conf/all", v6, UC_ARRAY_SIZE(v6));
	if (r == 0)
		r = uc_procfs_add("sys/net/ipv6/conf/default", v6_default,
				  UC_ARRAY_SIZE(v6_default));
	if (r == 0)
		r = uc_procfs_add("sys/net/ipv6", v6_bind, UC_ARRAY_SIZE(v6_bind));
	return r < 0 ? r : add_sctp();
}
