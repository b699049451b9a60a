// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_NET_H
#define UC_NET_H
/*
 * The TCP/IP stack as a whole. lwIP has no thread of its own: it runs in system calls and in
 * deferred work, so a caller is alone with it as long as it does not block, which no function of
 * lwIP does.
 * Context: thread.
 */
#include <uc/types.h>

/* Starts the stack on loopback and on every network device. Idempotent. */
void uc_net_start(void);
/* Waits until what was sent is acknowledged, at most some seconds: the machine is about to stop. */
void uc_net_drain(void);
/* How long the peer of a connection may be silent while it owes an answer, in ms, and how often a
 * connection is asked for; 0: as by default. */
struct tcp_pcb;
void uc_net_set_patience(struct tcp_pcb *pcb, uint32_t ms, uint8_t syn_retries);
/* Of a protocol above: is there anything to wait for? NULL: there is no such protocol. */
extern bool (*uc_net_also_unfinished)(void);

/* ---- bound by core/boot: i-th value of the boot parameter net= (uc/abi/bootparam.h), or NULL. */
const char *uc_upcall_net_config(unsigned i);
#endif
