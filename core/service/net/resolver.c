// SPDX-License-Identifier: BSD-3-Clause
/* Name servers, and the two files that a C library reads for names, where the image has none. */
#include <lwip/ip_addr.h>
#include <lwip/pbuf.h>
#include <uc/fmt.h>
#include <uc/vfs.h>
#include "net_internal.h"

static ip_addr_t servers[NET_NAME_SERVERS];
static unsigned nservers;

void net_name_server(const ip_addr_t *a)
{
	if (nservers < NET_NAME_SERVERS)
		servers[nservers++] = *a;
}

/* The option of a DHCP answer that has them, four bytes each (RFC 2132, 3.8). */
void uc_lwip_name_servers(const struct pbuf *p, unsigned offset, unsigned len)
{
	ip_addr_t a;
	uint32_t v;

	nservers = 0;
	for (unsigned i = 0; i + 4 <= len; i += 4) {
		if (pbuf_copy_partial(p, &v, 4, (u16_t)(offset + i)) != 4)
			return;
		ip_addr_set_ip4_u32_val(a, v);
		net_name_server(&a);
	}
}

/* Leaves alone what is there. */
static void provide(const char *path, char *text, size_t n)
{
	struct uc_fsctx *fs = uc_upcall_fsctx();
	struct uc_file *f = uc_vfs_open(fs, NULL, path, O_WRONLY | O_CREAT | O_EXCL, 0644);
	struct uc_iovec v;
	struct uc_iter it;
	uint64_t pos = 0;

	if (UC_IS_ERR(f))
		return;
	uc_iter_kernel(&it, &v, text, n);
	uc_file_write(f, &it, &pos);
	uc_file_unref(f);
}

void net_write_etc(void)
{
	char hosts[] = "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n";
	char text[NET_NAME_SERVERS * (IPADDR_STRLEN_MAX + 16)], name[IPADDR_STRLEN_MAX];
	size_t n = 0;

	uc_vfs_mkdir_p("/etc", 0755);
	for (unsigned i = 0; i < nservers; i++) {
		ipaddr_ntoa_r(&servers[i], name, sizeof(name));
		n += (size_t)uc_snprintf(text + n, sizeof(text) - n, "nameserver %s\n", name);
	}
	if (n)
		provide("/etc/resolv.conf", text, n);
	provide("/etc/hosts", hosts, sizeof(hosts) - 1);
}
