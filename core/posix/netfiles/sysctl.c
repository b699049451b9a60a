// SPDX-License-Identifier: BSD-3-Clause
/* /proc/sys/net: what is so here, in Linux's files. None can be changed. */
#include <lwip/opt.h>
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
	return r < 0 ? r : uc_procfs_add("sys/net/ipv6", v6_bind, UC_ARRAY_SIZE(v6_bind));
}
