// SPDX-License-Identifier: BSD-3-Clause
/* snmp: lwIP's counters of RFC 1213 and their names as Linux has them; netstat has none. */
#include <lwip/priv/tcp_priv.h>
#include <lwip/stats.h>
#include "netfiles.h"

struct counter {
	const char *name;
	const u32_t *value; /* NULL: `constant` */
	int constant;
};
#define MIB(x) &lwip_stats.mib2.x

static void put(struct uc_text *t, const char *group, const struct counter *c, unsigned n)
{
	uc_text_printf(t, "%s:", group);
	for (unsigned i = 0; i < n; i++)
		uc_text_printf(t, " %s", c[i].name);
	uc_text_printf(t, "\n%s:", group);
	for (unsigned i = 0; i < n; i++) {
		if (c[i].value)
			uc_text_printf(t, " %u", *c[i].value);
		else
			uc_text_printf(t, " %d", c[i].constant);
	}
	uc_text_printf(t, "\n");
}

static const struct counter ip[] = {
	{ "Forwarding", NULL, 2 },
	{ "DefaultTTL", NULL, 64 },
	{ "InReceives", MIB(ipinreceives), 0 },
	{ "InHdrErrors", MIB(ipinhdrerrors), 0 },
	{ "InAddrErrors", MIB(ipinaddrerrors), 0 },
	{ "ForwDatagrams", MIB(ipforwdatagrams), 0 },
	{ "InUnknownProtos", MIB(ipinunknownprotos), 0 },
	{ "InDiscards", MIB(ipindiscards), 0 },
	{ "InDelivers", MIB(ipindelivers), 0 },
	{ "OutRequests", MIB(ipoutrequests), 0 },
	{ "OutDiscards", MIB(ipoutdiscards), 0 },
	{ "OutNoRoutes", MIB(ipoutnoroutes), 0 },
	{ "ReasmTimeout", NULL, 0 },
	{ "ReasmReqds", MIB(ipreasmreqds), 0 },
	{ "ReasmOKs", MIB(ipreasmoks), 0 },
	{ "ReasmFails", MIB(ipreasmfails), 0 },
	{ "FragOKs", MIB(ipfragoks), 0 },
	{ "FragFails", MIB(ipfragfails), 0 },
	{ "FragCreates", MIB(ipfragcreates), 0 },
};
static const struct counter icmp[] = {
	{ "InMsgs", MIB(icmpinmsgs), 0 },
	{ "InErrors", MIB(icmpinerrors), 0 },
	{ "InCsumErrors", NULL, 0 },
	{ "InDestUnreachs", MIB(icmpindestunreachs), 0 },
	{ "InTimeExcds", MIB(icmpintimeexcds), 0 },
	{ "InParmProbs", MIB(icmpinparmprobs), 0 },
	{ "InSrcQuenchs", MIB(icmpinsrcquenchs), 0 },
	{ "InRedirects", MIB(icmpinredirects), 0 },
	{ "InEchos", MIB(icmpinechos), 0 },
	{ "InEchoReps", MIB(icmpinechoreps), 0 },
	{ "InTimestamps", MIB(icmpintimestamps), 0 },
	{ "InTimestampReps", MIB(icmpintimestampreps), 0 },
	{ "InAddrMasks", MIB(icmpinaddrmasks), 0 },
	{ "InAddrMaskReps", MIB(icmpinaddrmaskreps), 0 },
	{ "OutMsgs", MIB(icmpoutmsgs), 0 },
	{ "OutErrors", MIB(icmpouterrors), 0 },
	{ "OutDestUnreachs", MIB(icmpoutdestunreachs), 0 },
	{ "OutTimeExcds", MIB(icmpouttimeexcds), 0 },
	{ "OutEchos", MIB(icmpoutechos), 0 },
	{ "OutEchoReps", MIB(icmpoutechoreps), 0 },
};
static const struct counter udp[] = {
	{ "InDatagrams", MIB(udpindatagrams), 0 },
	{ "NoPorts", MIB(udpnoports), 0 },
	{ "InErrors", MIB(udpinerrors), 0 },
	{ "OutDatagrams", MIB(udpoutdatagrams), 0 },
	{ "RcvbufErrors", NULL, 0 },
	{ "SndbufErrors", NULL, 0 },
	{ "InCsumErrors", NULL, 0 },
	{ "IgnoredMulti", NULL, 0 },
	{ "MemErrors", NULL, 0 },
};

static void put_tcp(struct uc_text *t)
{
	const u32_t *none = NULL;
	u32_t established = 0;
	const struct counter tcp[] = {
		{ "RtoAlgorithm", none, 1 },
		{ "RtoMin", none, 200 },
		{ "RtoMax", none, 120000 },
		{ "MaxConn", none, -1 },
		{ "ActiveOpens", MIB(tcpactiveopens), 0 },
		{ "PassiveOpens", MIB(tcppassiveopens), 0 },
		{ "AttemptFails", MIB(tcpattemptfails), 0 },
		{ "EstabResets", MIB(tcpestabresets), 0 },
		{ "CurrEstab", &established, 0 },
		{ "InSegs", MIB(tcpinsegs), 0 },
		{ "OutSegs", MIB(tcpoutsegs), 0 },
		{ "RetransSegs", MIB(tcpretranssegs), 0 },
		{ "InErrs", MIB(tcpinerrs), 0 },
		{ "OutRsts", MIB(tcpoutrsts), 0 },
		{ "InCsumErrors", none, 0 },
	};

	for (const struct tcp_pcb *p = tcp_active_pcbs; p; p = p->next)
		established += p->state == ESTABLISHED || p->state == CLOSE_WAIT;
	put(t, "Tcp", tcp, UC_ARRAY_SIZE(tcp));
}

static NETFILES_SHOW(show_snmp)
{
	struct uc_text t = { buf, cap, 0 };

	put(&t, "Ip", ip, UC_ARRAY_SIZE(ip));
	put(&t, "Icmp", icmp, UC_ARRAY_SIZE(icmp));
	put_tcp(&t);
	put(&t, "Udp", udp, UC_ARRAY_SIZE(udp));
	return (ssize_t)t.len;
}

static NETFILES_SHOW(show_netstat)
{
	struct uc_text t = { buf, cap, 0 };
	const struct counter none[] = { { "ListenOverflows", NULL, 0 },
					{ "ListenDrops", NULL, 0 } };

	put(&t, "TcpExt", none, UC_ARRAY_SIZE(none));
	return (ssize_t)t.len;
}

int netfiles_add_counters(void)
{
	static struct uc_pseudo_entry e[] = {
		NETFILES_ENTRY("snmp", show_snmp),
		NETFILES_ENTRY("netstat", show_netstat),
	};

	return uc_procfs_add("net", e, UC_ARRAY_SIZE(e));
}
