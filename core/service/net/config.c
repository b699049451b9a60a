// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <uc/fmt.h>
#include "net_internal.h"

#define VALUE_MAX 64u

static bool number(const char *s, unsigned max, unsigned *out)
{
	uint64_t n;

	if (uc_parse_u64(s, 10, &n) || n > max)
		return false;
	*out = (unsigned)n;
	return true;
}

/* Splits "A/N": N, or `whole` without a slash. */
static bool prefix_of(char *v, unsigned whole, uint8_t *out)
{
	char *slash = strchr(v, '/');
	unsigned n = whole;

	if (slash) {
		*slash = 0;
		if (!number(slash + 1, whole, &n))
			return false;
	}
	*out = (uint8_t)n;
	return true;
}

static bool set_ip(struct net_config *c, char *v)
{
	if (!prefix_of(v, 32, &c->prefix) || !ip4addr_aton(v, &c->ip))
		return false;
	ip4_addr_set_u32(&c->mask, net_mask4(c->prefix));
	return c->have_ip = true;
}

static bool set(struct net_config *c, const char *key, char *v)
{
	unsigned n;

	if (!strcmp(key, "dhcp"))
		return c->dhcp = true;
	if (!strcmp(key, "ip"))
		return set_ip(c, v);
	if (!strcmp(key, "gw"))
		return c->have_gateway = ip4addr_aton(v, &c->gateway);
	if (!strcmp(key, "ip6"))
		return c->have_ip6 = prefix_of(v, 128, &c->prefix6) && ip6addr_aton(v, &c->ip6);
	if (!strcmp(key, "dns"))
		return c->ndns < NET_NAME_SERVERS && ipaddr_aton(v, &c->dns[c->ndns++]);
	if (!strcmp(key, "mtu") && number(v, UINT16_MAX, &n) && n >= 576) {
		c->mtu = (uint16_t)n;
		return true;
	}
	return false;
}

int net_config_parse(struct net_config *c, const char *text)
{
	char item[VALUE_MAX];
	int r = 0;

	*c = (struct net_config){ .prefix = 32 };
	while (*text) {
		const char *end = strchr(text, ',');
		size_t n = end ? (size_t)(end - text) : strlen(text);
		char *eq;

		if (n >= sizeof(item))
			return -EINVAL;
		memcpy(item, text, n);
		item[n] = 0;
		eq = strchr(item, '=');
		if (eq)
			*eq = 0;
		if (!set(c, item, eq ? eq + 1 : item + n))
			r = -EINVAL;
		text += n + (end != NULL);
	}
	return r;
}
