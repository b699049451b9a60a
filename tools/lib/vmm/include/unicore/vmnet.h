// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_VMNET_H
#define UNICORE_VMNET_H
/*
 * A machine's network card and what is at its other end. Functions print their message and return a
 * UC_ST_* status, 0 for success.
 */
#include <stdbool.h>
#include <stdint.h>

#include <unicore/util.h>

enum uc_net_mode { UC_NET_NONE, UC_NET_USER, UC_NET_TAP, UC_NET_PACKET, UC_NET_MEMIF };
extern const char *const uc_net_names[];

/* A port of the host that leads to one of the guest. */
struct uc_net_port {
	char host[16];     /* address to listen on; "": every one */
	uint16_t from, to; /* host's, guest's */
	bool udp;
};
struct uc_net {
	enum uc_net_mode mode;
	char *ifname; /* of a tap; NULL: made for the run. packet: the interface; memif: socket */
	bool memif_server;
	uint32_t memif_id;
	char mac[18]; /* "": the emulator's, or the same for a process */
	/* The guest's addresses as for the boot parameter net=; NULL or 0: by itself */
	char *ip, *ip6, *gateway;
	struct uc_vec dns;
	uint16_t mtu;
	struct uc_net_port *ports;
	size_t nports;
};
/* What the user wrote, as strings; NULL: not given. */
struct uc_net_spec {
	const char *net, *mac, *ip, *ip6, *gateway;
	const char *const *ports, *const *dns;
	size_t nports, ndns;
	uint64_t mtu;
};
/* Decodes and checks it: --net none|user|tap[:IFACE]|packet:IFACE|memif:SOCKET[,server][,id=N],
 * -p [HOSTIP:]HOST:GUEST[/tcp|/udp]. */
int uc_net_parse(const struct uc_net_spec *s, struct uc_net *out);
void uc_net_free(struct uc_net *n);
/* Whether only a kernel that is a process can have it. */
bool uc_net_is_of_process(const struct uc_net *n);
int uc_net_port_parse(const char *spec, struct uc_net_port *out);
/* Value of the boot parameter net=. Allocated. */
char *uc_net_config(const struct uc_net *n);
/* The guest's addresses in a user network, which its other end must know. */
#define UC_NET_USER_IP      "10.0.2.15"
#define UC_NET_USER_BITS    "24"
#define UC_NET_USER_GATEWAY "10.0.2.2"
#define UC_NET_USER_DNS     "10.0.2.3"
/* Value of the boot parameter netdev= for descriptor fd. Allocated. */
char *uc_net_process_device(const struct uc_net *n, int fd);
/* Values of the emulator's options -netdev and of its device's properties. Allocated. */
char *uc_net_backend(const struct uc_net *n);
char *uc_net_device(const struct uc_net *n);
#endif
